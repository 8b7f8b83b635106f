// The viewer of loci. A link `#locus=WHAT` anywhere in the page opens it there; WHAT is what its field
// "Jump to" takes, percent-encoded: `chr22:17398490-17398511` (from 1, both ends included), a position, the
// name of a region or of a motif. In Python, `run.loci.of_motif(NAME)` yields a motif's example loci, whose
// `anchor` is such a link. Without script, the link leads to the locus in the table.
//
// A wheel moves the page, unless it is turned with Ctrl, or after a click into the picture: then it zooms.
const SHORTEST_VIEW = 16; // bases
const VIEWER_ADVICE = "Point at a base to read its numbers.";
const VIEWER_KEYS = "Drag or ← → to move; Ctrl + wheel, pinch or + − to zoom; Home: all of it; [ ]: other loci; Shift + ← →: base by base; n, p: next and previous instance. After a click into the picture, the wheel alone zooms.";

class LocusViewer {
  constructor(svg, data) {
    Object.assign(this, { svg, data, cursor: null, pointers: new Map(), place: svg.closest(".viewer") });
    this.loci = data.loci.map((locus) => new ViewerLocus(locus, data.motifs));
    this.names = data.lanes.map((lane) => lane.name);
    viewerControls(this);
    this.listen();
    this.open(0);
    new ResizeObserver(() => this.resize()).observe(this.stage);
  }

  get locus() { return this.loci[this.index]; }

  get width() { return Math.max(240, Math.floor(this.stage.clientWidth)); }

  // Show a locus; `stretch` is what to look at, or nothing for its first example.
  open(index, stretch) {
    this.index = (index + this.loci.length) % this.loci.length;
    this.cursor = null;
    this.readout.textContent = VIEWER_ADVICE;
    this.showTitle();
    this.focus(stretch ?? this.locus.example(0));
    const { examples } = this.locus.data;
    const number = examples.findIndex(({ place }) => stretch && place?.[0] === stretch.start && place[1] === stretch.end);
    this.chooser.value = `${this.index}:${Math.max(0, number)}`;
  }

  // Return as many bases as can be read as letters.
  get readable() { return Math.min(130, Math.floor((this.width - 66) / 7)); }

  // Look at a stretch of bases, with some around it; without one, at the strongest part of the locus.
  focus(stretch) {
    const { start, end } = stretch ?? this.locus.densest(this.readable), span = Math.max(stretch ? end - start + 16 : 0, this.readable);
    const from = Math.floor((start + end - span) / 2);
    this.look(from, from + Math.ceil(span));
  }

  // Set the view, inside the locus.
  look(start, end) {
    const { length } = this.locus, span = Math.min(length, Math.max(Math.min(SHORTEST_VIEW, length), end - start));
    const middle = (start + end) / 2, from = Math.min(Math.max(0, middle - span / 2), length - span);
    this.view = { start: from, end: from + span };
    this.refresh();
  }

  // Move by a share of the view.
  move(share) {
    const by = (this.view.end - this.view.start) * share;
    this.look(this.view.start + by, this.view.end + by);
  }

  // Zoom by a factor (below 1: nearer), so that `base` stays where it is; return whether anything changed.
  zoom(factor, base = (this.view.start + this.view.end) / 2) {
    const { start, end } = this.view, { length } = this.locus;
    const span = Math.min(length, Math.max(Math.min(SHORTEST_VIEW, length), (end - start) * factor)), share = (base - start) / (end - start);
    this.look(base - span * share, base + span * (1 - share));
    return Math.abs(span - (end - start)) > 1e-6;
  }

  whole() { this.look(0, this.locus.length); }

  // Draw at the next frame, once.
  refresh() {
    this.waiting ??= requestAnimationFrame(() => { this.waiting = undefined; this.draw(); });
  }

  draw() {
    const { width, view, cursor, locus } = this;
    this.picture = new LocusPicture(this.svg, locus, this.data.lanes, { width, view, cursor, ranges: this.ranges() });
    this.picture.draw();
    drawStrip(this.strip, locus, { width, view });
    this.shown.textContent = `${locus.span(Math.floor(view.start), Math.ceil(view.end))} (${Math.round(view.end - view.start).toLocaleString("en")} of ${locus.length.toLocaleString("en")} bp)`;
  }

  resize() {
    if (this.picture && this.picture.width !== this.width) this.refresh();
  }

  // Return the range of each lane: of this locus, or of all loci together.
  ranges() {
    if (!this.common.checked) return this.locus.lanes;
    return this.allRanges ??= this.names.map((_, lane) => rangeOf(this.loci.flatMap((locus) => [locus.lanes[lane].low, locus.lanes[lane].high])));
  }

  showTitle() {
    const { data } = this.locus, { length } = this.locus;
    const part = data.window[1] - data.window[0] > length ? `, a part of its window of ${(data.window[1] - data.window[0]).toLocaleString("en")} bp` : "";
    this.title.textContent = `${this.locus.span(0, length)}`;
    this.about.textContent = `${data.called}${part}: ${data.examples.map((one) => one.words).join("; ")}. Locus ${this.index + 1} of ${this.loci.length}.`;
    this.svg.setAttribute("aria-label", data.label);
  }

  // Say what is at a base; without one, how to find out.
  read(base) {
    this.cursor = base;
    this.readout.textContent = base === null ? VIEWER_ADVICE : this.locus.at(base, this.names);
    this.refresh();
  }

  // Move the mark by one base, and the view with it.
  step(by) {
    const { view, locus } = this, middle = Math.floor((view.start + view.end) / 2);
    const base = Math.min(locus.length - 1, Math.max(0, this.cursor === null ? middle : this.cursor + by));
    if (base < view.start || base + 1 > view.end) this.look(view.start + by, view.end + by);
    this.read(base);
  }

  // Go to the next instance, or the previous one, of the motif named or of any; false if there is none.
  next(way = 1, name = null) {
    const middle = (this.view.start + this.view.end) / 2, fits = (one) => name === null || one.name === name;
    for (let turn = 0; turn <= this.loci.length; turn += 1) {
      const index = (this.index + way * turn + this.loci.length * 2) % this.loci.length;
      const found = this.loci[index].instances.filter((one) => fits(one) && (turn > 0 || way * ((one.start + one.end) / 2 - middle) > 0.6));
      if (!found.length) continue;
      const one = found.reduce((best, other) => (way * (other.start - best.start) < 0 ? other : best));
      if (index !== this.index) this.open(index, one); else this.focus(one);
      this.read(Math.floor((one.start + one.end) / 2));
      return true;
    }
    return false;
  }

  // Go to a region, a motif or a place by its name; return whether there is one.
  jump(text) {
    const wanted = text.trim().toLowerCase(), motifs = this.data.motifs.map(([name]) => name);
    const region = this.loci.findIndex((locus) => locus.data.region.toLowerCase() === wanted);
    const motif = motifs.find((name) => name.toLowerCase() === wanted) ?? motifs.find((name) => wanted.length > 1 && name.toLowerCase().startsWith(wanted));
    const order = this.loci.map((_, index) => (this.index + index) % this.loci.length);
    const holding = order.find((index) => this.loci[index].find(wanted));
    if (region >= 0) this.open(region);
    else if (holding !== undefined) {
      const stretch = this.loci[holding].find(wanted), inside = { start: Math.max(0, stretch.start), end: Math.min(this.loci[holding].length, stretch.end) };
      if (inside.start === 0 && inside.end === this.loci[holding].length) this.open(holding);
      else {
        this.open(holding, inside);
        this.read(Math.floor((inside.start + inside.end - 1) / 2));
      }
    } else if (!motif || !this.next(1, motif)) {
      this.readout.textContent = `${text.trim() || "An empty field"} is not on this page: it shows ${this.loci.length} loci. Write a motif, a region of the list, or a place such as ${this.locus.span(10, 20)}.`;
      return false;
    }
    return true;
  }

  // Return the base under a pointer, also between bases and outside the picture.
  baseAt(event) {
    const box = this.svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * this.picture.width;
    return this.view.start + (x - this.picture.left) / this.picture.column;
  }

  listen() {
    viewerPointers(this);
    this.stage.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const act = {
        "+": () => this.zoom(0.6), "=": () => this.zoom(0.6), "-": () => this.zoom(1 / 0.6), Home: () => this.whole(),
        "[": () => this.open(this.index - 1), "]": () => this.open(this.index + 1), n: () => this.next(1), p: () => this.next(-1),
        Escape: () => { this.read(null); this.stage.blur(); },
      }[event.key] ?? (way && (() => (event.shiftKey ? this.step(way) : this.move(way * 0.2))));
      if (!act) return;
      event.preventDefault();
      act();
    });
    this.strip.addEventListener("pointerdown", (event) => { this.strip.setPointerCapture(event.pointerId); this.centre(event); });
    this.strip.addEventListener("pointermove", (event) => { if (this.strip.hasPointerCapture(event.pointerId)) this.centre(event); });
    addEventListener("beforeprint", () => { this.draw(); if (this.everything.checked) this.printAll(); });
    addEventListener("afterprint", () => this.place.querySelectorAll(".printed").forEach((one) => one.remove()));
  }

  // Move the view to where the pointer is on the strip.
  centre(event) {
    const box = this.strip.getBoundingClientRect(), span = this.view.end - this.view.start;
    const middle = ((event.clientX - box.left) / box.width) * this.locus.length;
    this.look(middle - span / 2, middle + span / 2);
  }

  // Add a picture of every other locus, for print.
  printAll() {
    this.loci.forEach((locus, index) => {
      if (index === this.index) return;
      const figure = document.createElement("figure"), title = document.createElement("figcaption"), svg = add(figure, "svg", { class: "plot locus", role: "img", "aria-label": locus.data.label });
      figure.className = "printed";
      svg.dataset.plot = `printed-${index}`;
      title.textContent = `${locus.span(0, locus.length)}, ${locus.data.called}: ${locus.data.examples.map((one) => one.words).join("; ")}`;
      figure.prepend(title);
      const { start, end } = locus.example(0) ?? locus.densest(130), middle = (start + end) / 2, span = Math.min(locus.length, Math.max(130, end - start + 16));
      const from = Math.min(Math.max(0, middle - span / 2), locus.length - span);
      new LocusPicture(svg, locus, this.data.lanes, { width: 1000, view: { start: from, end: from + span }, ranges: this.common.checked ? this.ranges() : undefined }).draw();
      this.place.append(figure);
    });
  }
}

// drawn at once: no frame comes before a print that makes the viewer
kinds.locus = (svg, data) => {
  svg.viewer = new LocusViewer(svg, data);
  svg.viewer.draw();
};

// Open the viewer at what a link names, and bring it into sight; return whether there is a viewer.
function openLocus(hash) {
  const svg = document.querySelector("svg.plot.locus[data-plot]");
  if (!svg || !hash.startsWith("#locus=")) return false;
  draw(svg);
  let what = hash.slice("#locus=".length);
  try { what = decodeURIComponent(what); } catch { /* it stays as it is */ }
  svg.viewer.jump(what);
  svg.viewer.place.scrollIntoView({ behavior: "instant" });
  return true;
}
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#locus="]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const { hash } = link;
  if (openLocus(hash)) {
    event.preventDefault();
    history.pushState(null, "", hash);
    document.querySelector(".viewer .stage").focus({ preventScroll: true });
  }
});
addEventListener("hashchange", () => openLocus(location.hash));
addEventListener("load", () => openLocus(location.hash));
