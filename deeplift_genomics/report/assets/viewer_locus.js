// A locus of the viewer: its numbers, unpacked when they are first needed, and what stands where.
// Positions count from 0 at its first base; people read them from 1 on the contig.

// Return numbers that Python packed: [step, whole numbers of 16 bits in base64].
function unpacked([step, text]) {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)), view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 2 }, (_, index) => view.getInt16(2 * index, true) * step);
}

// Return a number with so many digits that count.
function inDigits(value, digits) {
  return Number(value.toPrecision(digits)).toLocaleString("en", { maximumFractionDigits: 9 }).replace("-", "−");
}

class ViewerLocus {
  constructor(data, motifs) {
    this.data = data;
    this.length = data.bases.length;
    this.instances = data.instances.map(([lane, motif, start, end, strand, value]) => {
      const [name, colour] = motifs[motif];
      return { lane, name, colour, start, end, strand, value };
    });
  }

  // contributions of each lane
  get lanes() {
    return this.unpackedLanes ??= this.data.contributions.map((packed) => {
      const values = unpacked(packed);
      return { values, ...rangeOf(values, 0) };
    });
  }

  // the tracks along the locus: {label, unit, start, bin, rows: [{values}], measured}; predicted before measured
  get tracks() {
    return this.unpackedTracks ??= this.data.profiles.flatMap((track) => ["predicted", "observed"].filter((kind) => track[kind]).map((kind) => {
      const rows = track[kind].map(unpacked);
      return { ...track, measured: kind === "observed", rows, high: Math.max(1e-12, ...rows.map((row) => rangeOf(row, 0).high)) };
    }));
  }

  // Return where an example is; null for a whole region.
  example(number) {
    const { place } = this.data.examples[number];
    return place && { start: place[0], end: place[1] };
  }

  // Return the stretch of some bases with the largest contributions to the first target, of either sign.
  densest(bases) {
    const { values } = this.lanes[0], size = Math.min(Math.floor(bases), this.length);
    let sum = 0, best = -1, start = 0;
    values.forEach((value, base) => {
      sum += Math.abs(value) - (base >= size ? Math.abs(values[base - size]) : 0);
      if (base >= size - 1 && sum > best + 1e-12) { best = sum; start = base - size + 1; }
    });
    return { start, end: start + size };
  }

  // Return the position on the contig as people read it, for a base of the locus.
  place(base) {
    return (this.data.start + base + 1).toLocaleString("en");
  }

  // Return a stretch of bases as genome browsers write it; the end is not in it.
  span(start, end) {
    return `${this.data.contig}:${this.place(start)}${end > start + 1 ? `-${this.place(end - 1)}` : ""}`;
  }

  // Return the stretch of bases that a text names as a place, or null: CONTIG:FIRST-LAST, or a position alone.
  find(text) {
    const parts = /^(?:(.+?)\s*:\s*)?([\d,']+)(?:\s*(?:-|–|\.\.)\s*([\d,']+))?$/.exec(text.trim());
    if (!parts) return null;
    const [, contig, ...digits] = parts, bare = (name) => name.toLowerCase().replace(/^chr(?=.)/, "");
    if (contig !== undefined && bare(contig) !== bare(this.data.contig)) return null;
    const [first, last] = digits.map((part) => part && Number(part.replace(/[,']/g, "")));
    const start = first - 1 - this.data.start, end = (last ?? first) - this.data.start;
    return start < end && start < this.length && end > 0 ? { start, end } : null;
  }

  // Say what is at a base, in one line.
  at(base, names) {
    const values = this.lanes.map((lane, index) => `${names[index]} ${inDigits(lane.values[base], 3)}`);
    const here = this.instances.filter((one) => one.start <= base && base < one.end);
    const found = here.map((one) => `${one.name} (${one.strand}) at ${this.span(one.start, one.end)}, together ${inDigits(one.value, 3)} to ${names[one.lane]}`);
    return [`${this.data.contig}:${this.place(base)}, base ${this.data.bases[base]}`, ...values, ...found].join(" · ");
  }

  // Return a row for each instance of a lane, so that neither boxes nor names overlap at this many pixels a base.
  rows(lane, pixels) {
    const ends = [], mine = this.instances.filter((one) => one.lane === lane);
    const placed = mine.map((one) => {
      const width = (one.end - one.start) * pixels, name = 8 + 6.4 * one.name.length;
      const left = one.start * pixels, right = left + (name + 4 < width ? width : width + name);
      let row = ends.findIndex((end) => end <= left);
      if (row < 0) row = ends.length;
      ends[row] = right;
      return { ...one, row };
    });
    return { placed, number: ends.length };
  }
}
