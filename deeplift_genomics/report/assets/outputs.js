// The map of a locus: contributions of bases (left to right) to positions of the output (upwards).
// {contig, bases: [first, last], outputs: [first, last], rows: a text for each row, a letter for each
// cell, of which the middle one is 0; steps: letters on either side; most: value of the last one;
// track: mean over the positions, for each column}
kinds.outputs = (svg, data) => {
  const { width, height } = sizeOf(svg), track = 70, legend = 22;
  const chart = axes(
    svg,
    { low: data.bases[0], high: data.bases[1] },
    { low: data.outputs[0], high: data.outputs[1] },
    { left: 86, top: legend + 8, bottom: track + 46, right: 30 },
  );
  const columns = data.rows[0].length;
  const step = { x: (chart.right - chart.left) / columns, y: (chart.bottom - chart.top) / data.rows.length };
  const paths = {};
  data.rows.forEach((row, index) => {
    const top = px(chart.bottom - (index + 1) * step.y), high = px(chart.bottom - index * step.y) - top;
    for (let from = 0, to; from < columns; from = to) {
      for (to = from + 1; to < columns && row[to] === row[from]; to++);
      const level = row.charCodeAt(from) - 97 - data.steps;
      if (!level) continue;
      const left = px(chart.left + from * step.x), wide = px(chart.left + to * step.x) - left;
      (paths[level] ??= []).push(`M${left} ${top}h${px(wide)}v${px(high)}h${px(-wide)}z`);
    }
  });
  const colour = (level) => ({ class: `fill ${level < 0 ? "down" : "up"}`, "fill-opacity": Math.abs(level) / data.steps });
  for (const [level, path] of Object.entries(paths)) add(svg, "path", { ...colour(level), d: path.join("") });
  add(svg, "path", { class: "axis frame", d: `M${chart.left} ${chart.top}V${chart.bottom}` });

  // the colours, on top
  const box = 9, middle = (chart.left + chart.right) / 2 - box / 2;
  for (let level = -data.steps; level <= data.steps; level++) {
    const x = middle + level * box;
    add(svg, "rect", { ...(level ? colour(level) : { class: "empty" }), x, y: 4, width: box, height: 10 });
  }
  const ends = [[-data.steps * box - 6, "end", `≤ ${textOf(-data.most)}`], [(data.steps + 1) * box + 6, "", `≥ ${textOf(data.most)}`]];
  for (const [x, css, text] of ends) add(svg, "text", { class: `tick ${css}`, x: middle + x, y: 13 }, text);

  // the mean over the positions, below
  const top = chart.bottom + 26, bottom = top + track, range = rangeOf(data.track, 0);
  const toY = scaleOf(range.low, range.high, bottom, top);
  for (const css of ["up", "down"]) {
    const bars = data.track.map((value, index) => {
      if (css === "up" ? value <= 0 : value >= 0) return "";
      return `M${px(chart.left + index * step.x)} ${px(toY(0))}h${px(step.x)}V${px(toY(value))}h${px(-step.x)}z`;
    });
    add(svg, "path", { class: `fill ${css}`, d: bars.join("") });
  }
  add(svg, "line", { class: "axis", x1: chart.left, x2: chart.right, y1: px(toY(0)), y2: px(toY(0)) });
  for (const value of [range.low, range.high]) {
    if (value) add(svg, "text", { class: "tick end", x: chart.left - 5, y: px(toY(value)) + 4 }, textOf(value));
  }
  const labels = [[(chart.top + chart.bottom) / 2, "position of the output"], [(top + bottom) / 2, "mean"]];
  for (const [y, text] of labels) {
    add(svg, "text", { class: "label middle", transform: `translate(11 ${y}) rotate(-90)` }, text);
  }
  add(svg, "text", { class: "label middle", x: (chart.left + chart.right) / 2, y: height - 4 }, `base, ${data.contig}`);
};
