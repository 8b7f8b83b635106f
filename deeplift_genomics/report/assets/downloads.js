// Files of a motif, made in the page from the numbers of its logos.
//
//   <button data-download="meme|tsv|svg" data-from="p17" data-file="ETS_1.meme" data-name="ETS_1" data-sites="104">
//
// data-from    the logo (`Plots.add(...).name`): meme needs its frequencies
// data-file    the name of the file
// data-name    the name of the motif in the file; data-sites: the number of its seqlets
// The strand is the one that the logo shows.
const clean = (text) => text.replace(/[\s\p{C}]+/gu, "_");

const formats = {
  meme(svg, rows, { name, sites }) {
    const lines = rows.map((row) => {
      const sum = row.reduce((total, value) => total + value, 0) || 1;
      return ` ${row.map((value) => (value / sum).toFixed(6)).join("  ")}`;
    });
    return [
      "MEME version 4", "", "ALPHABET= ACGT", "", "strands: + -", "",
      "Background letter frequencies", "A 0.25 C 0.25 G 0.25 T 0.25", "",
      `MOTIF ${clean(name)}`,
      `letter-probability matrix: alength= 4 w= ${rows.length} nsites= ${sites || rows.length} E= 0`,
      ...lines, "",
    ].join("\n");
  },
  tsv(svg, rows) {
    return ["position\tA\tC\tG\tT", ...rows.map((row, index) => [index + 1, ...row].join("\t")), ""].join("\n");
  },
  // with the colours for white paper, whatever the page shows
  svg(svg) {
    draw(svg);
    const copy = svg.cloneNode(true), { width, height } = sizeOf(svg), style = getComputedStyle(document.documentElement);
    for (const name of copy.getAttributeNames()) if (name !== "viewBox" && name !== "aria-label") copy.removeAttribute(name);
    for (const [key, value] of Object.entries({ xmlns: SVG, role: "img", width: width * 4, height: height * 4 })) copy.setAttribute(key, value);
    copy.querySelectorAll("*").forEach((element) => {
      const names = (element.getAttribute("class") ?? "").split(" "), set = (key, value) => element.setAttribute(key, value);
      element.removeAttribute("class");
      if (names[0] === "letter") set("fill", style.getPropertyValue(`--paper-${names[1]}`).trim());
      else if (element.localName === "line") set("stroke", "#767676");
      else set("font-family", "sans-serif"), set("font-size", 11), set("text-anchor", names.includes("end") ? "end" : "middle");
    });
    return new XMLSerializer().serializeToString(copy);
  },
};

// Save a text as a file of the reader's.
function save(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = name.replace(/[^\w.+-]+/g, "_").replace(/^\.+/, "_").slice(-120);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-download]");
  if (!button) return;
  const { download, from, file, name, sites } = button.dataset;
  const svg = document.querySelector(`svg[data-plot="${from}"]`), data = numbers[from];
  const rows = data.frequencies ?? data.heights;
  save(formats[download](svg, svg.dataset.turned ? turned(rows) : rows, { name: name ?? file, sites }), file);
});
