// Both alleles of a variant above each other, and their difference. Numbers, for each column of the
// alignment: {letters: [reference, alternative] with - for a gap, values: [[...], [...]], difference,
// error (or null), places (or null)}; `changed` is the first column of the variant and the end;
// `marks` are motifs over an allele's letters, on `levels` of lines; left, row and mark are pixels.
const ALLELES = ["REF", "ALT"];

kinds.alleles = (svg, data) => {
  const { width } = sizeOf(svg), n = data.letters[0].length, column = (width - data.left - 4) / n;
  const scale = rangeOf([...data.values[0], ...data.values[1]], 0);
  const box = { left: data.left, column };
  let top = 0;
  const bands = [0, 1].map((allele) => {
    const above = top;
    top += data.levels[allele] * data.mark + data.row;
    return { above, top: above + data.levels[allele] * data.mark + 6, bottom: top - 16, text: top - 5 };
  });
  const last = { top: top + 8, bottom: top + data.row - 4 }, [from, to] = data.changed;
  add(svg, "rect", { class: "variant", x: px(data.left + from * column), y: 0, width: px((to - from) * column), height: last.bottom });
  bands.forEach((band, allele) => {
    const toY = scaleOf(scale.low, scale.high, band.bottom, band.top);
    rowAxis(svg, data, { ...band, ...scale, toY, name: ALLELES[allele] });
    stackLetters(svg, heightsOf(data.letters[allele], data.values[allele]), { ...box, toY });
    basesOf(svg, data.letters[allele], box, band.text);
    data.marks.filter((mark) => mark.allele === allele).forEach((mark) => drawMark(svg, mark, box, band.above, data.mark));
  });
  drawDifference(svg, data, box, last);
  drawPlaces(svg, data, box, last.bottom);
  toMiddle(svg, data.left + ((from + to) / 2) * column);
};

// Return the heights of a line of letters, base by base.
function heightsOf(letters, values) {
  return [...letters].map((letter, index) => [...LETTERS].map((base) => (base === letter ? values[index] : 0)));
}

// Draw the name, the ticks and the zero line of a row.
function rowAxis(svg, data, row) {
  const { width } = sizeOf(svg), middle = (row.top + row.bottom) / 2, zero = px(row.toY(0));
  add(svg, "text", { class: "label middle", transform: `translate(11 ${px(middle)}) rotate(-90)` }, row.name);
  const ticks = ticksOf(row.low, row.high, 2);
  for (const value of ticks) {
    add(svg, "text", { class: "tick end", x: data.left - 5, y: px(Math.min(row.toY(value) + 4, row.bottom + 4)) }, textOf(value, ticks[1] - ticks[0]));
  }
  add(svg, "line", { class: "axis", x1: data.left, x2: width - 4, y1: zero, y2: zero });
}

// Write the bases of an allele below its letters, also those that contribute nothing; a gap is a dash.
function basesOf(svg, letters, box, y) {
  [...letters].forEach((letter, index) => {
    const x = px(box.left + (index + 0.5) * box.column);
    add(svg, "text", { class: `base middle${letter === "-" ? " gap" : ""}`, x, y }, letter === "-" ? "–" : letter);
  });
}

// Scroll the place of a drawing that is narrower than it, so that the variant is in its middle.
function toMiddle(svg, x) {
  const place = svg.closest(".wide");
  if (place && place.scrollWidth > place.clientWidth) place.scrollLeft = x - place.clientWidth / 2;
}

function drawMark(svg, mark, box, above, height) {
  const x = (index) => px(box.left + index * box.column), y = above + mark.level * height + height;
  add(svg, "line", { class: `motif ${mark.status}`, x1: x(mark.first), x2: x(mark.last), y1: y, y2: y });
  add(svg, "text", { class: `motif ${mark.status}`, x: x(mark.text_at), y: y - 3 }, mark.text);
}

// Draw the differences as bars, each with a line of one standard error either way.
function drawDifference(svg, data, box, place) {
  const errors = data.error ?? data.difference.map(() => 0);
  const ends = data.difference.flatMap((value, index) => [value - errors[index], value + errors[index]]);
  const { low, high } = rangeOf(ends, 0), toY = scaleOf(low, high, place.bottom, place.top);
  rowAxis(svg, data, { ...place, low, high, toY, name: "ALT − REF" });
  data.difference.forEach((value, index) => {
    const x = box.left + index * box.column, tall = Math.abs(toY(value) - toY(0));
    if (tall >= 0.3) add(svg, "rect", { class: `fill ${value > 0 ? "up" : "down"}`, x: px(x + box.column * 0.12), y: px(Math.min(toY(value), toY(0))), width: px(box.column * 0.76), height: px(tall) });
    if (tall >= 0.3 && errors[index]) add(svg, "line", { class: "error", x1: px(x + box.column / 2), x2: px(x + box.column / 2), y1: px(toY(value - errors[index])), y2: px(toY(value + errors[index])) });
  });
}

// Write the positions on the chromosome: of the variant's first base, and every 20 bases from it.
function drawPlaces(svg, data, box, bottom) {
  const middle = data.places.slice(data.changed[0]).find((place) => place !== null);
  const { width } = sizeOf(svg);
  data.places.forEach((place, index) => {
    if (place === null || middle === undefined || (place - middle) % 20) return;
    const x = px(box.left + (index + 0.5) * box.column), text = place.toLocaleString("en"), half = text.length * 3.2;
    add(svg, "line", { class: "axis", x1: x, x2: x, y1: bottom, y2: bottom + 4 });
    if (x - half > box.left - 30 && x + half < width) add(svg, "text", { class: "tick middle", x, y: bottom + 15 }, text);
  });
}
