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
      // the viewer of loci clips what is beside the bases in view
      return [...svg.querySelectorAll(svg.matches(".locus") ? "text" : "text, path, rect")]
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
    // Tab reaches the chosen one of some radio buttons; arrows reach the others
    const reached = (element) => element.checkVisibility() && !element.disabled && !(element.type === "radio" && !element.checked);
    globalThis.waiting = new Set([...all].filter(reached));
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

  // texts with too little contrast (WCAG 2.1, AA), on the backgrounds of the elements that they are in; of
  // texts in drawings, those right after a shape that covers them stand on its colour
  faint() {
    const parse = (colour) => {
      const parts = colour.match(/[\d.]+/g).map(Number);
      return { rgb: parts.slice(0, 3), alpha: parts[3] ?? 1 };
    };
    const over = (top, alpha, under) => top.map((value, index) => value * alpha + under[index] * (1 - alpha));
    const ground = (element) => {
      if (!element) return [255, 255, 255];
      const { rgb, alpha } = parse(getComputedStyle(element).backgroundColor);
      return alpha === 1 ? rgb : over(rgb, alpha, ground(element.parentElement));
    };
    const covers = (cell, text) => {
      const box = cell.getBoundingClientRect(), own = text.getBoundingClientRect();
      const x = (own.left + own.right) / 2, y = (own.top + own.bottom) / 2;
      return box.left < x && x < box.right && box.top < y && y < box.bottom;
    };
    const light = (rgb) => [0.2126, 0.7152, 0.0722].reduce((sum, part, index) => {
      const value = rgb[index] / 255;
      return sum + part * (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    }, 0);
    const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    return [...document.querySelectorAll("body, body *")].filter((element) => hasText(element) && element.checkVisibility()).flatMap((element) => {
      const style = getComputedStyle(element), drawn = element.namespaceURI.endsWith("svg");
      let under = ground(drawn ? element.ownerSVGElement : element);
      const cell = element.previousElementSibling;
      if (drawn && ["rect", "path", "polygon"].includes(cell?.localName) && covers(cell, element)) {
        const look = getComputedStyle(cell);
        under = over(parse(look.fill).rgb, look.opacity * look.fillOpacity, under);
      }
      const { rgb, alpha } = parse(drawn ? style.fill : style.color);
      const [low, high] = [light(over(rgb, alpha, under)), light(under)].sort((a, b) => a - b);
      const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
      const found = (high + 0.05) / (low + 0.05);
      return found < (large ? 3 : 4.5) ? [`${found.toFixed(1)}: ${element.outerHTML.slice(0, 120)}`] : [];
    });
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
