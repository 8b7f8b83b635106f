// The picture of a locus: lanes below each other, as wide as the page, drawn into an svg element.
// view: {start, end}, bases of the locus, also fractions of them. scale: "locus" gives each lane the range of
// this locus, or {low, high} for each lane.
class LocusPicture {
  constructor(svg, locus, lanes, { width, view, ranges, cursor }) {
    Object.assign(this, { svg, locus, lanes, width, view, cursor });
    this.ranges = ranges ?? locus.lanes;
    this.small = width < 560;
    const numbers = [...this.ranges.flatMap(({ low, high }) => [low, high]), ...locus.tracks.map(({ high }) => high)];
    this.left = 10 + 6.4 * Math.max(3, ...numbers.map((value) => inDigits(value, 2).length));
    this.right = width - 14;
    this.column = (this.right - this.left) / (view.end - view.start);
    this.toX = scaleOf(view.start, view.end, this.left, this.right);
    this.first = Math.max(0, Math.floor(view.start));
    this.last = Math.min(locus.length, Math.ceil(view.end));
  }

  // Return the pixel of a position, or that of the end of the lanes that is nearest.
  at(position) {
    return px(Math.min(Math.max(this.toX(position), this.left), this.right));
  }

  // Write a text from `x` on, cut if the picture has no room for it.
  write(parent, properties, text) {
    const most = Math.floor((this.right + 10 - properties.x) / 6.3);
    return add(parent, "text", properties, text.length > most ? `${text.slice(0, Math.max(0, most - 1))}…` : text);
  }

  // Return the pixels a base at which the whole locus is shown.
  get least() {
    return (this.right - this.left) / this.locus.length;
  }

  draw() {
    this.svg.replaceChildren();
    const clip = add(this.svg, "clipPath", { id: `${this.svg.dataset.plot}-clip` });
    const box = add(clip, "rect", { x: this.left, y: 0, width: this.right - this.left });
    const behind = add(this.svg, "g"), inside = add(this.svg, "g", { "clip-path": `url(#${clip.id})` });
    let top = this.ruler(0, inside);
    const from = top;
    this.lanes.forEach((lane, index) => { top = this.contributions(lane, index, top, behind, inside); });
    this.locus.tracks.forEach((track) => { top = this.track(track, top, inside); });
    if (this.locus.data.genes) top = this.genes(this.locus.data.genes, top, inside);
    if (this.cursor !== null && this.cursor !== undefined) this.mark(this.cursor, from, top, behind);
    box.setAttribute("height", top);
    behind.setAttribute("clip-path", `url(#${clip.id})`);
    const height = Math.ceil(top + 2);
    for (const [name, value] of [["viewBox", `0 0 ${this.width} ${height}`], ["width", this.width], ["height", height]]) this.svg.setAttribute(name, value);
    return height;
  }

  // Draw the positions, and the bases below them; return where the next lane begins.
  ruler(top, inside) {
    const about = (this.right - this.left) / (this.small ? 105 : 130), { start } = this.locus.data;
    add(this.svg, "line", { class: "axis", x1: this.left, x2: this.right, y1: top + 22, y2: top + 22 });
    for (const position of ticksOf(start + this.view.start + 0.5, start + this.view.end + 0.5, about)) {
      if (position % 1 || position < 1) continue;
      const x = px(this.toX(position - start - 0.5)), text = position.toLocaleString("en"), half = text.length * 3.2;
      add(this.svg, "line", { class: "axis", x1: x, x2: x, y1: top + 17, y2: top + 22 });
      if (x - half > this.left - 8 && x + half < this.right + 4) add(this.svg, "text", { class: "tick middle", x, y: top + 13 }, text);
    }
    if (this.column >= 3.5) this.letters(inside, top + 25, this.column >= 6.5 ? 10 : 6, this.column >= 6.5);
    return top + 40;
  }

  // Draw the bases of the view in one size, as letters or as blocks of their colour.
  letters(parent, top, height, readable) {
    this.byBase(parent, (base) => {
      const x = this.toX(base), width = this.column;
      const name = this.locus.data.bases[base];
      if (!readable) return `M${px(x)} ${top}h${px(width)}v${height}h${px(-width)}Z`;
      const size = Math.min(width * 0.86, 8.6);
      return outline(name, x + (width - size) / 2, top, size, height);
    });
  }

  // Add a path for each of A, C, G and T, of what `shape` returns for its bases in the view.
  byBase(parent, shape) {
    const paths = { A: [], C: [], G: [], T: [] };
    for (let base = this.first; base < this.last; base += 1) paths[this.locus.data.bases[base]]?.push(shape(base));
    for (const name of LETTERS) if (paths[name].length) add(parent, "path", { class: `letter ${name}`, d: paths[name].join("") });
  }

  // Write the name of a lane, and on wide pictures what it shows.
  heading(top, name, about) {
    const text = this.write(this.svg, { class: "lane", x: this.left, y: top + 12 }, name);
    const short = text.textContent, room = (this.right - this.left) / 6.8 - short.length - 2;
    text.textContent = "";
    add(text, "tspan", { class: "name" }, short);
    if (about.length < room) add(text, "tspan", { dx: 6 }, about);
    return top + 17;
  }

  // Draw the contributions to one target, and its instances below; return where the next lane begins.
  contributions(lane, index, top, behind, inside) {
    const height = this.small ? 76 : 96, { values } = this.locus.lanes[index], { low, high } = this.ranges[index];
    const begin = this.heading(top, lane.name, this.small ? lane.unit : `contribution of each base, ${lane.unit}`);
    const toY = scaleOf(low, high || (low ? 0 : 1), begin + height, begin);
    for (const value of new Set([low, 0, high])) {
      const y = px(toY(value));
      if (value && Math.abs(y - toY(0)) < 11) continue;
      add(this.svg, "line", { class: value ? "grid" : "axis", x1: this.left, x2: this.right, y1: y, y2: y });
      add(this.svg, "text", { class: "tick end", x: this.left - 4, y: y + (value === high && value ? 8 : 4) }, value ? inDigits(value, 2) : "0");
    }
    const shape = (base) => {
      const x = this.toX(base), y = toY(Math.max(0, values[base])), size = Math.abs(toY(0) - toY(values[base]));
      if (size < 0.3) return "";
      if (this.column >= 4.5) return outline(this.locus.data.bases[base], x + this.column * 0.03, y, this.column * 0.94, size);
      return `M${px(x)} ${px(y)}h${px(this.column * 0.9)}v${px(size)}h${px(-this.column * 0.9)}Z`;
    };
    if (this.column >= 1.5) this.byBase(inside, shape); else this.envelope(inside, values, toY);
    const end = this.boxes(index, begin + height + 4, inside);
    this.bands(index, begin, end, behind);
    return end + 8;
  }

  // Draw the largest and the smallest value of each pixel, where a pixel has several bases.
  envelope(parent, values, toY) {
    const bars = [], zero = toY(0);
    for (let x = this.left; x < this.right; x += 1) {
      const from = this.view.start + (x - this.left) / this.column, to = from + 1 / this.column;
      const { low, high } = rangeOf(values.subarray(Math.max(0, Math.floor(from)), Math.max(1, Math.ceil(to))), 0);
      const top = px(toY(high)), bottom = px(toY(low));
      if (bottom - top > 0.3) bars.push(`M${px(x)} ${top}h1V${bottom}h-1Z`);
    }
    add(parent, "path", { class: "fill", d: bars.join("") });
    add(parent, "line", { class: "axis", x1: this.left, x2: this.right, y1: zero, y2: zero });
  }

  // Draw the instances of a lane as arrows that point along their strand, with names.
  boxes(lane, top, parent) {
    const { placed, number } = this.locus.rows(lane, this.least), high = 14;
    for (const one of placed) {
      if (one.end <= this.view.start || one.start >= this.view.end) continue;
      const y = top + one.row * (high + 3), middle = y + high / 2, x = this.at(one.start), end = Math.max(x + 3, this.at(one.end));
      const tip = Math.min(6, (end - x) / 3), minus = one.strand === "-";
      // cut off by the edge of the picture, it has no tip
      const left = minus && one.start >= this.view.start ? x + tip : x, right = !minus && one.end <= this.view.end ? end - tip : end;
      const d = `M${px(left)} ${y}H${px(right)}L${px(end)} ${middle}L${px(right)} ${y + high}H${px(left)}L${px(x)} ${middle}Z`;
      add(parent, "path", { class: "instance", d, fill: one.colour });
      const name = 6.4 * one.name.length;
      if (name + 8 < end - x) add(parent, "text", { class: `middle on-${this.lightOn(one.colour)}`, x: px((x + end) / 2), y: y + 11 }, one.name);
      else if (end + name < this.right) add(parent, "text", { class: "beside", x: px(end + 3), y: y + 11 }, one.name);
      else if (x - name > this.left) add(parent, "text", { class: "beside end", x: px(x - 3), y: y + 11 }, one.name);
    }
    return top + Math.max(1, number) * (high + 3);
  }

  // Tint the bases of the instances of a lane.
  bands(lane, top, bottom, parent) {
    for (const one of this.locus.instances) {
      if (one.lane !== lane || one.end < this.view.start || one.start > this.view.end) continue;
      add(parent, "rect", { class: "band", x: this.at(one.start), y: top, width: px(this.at(one.end) - this.at(one.start)), height: bottom - top, fill: one.colour });
    }
  }

  // Return "dark" or "light": the text that is read better on a colour, rgb(red,green,blue).
  lightOn(colour) {
    const [red, green, blue] = colour.match(/\d+/g).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? "dark" : "light";
  }

  // Draw values along the locus: the plus strand upwards, the minus strand downwards.
  track(track, top, parent) {
    const strands = track.rows.length > 1 ? "; plus strand up, minus strand down" : "", both = track.rows.length > 1;
    const what = track.measured ? "observed" : "predicted", unit = track.measured ? "as in the bigWig files" : track.unit, about = `${unit}${this.small ? "" : strands}`;
    const begin = this.heading(top, `${track.label}: ${what}`, about), half = both ? 30 : 48, zero = begin + half;
    track.rows.forEach((row, strand) => {
      const sign = strand ? 1 : -1, toY = scaleOf(0, track.high, zero, zero + sign * half), d = [];
      const from = Math.max(0, Math.floor((this.view.start - track.start) / track.bin)), to = Math.min(row.length, Math.ceil((this.view.end - track.start) / track.bin));
      const step = Math.max(1, Math.floor((to - from) / (this.right - this.left)));
      for (let position = from; position < to; position += step) {
        const ends = [position, Math.min(to, position + step)].map((end) => this.at(track.start + end * track.bin)), value = rangeOf(row.subarray(position, position + step), 0).high;
        d.push(`${d.length ? "" : `M${ends[0]} ${px(zero)}`}L${ends[0]} ${px(toY(value))}H${ends[1]}`);
      }
      if (d.length) add(parent, "path", { class: track.measured ? "observed" : "predicted", d: `${d.join("")}V${px(zero)}Z` });
    });
    add(this.svg, "line", { class: "axis", x1: this.left, x2: this.right, y1: zero, y2: zero });
    add(this.svg, "text", { class: "tick end", x: this.left - 4, y: begin + 8 }, inDigits(track.high, 2));
    add(this.svg, "text", { class: "tick end", x: this.left - 4, y: zero + 4 }, "0");
    return begin + half * (both ? 2 : 1) + 8;
  }

  // Draw the genes: a line, boxes for exons, an arrow where transcription starts, the name.
  genes({ inside, nearest }, top, parent) {
    const begin = this.heading(top, "Genes", "");
    if (!inside.length) {
      const away = nearest ? `none here; ${Math.abs(nearest[1]).toLocaleString("en")} bp ${nearest[1] > 0 ? "downstream" : "upstream"} of the TSS of ${nearest[0]}` : "none on this contig";
      this.write(this.svg, { class: "beside", x: this.left + 50, y: top + 12 }, away);
      return begin + 4;
    }
    const ends = [];
    inside.forEach(([name, strand, start, end, exons]) => {
      let row = ends.findIndex((last) => last < start);
      if (row < 0) row = ends.length;
      ends[row] = end;
      if (end <= this.view.start || start >= this.view.end) return;
      const left = this.at(start), right = this.at(end), minus = strand === "-";
      const y = begin + 12 + row * 32, tss = minus ? right : left, way = minus ? -1 : 1;
      add(parent, "line", { class: "gene", x1: left, x2: right, y1: y, y2: y });
      for (const [from, to] of exons) if (to > this.view.start && from < this.view.end) add(parent, "rect", { class: "exon", x: this.at(from), y: y - 4, width: px(this.at(to) - this.at(from)), height: 8 });
      if (minus ? end <= this.view.end && end <= this.locus.length : start >= this.view.start && start >= 0) add(parent, "path", { class: "tss", d: `M${px(tss)} ${y}v-10h${12 * way}m${-4 * way} -3l${4 * way} 3l${-4 * way} 3` });
      this.write(parent, { class: "beside", x: Math.min(left, this.right - 60) + 2, y: y + 16 }, minus ? `← ${name}` : `${name} →`);
    });
    return begin + ends.length * 32 + 4;
  }

  // Mark the column of a base through all lanes.
  mark(base, top, bottom, parent) {
    add(parent, "rect", { class: "cursor", x: this.at(base), y: top - 16, width: Math.max(1, px(this.at(base + 1) - this.at(base))), height: bottom - top + 16 });
  }
}

// Draw the whole locus in a strip: its contributions, its instances, and which part the picture shows.
function drawStrip(svg, locus, { width, view }) {
  svg.replaceChildren();
  const height = 34, { values, low, high } = locus.lanes[0], toX = scaleOf(0, locus.length, 0, width);
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const picture = new LocusPicture(svg, locus, [], { width: width + 6, view: { start: 0, end: locus.length } });
  Object.assign(picture, { left: 0, right: width, column: width / locus.length, toX });
  for (const one of locus.instances) add(svg, "rect", { class: "instance", x: px(toX(one.start)), y: 28, width: px(Math.max(2, toX(one.end) - toX(one.start))), height: 5, fill: one.colour });
  picture.envelope(svg, values, scaleOf(low, high || 1, 26, 2));
  const left = toX(Math.max(0, view.start)), right = toX(Math.min(locus.length, view.end));
  add(svg, "path", { class: "outside", d: `M0 0H${px(left)}V${height}H0ZM${px(right)} 0H${width}V${height}H${px(right)}Z` });
  add(svg, "rect", { class: "part", x: px(left) + 0.75, y: 0.75, width: Math.max(2, px(right - left) - 1.5), height: height - 1.5 });
}
