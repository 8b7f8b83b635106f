// Drawings and files of motifs.

// A known motif under a pattern, letter under letter. Numbers: {over (the drawing of the pattern's logo),
// under (base frequencies of the known motif as it is drawn), offset (base of the pattern at which it
// begins), names (of both)}
kinds.aligned = (svg, data) => {
  const { width, height } = sizeOf(svg), over = numbers[data.over];
  const upper = over.frequencies ? information(over.frequencies) : over.heights;
  const first = Math.min(0, data.offset), last = Math.max(upper.length, data.offset + data.under.length);
  const column = width / (last - first), middle = height / 2;
  const places = svg.dataset.turned
    ? { upper: last - upper.length, lower: last - data.offset - data.under.length }
    : { upper: -first, lower: data.offset - first };
  const turn = svg.dataset.turned ? turned : (rows) => rows;
  const shared = {
    from: Math.max(places.upper, places.lower),
    to: Math.min(places.upper + upper.length, places.lower + data.under.length),
  };
  add(svg, "rect", { class: "shared", x: shared.from * column, y: 0, width: Math.max(0, shared.to - shared.from) * column, height });
  const stacks = over.frequencies ? { low: 0, high: 2 } : stacksOf(upper);
  const high = over.frequencies ? 2 : stacks.high, toY = scaleOf(stacks.low, high, middle - 14, 2);
  stackLetters(svg, turn(upper), { left: places.upper * column, column, toY });
  const below = scaleOf(0, 2, height - 14, middle + 2);
  stackLetters(svg, turn(information(data.under)), { left: places.lower * column, column, toY: below });
  for (const y of [toY(0), below(0)]) add(svg, "line", { class: "axis", x1: 0, x2: width, y1: px(y), y2: px(y) });
  data.names.forEach((text, index) => add(svg, "text", { class: "tick", x: 0, y: index ? height - 3 : middle - 3 }, text));
};

// Distances of two motifs, in two lanes: the same orientation, and opposite ones.
// {start, step, counts: [[...], [...]], expected: [[...], [...]], labels: [..., ...], xlabel}
kinds.spacing = (svg, data) => {
  const { width, height } = sizeOf(svg), end = data.start + data.step * data.counts[0].length;
  const high = Math.max(1, ...data.counts.flat(), ...data.expected.flat());
  const toX = scaleOf(data.start, end, 24, width - 4), lane = (height - 16) / 2;
  data.counts.forEach((counts, index) => {
    const bottom = (index + 1) * lane, toY = scaleOf(0, high, bottom, bottom - lane + 12);
    const bars = counts.map((count, bin) => {
      if (!count) return "";
      const from = toX(data.start + bin * data.step), to = toX(data.start + (bin + 1) * data.step);
      return `M${px(from)} ${px(bottom)}V${px(toY(count))}H${px(to - 0.4)}V${px(bottom)}Z`;
    });
    add(svg, "path", { class: "fill", d: bars.join("") });
    const line = data.expected[index].map((value, bin) => `${bin ? "L" : "M"}${px(toX(data.start + (bin + 0.5) * data.step))} ${px(toY(value))}`);
    add(svg, "path", { class: "series series-1", d: line.join("") });
    add(svg, "line", { class: "axis", x1: 24, x2: width - 4, y1: px(bottom), y2: px(bottom) });
    add(svg, "text", { class: "tick", x: 26, y: px(bottom - lane + 10) }, data.labels[index]);
    add(svg, "text", { class: "tick end", x: 21, y: px(toY(high)) + 6 }, String(Math.round(high)));
  });
  for (const [value, css] of [[data.start, "tick"], [0, "tick middle"], [-data.start, "tick end"]]) {
    add(svg, "text", { class: css, x: px(toX(value + 0.5)), y: height - 3 }, textOf(value, 1));
  }
  add(svg, "line", { class: "mark", x1: px(toX(0.5)), x2: px(toX(0.5)), y1: 2, y2: 2 * lane });
};

// The places of a motif as BED6; the drawing of their positions holds them:
// places: {contigs: [...], name, rows: [[contig, start, width, minus, score], ...]}
formats.bed = (svg) => {
  const { contigs, name, rows } = numbers[svg.dataset.plot].places;
  const lines = rows.map(([contig, start, width, minus, score]) =>
    [clean(contigs[contig]), start, start + width, clean(name), score, minus ? "-" : "+"].join("\t"));
  return `${lines.join("\n")}\n`;
};
