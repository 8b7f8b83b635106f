// What a page does: it draws what comes into view, and everything before it is printed.
const numbers = JSON.parse(document.getElementById("data").textContent);

function draw(svg) {
  const data = numbers[svg.dataset.plot];
  if (!data || svg.dataset.drawn) return;
  svg.dataset.drawn = "yes";
  kinds[data.kind](svg, data);
}

const watcher = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => draw(entry.target)),
  { rootMargin: "300px" },
);
const plots = document.querySelectorAll("svg.plot");
plots.forEach((svg) => watcher.observe(svg));
addEventListener("beforeprint", () => plots.forEach(draw));
