// What is ticked: the box in the head stands for the rows of the page; «все по отбору» for the selection itself, until
// a row is left out of it.
(() => {
  const { table, all } = window.rows;
  if (!table()) return;
  const form = document.getElementById("picked"), every = form.querySelector("[name=all]");
  const boxes = () => all(table()).map((row) => row.querySelector(".tick"));
  const pages = () => document.querySelectorAll("[data-tick-page]");

  function tickAll(isTicked) {
    for (const box of boxes()) box.checked = isTicked;
  }

  function show() {
    const rows = boxes(), ticked = rows.filter((box) => box.checked).length;
    for (const page of pages()) {
      page.hidden = false;
      page.checked = ticked > 0 && ticked === rows.length;
      page.indeterminate = ticked > 0 && ticked < rows.length;
    }
    document.getElementById("picked-count").textContent = every?.checked ? every.dataset.count : ticked;
  }

  document.addEventListener("change", ({ target }) => {
    if (target === every && every.checked) tickAll(true);
    if (target.matches("[data-tick-page]")) tickAll(target.checked);
    if (every && !boxes().some((box) => box.checked) || target.matches("tr[data-ticket] .tick:not(:checked)") && every) every.checked = false;
    show();
  });
  form.addEventListener("reset", () => setTimeout(() => { tickAll(false); show(); }));
  document.addEventListener("list:replaced", show);
  form.querySelector(".picked__page").hidden = false;
  show();
})();
