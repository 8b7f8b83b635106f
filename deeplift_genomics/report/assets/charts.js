// Charts. A label of an axis names its unit.

// {start, step, counts, xlabel, ylabel, small, mark}: the first bin begins at `start`; `mark` is a place
// to show, such as the summit; a small one, for a table's cell, has no ticks but its ends and the mark.
kinds.histogram = (svg, data) => {
  const { width, height } = sizeOf(svg);
  const end = data.start + data.step * data.counts.length, high = Math.max(1, ...data.counts);
  let chart;
  if (data.small) {
    chart = { toX: scaleOf(data.start, end, 0, width), toY: scaleOf(0, high, height - 13, 1), bottom: height - 13, top: 0 };
    add(svg, "line", { class: "axis", x1: 0, x2: width, y1: chart.bottom, y2: chart.bottom });
    add(svg, "text", { class: "tick", x: 0, y: height - 2 }, textOf(data.start, 1));
    add(svg, "text", { class: "tick end", x: width, y: height - 2 }, textOf(end, 1));
  } else {
    const x = { low: data.start, high: end, label: data.xlabel };
    chart = axes(svg, x, { low: 0, high, label: data.ylabel });
  }
  const bars = data.counts.map((count, index) => {
    const from = chart.toX(data.start + index * data.step), to = chart.toX(data.start + (index + 1) * data.step);
    return count ? `M${px(from)} ${chart.bottom}V${px(chart.toY(count))}H${px(Math.max(to - 0.4, from + 0.4))}V${chart.bottom}Z` : "";
  });
  add(svg, "path", { class: "fill", d: bars.join("") });
  if (data.mark !== undefined) markAt(svg, chart, data);
};

// Draw a dashed line at a place of a histogram; a small one has its number under it, if there is space.
function markAt(svg, chart, data) {
  const x = px(chart.toX(data.mark));
  add(svg, "line", { class: "mark", x1: x, x2: x, y1: chart.top, y2: chart.bottom });
  const { width, height } = sizeOf(svg);
  if (data.small && x > 30 && x < width - 30) add(svg, "text", { class: "tick middle", x, y: height - 2 }, textOf(data.mark, 1));
}

// Return a range with some space at its ends.
const wider = ({ low, high }) => ({ low: low - (high - low || 1) * 0.03, high: high + (high - low || 1) * 0.03 });

// {labels, values, low, high, xlabel}: a row for each label; `low` and `high`, if given, are the ends of
// the intervals of the values.
kinds.bars = (svg, data) => {
  const { width, height } = sizeOf(svg);
  const longest = Math.max(...data.labels.map((text) => text.length));
  const left = Math.min(Math.max(40, longest * 6.6 + 10), width * 0.45);
  const x = { ...wider(rangeOf([...data.values, ...(data.low ?? []), ...(data.high ?? [])], 0)), label: data.xlabel };
  const chart = axes(svg, x, { low: 0, high: data.labels.length, ticks: [] }, { left });
  const row = (chart.bottom - chart.top) / data.labels.length;
  data.labels.forEach((text, index) => {
    const y = chart.top + index * row, value = data.values[index], middle = px(y + row / 2);
    const room = Math.floor((left - 10) / 6.2);
    const shown = text.length > room ? `${text.slice(0, room - 1)}…` : text;
    add(svg, "text", { class: "tick end", x: left - 6, y: middle + 4 }, shown);
    if (value === null) return;
    const from = Math.min(chart.toX(0), chart.toX(value)), size = Math.abs(chart.toX(value) - chart.toX(0));
    add(svg, "rect", { class: value < 0 ? "fill down" : "fill up", x: px(from), y: px(y + row * 0.18), width: px(size), height: px(row * 0.64) });
    if (data.low) add(svg, "line", { class: "interval", x1: px(chart.toX(data.low[index])), x2: px(chart.toX(data.high[index])), y1: middle, y2: middle });
  });
  add(svg, "line", { class: "axis", x1: px(chart.toX(0)), x2: px(chart.toX(0)), y1: chart.top, y2: chart.bottom });
};

// {x, y, xlabel, ylabel, diagonal}: both axes have the same range if the diagonal is drawn.
kinds.scatter = (svg, data) => {
  let x = rangeOf(data.x), y = rangeOf(data.y);
  if (data.diagonal) x = y = rangeOf([], x.low, x.high, y.low, y.high);
  const ticks = data.diagonal ? ticksOf(x.low, x.high) : undefined;
  const chart = axes(svg, { ...wider(x), label: data.xlabel, ticks }, { ...wider(y), label: data.ylabel, ticks });
  if (data.diagonal) add(svg, "line", { class: "mark", x1: chart.left, x2: chart.right, y1: chart.bottom, y2: chart.top });
  const points = data.x.map((value, index) => {
    if (value === null || data.y[index] === null) return "";
    return `M${px(chart.toX(value))} ${px(chart.toY(data.y[index]))}h0`;
  });
  add(svg, "path", { class: data.x.length > 400 ? "points many" : "points", d: points.join("") });
};

// {start, step, xlabel, ylabel, series: [{label, values}], lanes}: lines over one axis; with `lanes` each
// has a lane of its own, and all have one range.
kinds.line = (svg, data) => {
  const n = Math.max(...data.series.map((item) => item.values.length));
  const x = { low: data.start ?? 0, high: (data.start ?? 0) + (data.step ?? 1) * Math.max(n - 1, 1), label: data.xlabel };
  const y = rangeOf(data.series.flatMap((item) => item.values), 0), count = data.lanes ? data.series.length : 1;
  const { height } = sizeOf(svg), each = (height - 36) / count;
  for (let lane = 0; lane < count; lane += 1) {
    const last = lane === count - 1, margins = { top: 20 + lane * each, bottom: 36 + (count - 1 - lane) * each };
    const chart = axes(svg, { ...x, ticks: last ? undefined : [], label: last ? x.label : "" },
      { ...y, label: data.ylabel, ticks: ticksOf(y.low, y.high, count > 1 ? 2 : 4) }, margins);
    let end = chart.right;
    (data.lanes ? [data.series[lane]] : data.series).forEach((item, index) => {
      const css = `series series-${(data.lanes ? lane : index) % 6}`;
      drawLine(svg, chart, { ...data, values: item.values, css });
      add(svg, "text", { class: `label end ${css}`, x: end, y: chart.top - 7 }, item.label ?? "");
      end -= (item.label ?? "").length * 7 + 14;
    });
  }
};

// Draw one line of a chart, with gaps where values are missing.
function drawLine(svg, chart, { values, start = 0, step = 1, css }) {
  let pen = "M";
  const path = values.map((value, position) => {
    if (value === null) { pen = "M"; return ""; }
    const part = `${pen}${px(chart.toX(start + position * step))} ${px(chart.toY(value))}`;
    pen = "L";
    return part;
  });
  add(svg, "path", { class: css, d: path.join("") });
}

// {rows, columns, values, low, high, unit}: a cell for each pair; negative values have the other colour,
// missing ones stay empty. `texts` writes the numbers into the cells.
kinds.heat = (svg, data) => {
  const { width, height } = sizeOf(svg);
  const longest = (labels) => Math.max(0, ...labels.map((text) => Math.min(text.length, 24)));
  const left = longest(data.rows) * 6.4 + 8, steep = data.columns.some((text) => text.length > 4);
  const top = steep ? longest(data.columns) * 5.2 + 8 : 18;
  const cell = { width: (width - left - (steep ? 24 : 0)) / data.columns.length, height: (height - top) / data.rows.length };
  const most = Math.max(Math.abs(data.low ?? 0), Math.abs(data.high ?? 0)) ||
    Math.max(...data.values.flat().map((value) => Math.abs(value ?? 0))) || 1;
  const short = (text) => (text.length > 24 ? `${text.slice(0, 23)}…` : text);
  data.columns.forEach((text, index) => {
    const x = px(left + (index + 0.5) * cell.width);
    const place = steep ? { transform: `translate(${x} ${top - 5}) rotate(-50)` } : { x, y: top - 5, class: "tick middle" };
    add(svg, "text", { class: "tick", ...place }, short(text));
  });
  data.rows.forEach((text, row) => {
    const y = top + row * cell.height;
    add(svg, "text", { class: "tick end", x: left - 5, y: px(y + cell.height / 2 + 4) }, short(text));
    data.values[row].forEach((value, column) => {
      const x = left + column * cell.width, box = { x: px(x), y: px(y), width: px(cell.width - 1), height: px(cell.height - 1) };
      if (value === null) { add(svg, "rect", { class: "empty", ...box }); return; }
      const share = Math.min(1, Math.abs(value) / most);
      const rect = add(svg, "rect", { class: `fill ${value < 0 ? "down" : "up"}${data.texts ? " under" : ""}`, "fill-opacity": px(share * 10) / 10, ...box });
      add(rect, "title", {}, `${text}, ${data.columns[column]}: ${textOf(value)}${data.unit ? ` ${data.unit}` : ""}`);
      if (data.texts) add(svg, "text", { class: "tick middle strong", x: px(x + cell.width / 2), y: px(y + cell.height / 2 + 4) }, textOf(value));
    });
  });
};
