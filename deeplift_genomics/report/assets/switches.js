// Switches of a page; nothing is remembered.
//
//   <select data-switch="letters|strand">   for the whole page: the colours of letters, and how logos are
//                                           turned (best, opposite, found)
//   <select data-switch="part">             shows one target's elements [data-part], and hides the others'
//   <button data-turn>                      turns the logos of its nearest [data-motif]
//   <button data-folds="open|close">        opens or closes everything that is folded
//   <button data-print>                     prints the page
//   <button data-copy="id">                 copies the text of an element
//   <a class="term" href="#term-NAME">      shows the glossary's entry beside it
function say(text) {
  const status = document.getElementById("said");
  status.textContent = "";
  requestAnimationFrame(() => { status.textContent = text; });
}

// Draw a logo anew, for the strand that the switches ask for.
function redrawLogo(svg) {
  const data = numbers[svg.dataset.plot];
  const opposite = { best: false, opposite: true, found: Boolean(data.found) }[document.documentElement.dataset.strand ?? "best"];
  const turn = opposite !== Boolean(svg.closest("[data-motif]")?.dataset.turned);
  if (turn === Boolean(svg.dataset.turned)) return;
  if (turn) svg.dataset.turned = "yes"; else delete svg.dataset.turned;
  svg.dataset.label ??= svg.getAttribute("aria-label");
  svg.setAttribute("aria-label", svg.dataset.label + (turn ? " (reverse complement)" : ""));
  if (svg.dataset.drawn) { svg.replaceChildren(); delete svg.dataset.drawn; draw(svg); }
}

function redrawLogos(place) {
  place.querySelectorAll("svg.plot.logo").forEach(redrawLogo);
}

const switches = {
  letters(value) { document.documentElement.classList.toggle("classic", value === "classic"); },
  strand(value) { document.documentElement.dataset.strand = value; redrawLogos(document); },
  part(value) { document.querySelectorAll("[data-part]").forEach((element) => element.classList.toggle("out", element.dataset.part !== value)); },
};
document.querySelectorAll("select[data-switch]").forEach((select) => {
  select.addEventListener("change", () => switches[select.dataset.switch](select.value));
  if (select.dataset.switch === "part") switches.part(select.value);
});

function turnMotif(button) {
  const motif = button.closest("[data-motif]"), pressed = !motif.dataset.turned;
  if (pressed) motif.dataset.turned = "yes"; else delete motif.dataset.turned;
  motif.querySelectorAll("[data-turn]").forEach((other) => other.setAttribute("aria-pressed", String(pressed)));
  redrawLogos(motif);
}
document.querySelectorAll("[data-turn]").forEach((button) => button.setAttribute("aria-pressed", "false"));

function copyText(button) {
  const source = document.getElementById(button.dataset.copy);
  // a page that is not trusted, such as one from a plain http address, has no clipboard
  Promise.resolve().then(() => navigator.clipboard.writeText(source.textContent)).then(() => say("Copied"), () => {
    getSelection().selectAllChildren(source);
    say("Selected: copy it with Ctrl+C");
  });
}

const actions = {
  turn: turnMotif,
  copy: copyText,
  print: () => print(),
  folds: (button) => document.querySelectorAll("main details").forEach((fold) => { fold.open = button.dataset.folds === "open"; }),
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  for (const name of Object.keys(actions)) if (button && name in button.dataset) actions[name](button);
});

// The glossary's entry of a term, beside it; Escape or a click elsewhere closes it.
function showTerm(event) {
  const link = event.target.closest("a.term"), entry = link && document.getElementById(link.hash.slice(1));
  if (!entry || !HTMLElement.prototype.showPopover) return;
  event.preventDefault();
  const tip = document.getElementById("tip"), text = tip.querySelector("div"), more = tip.querySelector("a");
  text.replaceChildren(...[...entry.cloneNode(true).childNodes]);
  text.querySelectorAll("[id]").forEach((element) => element.removeAttribute("id"));
  more.href = link.hash;
  link.after(tip);
  tip.showPopover();
  const at = link.getBoundingClientRect(), size = tip.getBoundingClientRect(), edge = document.documentElement.clientWidth;
  tip.style.left = `${Math.max(8, Math.min(at.left, edge - size.width - 8))}px`;
  const below = at.bottom + 6;
  tip.style.top = `${below + size.height > innerHeight ? Math.max(8, at.top - size.height - 6) : below}px`;
  tip.focus();
}
document.addEventListener("click", showTerm);

// What the page can show is closed by Escape, and by whatever is done elsewhere.
const display = document.querySelector(".display details");
display.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !display.open) return;
  display.open = false;
  display.querySelector("summary").focus();
});
addEventListener("pointerdown", (event) => { if (!display.contains(event.target)) display.open = false; });
addEventListener("focusin", (event) => { if (!display.contains(event.target)) display.open = false; });
