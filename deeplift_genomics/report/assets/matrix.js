// The matrix of motifs and samples: the measure that a reader chooses fills the cells and colours
// them, in five steps of the largest number of the measure, apart above and below zero.
const matrix = document.querySelector("table.matrix");

function showMeasure(name, title) {
  const values = numbers.matrix[name];
  const largest = values.flat().reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  for (const row of matrix.tBodies[0].rows) {
    values[row.dataset.row].forEach((value, column) => {
      const cell = row.cells[column + 1];
      const step = Math.ceil((5 * Math.abs(value)) / largest);
      cell.textContent = value === null ? "" : textOf(value, Math.abs(value) / 100);
      cell.dataset.value = value ?? "";
      cell.className = value ? `${value > 0 ? "above" : "below"} step-${step}` : "";
    });
  }
  matrix.querySelector(".shown").textContent = title;
}

if (matrix) {
  const choice = document.getElementById("measure");
  const show = () => {
    const { value, textContent, dataset } = choice.selectedOptions[0];
    showMeasure(value, textContent);
    document.getElementById("meaning").textContent = dataset.meaning;
  };
  choice.addEventListener("change", show);
  show(); // the browser may have kept an earlier choice
}
