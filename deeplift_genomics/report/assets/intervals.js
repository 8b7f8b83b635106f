// Charts of what was measured several times: numbers with intervals.

// the marks of a row: a shape for each, beside its colour
const MARKS = {
  best: (svg, x, y) => add(svg, "circle", { class: "dot best", cx: x, cy: y, r: 5 }),
  tied: (svg, x, y) => add(svg, "circle", { class: "dot tied", cx: x, cy: y, r: 4.5 }),
  behind: (svg, x, y) => add(svg, "circle", { class: "dot", cx: x, cy: y, r: 3 }),
  unranked: (svg, x, y) => add(svg, "path", { class: "dot unranked", d: `M${x - 4.5} ${y}L${x} ${y - 4.5}L${x + 4.5} ${y}L${x} ${y + 4.5}Z` }),
};

// Return a text that fits into a width, with an ellipsis where it is cut.
function fitted(text, width) {
  const room = Math.floor(width / 6.2);
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}

// {labels, values, low, high, marks, xlabel}: a row for each label, with a dot and the
// interval of its value; `marks` are names of `MARKS`.
kinds.dots = (svg, data) => {
  const { width } = sizeOf(svg), longest = Math.max(...data.labels.map((text) => text.length));
  const left = Math.min(Math.max(40, longest * 6.6 + 10), width * 0.48);
  const range = rangeOf([...data.values, ...data.low, ...data.high]);
  // values that are all alike stand in the middle
  const least = (Math.abs(range.high) || 1) * 0.02, more = Math.max(0, least - (range.high - range.low));
  const { low, high } = wider({ low: range.low - more, high: range.high + more });
  const chart = axes(svg, { low, high, label: data.xlabel }, { low: 0, high: data.labels.length, ticks: [] }, { left, right: 14 });
  const row = (chart.bottom - chart.top) / data.labels.length;
  if (low < 0 && high > 0) add(svg, "line", { class: "mark", x1: px(chart.toX(0)), x2: px(chart.toX(0)), y1: chart.top, y2: chart.bottom });
  data.labels.forEach((text, index) => {
    const y = px(chart.top + (index + 0.5) * row), mark = data.marks[index];
    add(svg, "line", { class: "grid", x1: left, x2: chart.right, y1: y, y2: y });
    add(svg, "text", { class: `tick end${mark === "best" || mark === "tied" ? " strong" : ""}`, x: left - 8, y: y + 4 }, fitted(text, left - 12));
    if (data.values[index] === null) return;
    if (data.low[index] !== null) {
      add(svg, "line", { class: "interval", x1: px(chart.toX(data.low[index])), x2: px(chart.toX(data.high[index])), y1: y, y2: y });
    }
    MARKS[mark](svg, px(chart.toX(data.values[index])), y);
  });
};

// {of, own, xlabel, ylabel}: the curve of one method with its band, in front of those of the others. `of`
// names {x, names, low, high, log, series: [{label, values, low, high, bound}]}, which all curves of a
// metric share; a `bound` is drawn dashed; `names` stand for the places of x, as many as there is room for.
kinds.curve = (svg, data) => {
  const shared = numbers[data.of], own = shared.series[data.own];
  const place = shared.log ? (value) => Math.log10(value) : (value) => value;
  const ends = rangeOf(shared.x.map(place)), { toX, toY, left, right, top, bottom } = axes(svg,
    { ...ends, label: data.xlabel, ticks: shared.log || shared.names ? [] : undefined },
    { low: shared.low, high: shared.high, label: data.ylabel, ticks: ticksOf(shared.low, shared.high, 3) }, { left: 48 });
  const chart = { toX: (value) => toX(place(value)), toY };
  if (shared.log || shared.names) namesBelow(svg, chart, shared, { left, right, bottom });
  if (own.low.some((value) => value !== null)) add(svg, "path", { class: "band", d: bandOf(chart, shared.x, own) });
  const order = shared.series.map((item, index) => [item, index]).filter(([, index]) => index !== data.own);
  order.sort(([one], [other]) => Boolean(one.bound) - Boolean(other.bound));
  for (const [item] of order) {
    drawCurve(svg, chart, shared.x, { values: item.values, css: `series ${item.bound ?? "other"}` });
  }
  drawCurve(svg, chart, shared.x, { values: own.values, css: "series own", points: true });
  if (shared.low < 0 && shared.high > 0) add(svg, "line", { class: "axis", x1: left, x2: right, y1: px(toY(0)), y2: px(toY(0)) });
};

// Write the names of the places of x under the axis, without those for which there is no room.
function namesBelow(svg, chart, { x, names }, { left, right, bottom }) {
  let free = left - 20;
  x.forEach((value, index) => {
    const at = px(chart.toX(value)), text = names?.[index] ?? textOf(value), half = text.length * 3.2;
    add(svg, "line", { class: "axis", x1: at, x2: at, y1: bottom, y2: bottom + 4 });
    if (at - half < free || at + half > right + 10) return;
    add(svg, "text", { class: "tick middle", x: at, y: bottom + 15 }, text);
    free = at + half + 4;
  });
}

// Return the outline of a band between the lower and the upper ends of a curve's intervals.
function bandOf(chart, x, { low, high }) {
  const known = x.map((value, index) => [value, low[index], high[index]]).filter(([, bottom]) => bottom !== null);
  const there = known.map(([value, , upper]) => `${px(chart.toX(value))} ${px(chart.toY(upper))}`);
  const back = known.reverse().map(([value, lower]) => `${px(chart.toX(value))} ${px(chart.toY(lower))}`);
  return `M${[...there, ...back].join("L")}Z`;
}

// Draw a curve, with gaps where values are missing.
function drawCurve(svg, chart, x, { values, css, points = false }) {
  let pen = "M", dots = "";
  const path = values.map((value, index) => {
    if (value === null) { pen = "M"; return ""; }
    const at = `${px(chart.toX(x[index]))} ${px(chart.toY(value))}`, part = `${pen}${at}`;
    dots += `M${at}h0`;
    pen = "L";
    return part;
  });
  add(svg, "path", { class: css, d: path.join("") });
  if (points) add(svg, "path", { class: "places", d: dots });
}
