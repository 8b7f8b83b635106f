// Logos. Numbers: {heights: [[a, c, g, t], ...], low, high, unit, start}: a row for each position; `low`
// and `high` are the range of the axis, if it is not that of the heights; with a `unit` the axis is drawn.
// {frequencies: [[a, c, g, t], ...]} in place of heights are drawn as information, in bits.
// `found: true` says that the numbers are turned against how the motif was found.
const LETTERS = "ACGT";
// outlines in a box of 100 by 100; each number pair is x y, so that a scale applies to every second one
const GLYPHS = {
  A: "M0 100 L38 0 L62 0 L100 100 L79 100 L70 75 L30 75 L21 100 Z M36 58 L64 58 L50 19 Z",
  C: "M99 33 C95 11 78 0 53 0 C20 0 0 20 0 50 C0 80 20 100 53 100 C78 100 95 89 99 67 L79 63 C75 77 67 84 52 84 C33 84 21 72 21 50 C21 28 33 16 52 16 C67 16 75 23 79 37 Z",
  G: "M97 31 C92 11 77 0 53 0 C20 0 0 20 0 50 C0 80 20 100 53 100 C72 100 87 93 98 81 L98 45 L54 45 L54 61 L79 61 L79 74 C72 81 64 84 53 84 C33 84 21 72 21 50 C21 28 33 16 53 16 C67 16 75 22 78 34 Z",
  T: "M0 0 L100 0 L100 17 L60 17 L60 100 L40 100 L40 17 L0 17 Z",
};
const OUTLINES = Object.fromEntries(Object.entries(GLYPHS).map(([name, path]) => [name, path.split(" ")]));

// Return the path of a letter that fills a box; letters below an axis stand upright, too.
function outline(name, x, y, width, height) {
  let column = true;
  return OUTLINES[name].map((part) => {
    if (part === "Z") return part;
    const command = /^[A-Z]/.test(part) ? part[0] : "", value = Number(part.slice(command.length));
    const place = column ? x + (value * width) / 100 : y + (value * height) / 100;
    column = !column;
    return `${command}${Math.round(place * 100) / 100}`;
  }).join(" ");
}

// Draw stacked letters into a box, the largest farthest from the axis; one path for each base.
// box: {left, top, column (width of one), toY (from a height to a pixel)}
function stackLetters(parent, heights, box) {
  const paths = { A: [], C: [], G: [], T: [] };
  heights.forEach((row, position) => {
    const order = [0, 1, 2, 3].sort((a, b) => Math.abs(row[a]) - Math.abs(row[b]));
    let up = 0, down = 0;
    for (const base of order) {
      const value = row[base], from = value > 0 ? up : down, y = box.toY(Math.max(from, from + value));
      const height = box.toY(Math.min(from, from + value)) - y;
      if (value > 0) up += value; else down += value;
      if (height < 0.3) continue;
      const name = LETTERS[base], x = box.left + position * box.column;
      paths[name].push(outline(name, x + box.column * 0.03, y, box.column * 0.94, height));
    }
  });
  for (const name of LETTERS) if (paths[name].length) add(parent, "path", { class: `letter ${name}`, d: paths[name].join("") });
}

// Return the rows of the opposite strand.
const turned = (rows) => rows.map((row) => [...row].reverse()).reverse();

// Return frequencies as heights: the information of a position, shared out among its bases.
function information(frequencies) {
  return frequencies.map((row) => {
    const bits = row.reduce((sum, p) => sum + (p > 0 ? p * Math.log2(p) : 0), 2);
    return row.map((p) => p * bits);
  });
}

// Return the lowest and the highest stack of letters.
function stacksOf(heights) {
  const sum = (row, sign) => row.reduce((total, value) => total + (value * sign > 0 ? value : 0), 0);
  return { low: Math.min(0, ...heights.map((row) => sum(row, -1))), high: Math.max(0, ...heights.map((row) => sum(row, 1))) };
}

kinds.logo = (svg, data) => {
  const { width, height } = sizeOf(svg);
  const all = data.frequencies ? information(data.frequencies) : data.heights;
  const heights = svg.dataset.turned ? turned(all) : all;
  const stacks = stacksOf(heights), low = data.low ?? stacks.low;
  const high = data.high ?? (data.frequencies ? 2 : stacks.high) ?? 1;
  const left = data.unit ? 48 : 0, bottom = data.unit ? height - 16 : height, top = data.unit ? 6 : 0;
  const column = (width - left) / heights.length, toY = scaleOf(low, high, bottom, top);
  if (data.unit) logoAxes(svg, { low, high, toY, left, column, bottom, unit: data.unit, n: heights.length });
  stackLetters(svg, heights, { left, column, toY });
  add(svg, "line", { class: "axis", x1: left, x2: width, y1: px(toY(0)), y2: px(toY(0)) });
};

// Draw the axis of a large logo: its unit, a few ticks, and the positions counted from 1.
function logoAxes(svg, axis) {
  const ticks = ticksOf(axis.low, axis.high, 2);
  for (const value of ticks) {
    const y = px(axis.toY(value));
    add(svg, "text", { class: "tick end", x: axis.left - 5, y: y + 4 }, textOf(value, ticks[1] - ticks[0]));
  }
  const turn = `translate(10 ${axis.bottom / 2}) rotate(-90)`;
  add(svg, "text", { class: "label middle", transform: turn }, axis.unit);
  const every = axis.n > 30 ? 10 : 5;
  for (let position = 1; position <= axis.n; position += 1) {
    if (position !== 1 && position % every) continue;
    const x = axis.left + (position - 0.5) * axis.column;
    add(svg, "text", { class: "tick middle", x: px(x), y: axis.bottom + 13 }, String(position));
  }
}
