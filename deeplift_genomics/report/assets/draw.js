"use strict";
// What all drawings share. A drawing is an empty svg element with a viewBox and a name; its numbers
// are under that name in the page's JSON. `kinds` has a function for each kind of drawing, which fills
// the element: see logos.js and charts.js. Colours are given by classes, in style.css.
const SVG = "http://www.w3.org/2000/svg";
const kinds = {};
const numbers = JSON.parse(document.getElementById("data").textContent);

// Append an SVG element of that name to a parent, and return it.
function add(parent, name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes ?? {})) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
}

// Return the width and height in which a drawing is made, whatever its size on the page.
function sizeOf(svg) {
  const { width, height } = svg.viewBox.baseVal;
  return { width, height };
}

// Return round numbers from low to high, about as many as asked for: 1, 2 or 5 times a power of 10 apart.
function ticksOf(low, high, about = 4) {
  if (!(high > low)) return [low];
  const power = 10 ** Math.floor(Math.log10((high - low) / about));
  const between = (step) => [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  const far = (step) => Math.abs(between(step)[1] - between(step)[0] + 1 - about);
  const step = [1, 2, 5, 10].map((factor) => factor * power).sort((a, b) => far(a) - far(b))[0];
  const [first, last] = between(step);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

// Return a number as text, with as many digits as tell it from others that are a step apart.
function textOf(value, step = 0) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) {
    const places = step ? Math.max(0, Math.floor(Math.log10(size)) - Math.floor(Math.log10(Math.abs(step)) + 1e-9)) : 1;
    const [mantissa, exponent] = value.toExponential(Math.min(places, 6)).split("e");
    return `${mantissa.replace(/\.0+$/, "")}e${Number(exponent)}`.replace(/-/g, "−");
  }
  const digits = step ? Math.max(0, -Math.floor(Math.log10(Math.abs(step)) + 1e-9)) : 2;
  return value.toLocaleString("en", { maximumFractionDigits: digits }).replace("-", "−");
}

// Return a function from a value to its place between two pixels.
function scaleOf(low, high, from, to) {
  const span = high - low || 1;
  return (value) => from + ((value - low) / span) * (to - from);
}

// Return a number for a path: a tenth of a pixel is all that can be seen.
const px = (value) => Math.round(value * 10) / 10;

// Draw both axes of a chart with their ticks and labels; return the scales and the box of the chart.
// x, y: {low, high, label, ticks}
function axes(svg, x, y, margins = {}) {
  const { width, height } = sizeOf(svg);
  const box = { left: 46, right: 10, top: 8, bottom: 36, ...margins };
  const right = width - box.right, bottom = height - box.bottom;
  const toX = scaleOf(x.low, x.high, box.left, right), toY = scaleOf(y.low, y.high, bottom, box.top);
  const rows = y.ticks ?? ticksOf(y.low, y.high), columns = x.ticks ?? ticksOf(x.low, x.high, 5);
  for (const value of rows) {
    add(svg, "line", { class: "grid", x1: box.left, x2: right, y1: px(toY(value)), y2: px(toY(value)) });
    add(svg, "text", { class: "tick end", x: box.left - 5, y: px(toY(value)) + 4 }, textOf(value, rows[1] - rows[0]));
  }
  for (const value of columns) {
    add(svg, "line", { class: "axis", x1: px(toX(value)), x2: px(toX(value)), y1: bottom, y2: bottom + 4 });
    add(svg, "text", { class: "tick middle", x: px(toX(value)), y: bottom + 15 }, textOf(value, columns[1] - columns[0]));
  }
  add(svg, "line", { class: "axis", x1: box.left, x2: right, y1: bottom, y2: bottom });
  if (x.label) add(svg, "text", { class: "label middle", x: (box.left + right) / 2, y: height - 4 }, x.label);
  if (y.label) {
    const turn = `translate(11 ${(box.top + bottom) / 2}) rotate(-90)`;
    add(svg, "text", { class: "label middle", transform: turn }, y.label);
  }
  return { toX, toY, left: box.left, right, top: box.top, bottom };
}

// Return the smallest and largest of some numbers, without those that are missing.
function rangeOf(values, ...more) {
  let low = Infinity, high = -Infinity;
  for (const value of [...more, ...values]) {
    if (value === null || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : { low: 0, high: 1 };
}
