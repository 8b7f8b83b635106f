// Checks of a page, by the names that checks.py has; each returns what is wrong, a text for each element.
({
  prepare() {
    plots.forEach(draw);
    document.querySelectorAll("main details").forEach((fold) => { fold.open = true; });
  },

  texts_outside() {
    const outside = (own, box) => own.width && (own.left < box.left - 1.5 || own.right > box.right + 1.5
      || own.top < box.top - 1.5 || own.bottom > box.bottom + 1.5);
    return [...plots].flatMap((svg) => {
      const box = svg.getBoundingClientRect();
      if (!box.width) return [];
      return [...svg.querySelectorAll("text, path, rect")]
        .filter((part) => outside(part.getBoundingClientRect(), box))
        .map((part) => `${svg.getAttribute("aria-label")}: ${part.textContent || part.className.baseVal}`);
    });
  },

  nameless() {
    return [...document.querySelectorAll("svg.plot, svg[role=img], img")]
      .filter((image) => !(image.getAttribute("aria-label") ?? image.alt ?? "").trim())
      .map((image) => image.outerHTML.slice(0, 200));
  },

  dead_links() {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id), known = new Set(ids);
    const links = [...document.querySelectorAll("a[href^='#']")].map((link) => link.getAttribute("href"));
    return [
      ...links.filter((href) => !href.includes("=") && !known.has(decodeURIComponent(href.slice(1)))),
      ...ids.filter((id, index) => ids.indexOf(id) !== index),
    ];
  },

  // the elements that Tab must reach; `focused` takes them from the list
  start_walking() {
    const all = document.querySelectorAll("a[href], button, summary, select, input, [tabindex='0']");
    globalThis.waiting = new Set([...all].filter((element) => element.checkVisibility() && !element.disabled));
    document.activeElement.blur();
    return waiting.size;
  },

  focused() {
    const element = document.activeElement, html = element.outerHTML.slice(0, 200);
    waiting.delete(element);
    return element === document.body || getComputedStyle(element).outlineStyle !== "none" ? [] : [html];
  },

  waiting() {
    return [...waiting].map((element) => element.outerHTML.slice(0, 200));
  },

  // colours of texts, of the page, and of cells that have a text on them, with their opacity
  colours() {
    const look = (element) => getComputedStyle(element), all = (css) => [...document.querySelectorAll(css)];
    return {
      texts: [...new Set(all("svg.plot text").map((text) => look(text).fill))],
      paper: look(document.body).backgroundColor,
      cells: all("svg.plot .under").map((cell) => [look(cell).fill, look(cell).opacity * look(cell).fillOpacity]),
    };
  },

  // for each letter of a logo: its name, the middle of its column, and its height
  letters(svg) {
    return [...svg.querySelectorAll(".letter")].flatMap((path) => path.getAttribute("d").split(/(?<=Z)(?=M)/).map((part) => {
      const probe = add(svg, "path", { d: part }), { x, width, height } = probe.getBBox();
      probe.remove();
      return [path.classList[1], x + width / 2, height];
    }));
  },
})
