// What surrounds the picture of the viewer, and what pointers do in it.

// Append an HTML element with properties and children, and return it.
function put(parent, name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-") || key === "role" || key === "for" || key === "list") element.setAttribute(key, value); else element[key] = value;
  }
  element.append(...children);
  parent?.append(element);
  return element;
}

// Build the controls of a viewer around its svg element.
function viewerControls(viewer) {
  const { place, svg } = viewer, bar = put(null, "div", { className: "controls" });
  const button = (parent, text, name, act) => put(parent, "button", { type: "button", "aria-label": name, title: name, textContent: text, onclick: act });
  const choose = put(bar, "span", { className: "choose" });
  put(choose, "label", { for: "viewer-locus", textContent: "Locus" });
  viewer.chooser = put(choose, "select", { id: "viewer-locus" });
  viewerOptions(viewer);
  button(choose, "‹", "Previous locus", () => viewer.open(viewer.index - 1));
  button(choose, "›", "Next locus", () => viewer.open(viewer.index + 1));
  const jump = put(bar, "form", { className: "jump" });
  put(jump, "label", { for: "viewer-jump", textContent: "Jump to" });
  viewer.field = put(jump, "input", { id: "viewer-jump", type: "text", list: "viewer-names", autocomplete: "off", spellcheck: false, placeholder: "motif, region or place" });
  const names = new Set([...viewer.data.motifs.map(([name]) => name), ...viewer.loci.map((locus) => locus.data.region).filter((name) => name.length < 80)]);
  put(jump, "datalist", { id: "viewer-names" }, ...[...names].map((value) => put(null, "option", { value })));
  put(jump, "button", { type: "submit", textContent: "Go" });
  jump.addEventListener("submit", (event) => { event.preventDefault(); viewer.jump(viewer.field.value); });
  const zoom = put(bar, "span", { role: "group", "aria-label": "Zoom" });
  button(zoom, "−", "Zoom out", () => viewer.zoom(1 / 0.6));
  button(zoom, "+", "Zoom in", () => viewer.zoom(0.6));
  button(zoom, "Whole locus", "Show the whole locus", () => viewer.whole());
  button(zoom, "←", "Move left", () => viewer.move(-0.5));
  button(zoom, "→", "Move right", () => viewer.move(0.5));
  const more = put(bar, "span");
  const box = (text) => put(put(more, "label", {}), "input", { type: "checkbox", onchange: () => viewer.refresh() }).parentElement.appendChild(new Text(` ${text}`)).parentElement.firstChild;
  viewer.common = box("one scale for all loci");
  viewer.everything = box("print all loci");
  viewer.title = put(null, "h3", { className: "where" });
  viewer.about = put(null, "p", { className: "about" });
  viewer.shown = put(null, "p", { className: "shown" });
  viewer.stage = put(null, "div", { className: "stage", tabIndex: 0, role: "application", "aria-label": "Viewer of loci", "aria-describedby": "viewer-keys" });
  viewer.readout = put(null, "p", { className: "readout", role: "status", textContent: VIEWER_ADVICE });
  const keys = put(null, "p", { className: "keys small soft", id: "viewer-keys", textContent: VIEWER_KEYS });
  place.prepend(bar, viewer.title, viewer.about);
  place.append(viewer.shown, viewer.stage, viewer.readout, keys);
  viewer.strip = add(viewer.stage, "svg", { class: "plot strip", role: "img", "aria-label": "The whole locus, and the part that is shown below" });
  viewer.stage.append(svg);
}

// Fill the list of loci: the regions, then each motif with its examples.
function viewerOptions(viewer) {
  const names = ["", ...viewer.data.motifs.map(([name]) => name)];
  const groups = new Map(names.map((name) => [name, put(null, "optgroup", { label: name || "Regions" })]));
  viewer.loci.forEach((locus, index) => locus.data.examples.forEach((example, number) => {
    put(groups.get(example.motif), "option", { value: `${index}:${number}`, textContent: `${example.words}, ${locus.data.called}` });
  }));
  viewer.chooser.append(...[...groups.values()].filter((group) => group.children.length));
  viewer.chooser.addEventListener("change", () => {
    const [index, number] = viewer.chooser.value.split(":").map(Number);
    viewer.open(index, viewer.loci[index].example(number));
  });
}

// Let a viewer be dragged, pinched and zoomed by the wheel, and say what is under the pointer.
function viewerPointers(viewer) {
  const { svg, stage, pointers } = viewer;
  const middle = () => [...pointers.values()].reduce((sum, event) => sum + event.clientX, 0) / pointers.size;
  const apart = () => { const [one, other] = [...pointers.values()]; return other ? Math.max(20, Math.abs(one.clientX - other.clientX)) : 1; };
  let before = null; // {x, apart} of the last event
  const note = () => { before = pointers.size ? { x: middle(), apart: apart(), size: pointers.size } : null; };
  svg.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    pointers.set(event.pointerId, event);
    svg.setPointerCapture(event.pointerId);
    stage.classList.add("dragged");
    note();
  });
  svg.addEventListener("pointermove", (event) => {
    if (!pointers.has(event.pointerId)) {
      const base = Math.floor(viewer.baseAt(event));
      return viewer.read(base >= 0 && base < viewer.locus.length && base + 1 > viewer.view.start && base < viewer.view.end ? base : null);
    }
    pointers.set(event.pointerId, event);
    const pixels = svg.getBoundingClientRect().width / viewer.picture.width * viewer.picture.column, by = (before.x - middle()) / pixels;
    if (pointers.size > 1 && before.size === pointers.size) viewer.zoom(before.apart / apart(), viewer.baseAt({ clientX: middle() }));
    viewer.look(viewer.view.start + by, viewer.view.end + by);
    note();
  });
  for (const name of ["pointerup", "pointercancel"]) {
    svg.addEventListener(name, (event) => {
      pointers.delete(event.pointerId);
      stage.classList.toggle("dragged", pointers.size > 0);
      note();
    });
  }
  svg.addEventListener("pointerleave", () => { if (!pointers.size) viewer.read(null); });
  svg.addEventListener("dblclick", (event) => viewer.zoom(event.shiftKey ? 2 : 0.5, viewer.baseAt(event)));
  stage.addEventListener("wheel", (event) => {
    const unit = event.deltaMode ? 16 : 1, sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    const active = stage.contains(document.activeElement);
    if (sideways) {
      event.preventDefault();
      const by = (event.deltaX * unit) / viewer.picture.column;
      viewer.look(viewer.view.start + by, viewer.view.end + by);
    } else if (event.ctrlKey || event.metaKey || active) {
      const factor = Math.exp(Math.max(-0.5, Math.min(0.5, event.deltaY * unit * (event.ctrlKey && Math.abs(event.deltaY) < 20 ? 0.012 : 0.0025))));
      if (viewer.zoom(factor, viewer.baseAt(event)) || event.ctrlKey) event.preventDefault();
    }
  }, { passive: false });
}
