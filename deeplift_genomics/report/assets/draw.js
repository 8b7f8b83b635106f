"use strict";
// Drawings of a page, made from its numbers. `kinds` has a function for each kind: it fills an empty
// svg element from the numbers that Python gave.
const SVG = "http://www.w3.org/2000/svg";
const LETTERS = "ACGT";
// outlines of the letters in a box of 100 by 100
const GLYPHS = {
  A: "M0 100L38 0H62L100 100H79L70 75H30L21 100ZM36 58H64L50 19Z",
  C: "M99 33C95 11 78 0 53 0 20 0 0 20 0 50s20 50 53 50c25 0 42-11 46-33L79 63c-4 14-12 21-27 21C33 84 21 72 21 50S33 16 52 16c15 0 23 7 27 21Z",
  G: "M97 31C92 11 77 0 53 0 20 0 0 20 0 50s20 50 53 50c19 0 34-7 45-19V45H54v16h25v13c-7 7-15 10-26 10C33 84 21 72 21 50S33 16 53 16c14 0 22 6 25 18Z",
  T: "M0 0H100V17H60V100H40V17H0Z",
};

function add(parent, name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
}

// Draw a letter from `low` to `high` (pixels, downwards) in a column; `upset` hangs it upside down.
function letter(parent, name, x, width, low, high) {
  const glyph = add(parent, "path", { d: GLYPHS[name], class: "letter " + name });
  glyph.setAttribute("transform", `translate(${x} ${low}) scale(${width / 100} ${(high - low) / 100})`);
}

const kinds = {
  // heights: a row of A C G T for each position; low, high: the range of the axis
  logo(svg, data) {
    const column = 12, height = data.height || 60;
    const { heights } = data;
    const sums = heights.flatMap((row) => [
      row.reduce((sum, value) => sum + Math.max(value, 0), 0),
      row.reduce((sum, value) => sum + Math.min(value, 0), 0),
    ]);
    const high = data.high ?? Math.max(...sums, 0), low = data.low ?? Math.min(...sums, 0);
    const scale = height / (high - low || 1), axis = high * scale;
    svg.setAttribute("viewBox", `0 0 ${heights.length * column} ${height}`);
    heights.forEach((row, position) => {
      const order = [0, 1, 2, 3].sort((a, b) => Math.abs(row[a]) - Math.abs(row[b]));
      let up = axis, down = axis;
      for (const base of order) {
        const size = Math.abs(row[base]) * scale;
        if (size < 0.2) continue;
        if (row[base] > 0) letter(svg, LETTERS[base], position * column, column, up - size, (up -= 0, up));
        else letter(svg, LETTERS[base], position * column, column, down, down + size);
        if (row[base] > 0) up -= size; else down += size;
      }
    });
    add(svg, "line", { x1: 0, x2: heights.length * column, y1: axis, y2: axis, class: "axis" });
  },
};
