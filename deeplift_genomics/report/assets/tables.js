// Tables that can be sorted, searched and filtered. A table of the class "data" is readable without this.
//
//   <table class="data" data-noun="motifs" data-searchable>
//     <th data-sort="text|number">     its header becomes a button; a second click turns the order round,
//                                      a third brings back the first order
//     <th data-filter>                 a choice of the column's values stands above the table
//     <td data-value="0.031">          what is sorted by, if it is not the text; "" is missing, and last
//     <td data-value="ETS|GATA">       what is filtered by: a cell may have several
//
// A row moves and hides with its tbody if the table has several: a tbody is then one item.
function makeTable(table) {
  const items = table.tBodies.length > 1 ? [...table.tBodies] : [...table.tBodies[0].rows];
  const rows = items.map((element, place) => ({ element, place, first: element.rows ? element.rows[0] : element }));
  const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
  const state = { table, rows, heads, words: [], choices: new Map() };
  labelCells(state);
  heads.forEach((head, column) => { if (head.dataset.sort) makeSorter(state, head, column); });
  if ("searchable" in table.dataset || heads.some((head) => "filter" in head.dataset)) makeControls(state);
}

// Give each cell the text of its header, which stands before it where a row is shown as a card.
function labelCells({ rows, heads }) {
  const labels = heads.map((head) => head.textContent.trim());
  for (const { first } of rows) {
    [...first.cells].forEach((cell, column) => { if (cell.dataset.label === undefined) cell.dataset.label = labels[column] ?? ""; });
  }
}

const valueOf = (cell) => (cell ? cell.dataset.value ?? cell.textContent.trim() : "");
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

// Return the order of two texts; missing ones come last, in whichever direction.
function compareValues(one, other, numeric, sign) {
  const gaps = [one, other].map((text) => text === "" || (numeric && !Number.isFinite(Number(text))));
  if (gaps[0] || gaps[1]) return gaps[0] - gaps[1];
  return sign * (numeric ? Number(one) - Number(other) : collator.compare(one, other));
}

// Turn a header into a button that sorts by its column: numbers from the largest, texts from A.
function makeSorter(state, head, column) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sort";
  button.append(...head.childNodes);
  head.append(button);
  const numeric = head.dataset.sort === "number";
  const orders = numeric ? ["descending", "ascending"] : ["ascending", "descending"];
  button.addEventListener("click", () => {
    const next = orders[orders.indexOf(head.getAttribute("aria-sort")) + 1];
    state.heads.forEach((other) => other.removeAttribute("aria-sort"));
    if (next) head.setAttribute("aria-sort", next);
    sortRows(state, column, numeric, next);
  });
}

function sortRows({ rows }, column, numeric, order) {
  const sign = order === "descending" ? -1 : 1, parent = rows[0]?.element.parentNode;
  const sorted = rows.map((row) => ({ ...row, value: valueOf(row.first.cells[column]) }));
  sorted.sort((a, b) => (order ? compareValues(a.value, b.value, numeric, sign) : 0) || a.place - b.place);
  parent?.append(...sorted.map((row) => row.element));
}

let controlCount = 0;

// Return a labelled control of a table.
function control(name, text, attributes) {
  const label = document.createElement("label"), element = document.createElement(name);
  controlCount += 1;
  Object.assign(element, { id: `control-${controlCount}`, ...attributes });
  label.htmlFor = element.id;
  label.textContent = text;
  const box = document.createElement("span");
  box.append(label, element);
  return { box, element };
}

// Put a search box, the filters, and the number of rows shown above a table.
function makeControls(state) {
  const { table, heads } = state, bar = document.createElement("div");
  bar.className = "controls";
  if ("searchable" in table.dataset) {
    const { box, element } = control("input", `Search ${table.dataset.noun ?? "rows"}`, { type: "search", autocomplete: "off", spellcheck: false });
    element.addEventListener("input", () => {
      state.words = element.value.toLowerCase().split(/\s+/).filter(Boolean);
      showRows(state);
    });
    bar.append(box);
  }
  heads.forEach((head, column) => { if ("filter" in head.dataset) bar.append(makeFilter(state, head, column)); });
  state.status = document.createElement("p");
  state.status.setAttribute("role", "status");
  bar.append(state.status);
  (table.closest(".wide") ?? table).before(bar);
  showRows(state);
}

// Return a choice of a column's values.
function makeFilter(state, head, column) {
  const { box, element } = control("select", head.textContent.trim(), {});
  const values = new Set(state.rows.flatMap((row) => valueOf(row.first.cells[column]).split("|")));
  element.append(new Option("all", ""));
  [...values].filter(Boolean).sort(collator.compare).forEach((value) => element.append(new Option(value, value)));
  element.addEventListener("change", () => {
    state.choices.set(column, element.value);
    showRows(state);
  });
  return box;
}

// Return the words of a row: those of its texts and of `data-search`. Its numbers are not searched.
function textOfRow(element) {
  const cells = [...element.querySelectorAll("th, td:not(.number)")].map((cell) => cell.textContent);
  return [...cells, element.dataset.search ?? ""].join(" ").toLowerCase();
}

// Show the rows that have every word and every chosen value.
function showRows(state) {
  let count = 0;
  for (const row of state.rows) {
    row.text ??= textOfRow(row.element);
    const chosen = [...state.choices].every(([column, value]) => !value || valueOf(row.first.cells[column]).split("|").includes(value));
    const shown = chosen && state.words.every((word) => row.text.includes(word));
    row.element.classList.toggle("out", !shown);
    count += shown;
  }
  state.status.textContent = `${count.toLocaleString("en")} of ${state.rows.length.toLocaleString("en")} ${state.table.dataset.noun ?? "rows"}`;
}

document.querySelectorAll("table.data").forEach((table) => { if (table.tHead && table.tBodies.length) makeTable(table); });
