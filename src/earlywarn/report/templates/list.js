// Sort a table by a column's button; filter rows by year group and band; say how many are shown.
// Without this script the page shows everyone, in order of place.
"use strict";
(() => {
  const tables = Array.from(document.querySelectorAll("table.people"));
  const filters = Array.from(document.querySelectorAll("select[data-filter]"));
  const rows = tables.flatMap((table) => Array.from(table.tBodies[0].rows));
  const key = (row, column) => row.cells[column].dataset.sort;
  const compare = (a, b) => a.localeCompare(b, "en-GB", { numeric: true });
  const number = (a, b) => Number(a) - Number(b);

  function sort(table, header) {
    const column = header.cellIndex;
    const now = header.getAttribute("aria-sort");
    const falling = now ? now === "ascending" : header.dataset.first === "descending";
    const body = table.tBodies[0];
    const found = Array.from(body.rows);
    const by = found.every((row) => key(row, column) !== "" && !isNaN(key(row, column))) ? number : compare;
    found.sort((a, b) => by(key(a, column), key(b, column)) * (falling ? -1 : 1));
    body.append(...found);
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", falling ? "descending" : "ascending");
  }

  function filter() {
    for (const row of rows) {
      row.hidden = filters.some((one) => one.value && row.dataset[one.dataset.filter] !== one.value);
    }
    const shown = rows.filter((row) => !row.hidden).length;
    document.getElementById("count").textContent = `${shown} of ${rows.length} listed pupils shown`;
  }

  for (const table of tables) {
    for (const button of table.tHead.querySelectorAll("button")) {
      button.addEventListener("click", () => sort(table, button.closest("th")));
    }
  }
  for (const one of filters) one.addEventListener("change", filter);
  for (const hidden of document.querySelectorAll(".needs-script")) hidden.hidden = false;
  filter();
})();
