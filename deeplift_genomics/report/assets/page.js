// What a page does by itself: it draws what comes into view, and everything before it is printed.
function draw(svg) {
  const data = numbers[svg.dataset.plot];
  if (!data || svg.dataset.drawn) return;
  svg.dataset.drawn = "yes";
  kinds[data.kind](svg, data);
}

const watcher = new IntersectionObserver(
  (entries) => entries.forEach((entry) => {
    if (!entry.isIntersecting) return;
    watcher.unobserve(entry.target);
    draw(entry.target);
  }),
  { rootMargin: "300px" },
);
const plots = document.querySelectorAll("svg.plot");
plots.forEach((svg) => watcher.observe(svg));

// Print shows what is folded, and folds it again.
let folded = [];
addEventListener("beforeprint", () => {
  plots.forEach(draw);
  folded = [...document.querySelectorAll("details:not([open])")];
  folded.forEach((fold) => { fold.open = true; });
});
addEventListener("afterprint", () => folded.forEach((fold) => { fold.open = false; }));

// A link into something folded opens it.
function unfold() {
  let target;
  try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return; }
  if (!target) return;
  let opened = false;
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    opened ||= !fold.open;
    fold.open = true;
  }
  if (opened) target.scrollIntoView();
}
addEventListener("hashchange", unfold);
unfold();

// A table that is wider than its place scrolls in it, and is then reached by the keyboard.
const widths = new ResizeObserver((entries) => entries.forEach(({ target }) => {
  if (target.scrollWidth > target.clientWidth + 1) target.tabIndex = 0; else target.removeAttribute("tabindex");
}));
document.querySelectorAll(".wide").forEach((place) => widths.observe(place));

document.documentElement.classList.add("scripted");
