// The matrix of motifs and samples: the measure that a reader chooses fills the cells and colours
// them, in five steps of the largest number of the measure, apart above and below zero.
const matrix = document.querySelector("table.matrix");

function showMeasure(name, title) {
  const values = numbers.matrix[name];
  const largest = Math.max(...values.flat().map(Math.abs), 0) || 1;
  for (const row of matrix.tBodies[0].rows) {
    values[row.dataset.row].forEach((value, column) => {
      const cell = row.cells[column + 1];
      const step = Math.ceil((5 * Math.abs(value)) / largest);
      cell.textContent = value === null ? "" : value.toLocaleString("en", { maximumSignificantDigits: 3 });
      cell.dataset.value = value ?? "";
      cell.className = value ? `${value > 0 ? "above" : "below"} step-${step}` : "";
    });
  }
  matrix.querySelector(".shown").textContent = title.toLowerCase();
}

if (matrix) {
  const choices = document.querySelector(".measures");
  choices.hidden = false;
  choices.addEventListener("change", (event) =>
    showMeasure(event.target.value, event.target.parentElement.firstElementChild.nextSibling.textContent.trim()),
  );
  showMeasure("instances", "Instances");
}
