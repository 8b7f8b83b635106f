// Return y of all points of the letters, or of the bars, over a base in the lane of the first target.
(base) => {
  const { picture } = document.querySelector("svg.plot.locus").viewer, found = [];
  const [top, bottom] = [...document.querySelectorAll("svg.locus text.lane")].map((text) => Number(text.getAttribute("y")));
  const inside = (x) => x > picture.toX(base) - 0.06 && x < picture.toX(base + 1) + 0.06;
  for (const path of document.querySelectorAll("svg.locus path.letter")) {
    for (const [, x, y, size] of path.getAttribute("d").matchAll(/([\d.]+) ([\d.]+)(?:h[\d.]+v([\d.]+))?/g)) {
      if (inside(Number(x)) && y > top && y < bottom) found.push(Number(y), Number(y) + Number(size ?? 0));
    }
  }
  return found;
}
