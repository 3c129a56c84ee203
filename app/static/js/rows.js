// Rows of the list: take one over cell by cell, put it in its place, take it away. The tick box is never touched.
window.rows = (() => {
  const table = () => document.getElementById("list");
  const find = (number) => document.getElementById(`t${number}`);

  function parse(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.firstElementChild;
  }

  function recount(body) {
    const shown = body.rows.length - 1;
    if (!shown) return body.remove();
    const count = body.querySelector(".rows__count");
    if (count && !("cut" in body.dataset)) count.textContent = shown;
  }

  function swapCells(row, fresh) {
    while (row.cells.length > 1) row.lastElementChild.remove();
    row.append(...[...fresh.cells].slice(1));
    row.classList.toggle("is-unread", fresh.classList.contains("is-unread"));
    const isNews = told(row) !== told(fresh);
    for (const name of ["state", "urgency", "digest"]) row.dataset[name] = fresh.dataset[name];
    if (isNews) flash(row);
  }

  const told = (row) => row.dataset.digest.replace(/\.unread$/, ""); // what its reader did is no news to them

  function flash(row) {
    row.classList.remove("is-changed");
    requestAnimationFrame(() => row.classList.add("is-changed"));
    row.addEventListener("animationend", () => row.classList.remove("is-changed"), { once: true });
  }

  function group(name) {
    const known = document.getElementById(`group-${name}`);
    if (known) return known;
    const labels = new Map(JSON.parse(table().dataset.groups)), names = [...labels.keys()];
    const body = document.createElement("tbody");
    body.id = `group-${name}`;
    const head = body.insertRow();
    head.className = name === "untaken" || name === "late" ? "rows__group rows__group--red" : "rows__group";
    const cell = document.createElement("th");
    [cell.colSpan, cell.scope] = [7, "rowgroup"];
    const count = document.createElement("span");
    count.className = "rows__count";
    cell.append(`${labels.get(name)} `, count);
    head.append(cell);
    const later = [...table().tBodies].find((other) => names.indexOf(other.id.slice(6)) > names.indexOf(name));
    table().insertBefore(body, later || null);
    return body;
  }

  function insert(row) {
    const body = group(row.dataset.group);
    const next = [...body.rows].slice(1).find((other) => other.dataset.place > row.dataset.place);
    body.insertBefore(row, next || null);
    recount(body);
    flash(row);
  }

  function insertAbove(row) { // without moving what the reader has in hand; false where the page cannot scroll along
    const held = table().querySelector("tr[data-ticket]:hover") || document.activeElement.closest("#list tr[data-ticket]") ||
      table().querySelector("tr:has(.tick:checked)");
    if (!held) return false;
    const top = held.getBoundingClientRect().top;
    const moved = () => held.getBoundingClientRect().top - top;
    insert(row);
    scrollBy({ top: moved(), behavior: "instant" });
    if (Math.abs(moved()) < 1) return true;
    remove(row);
    return false;
  }

  function remove(row) {
    const body = row.parentElement;
    row.remove();
    recount(body);
  }

  const isSamePlace = (row, fresh) => row.dataset.group === fresh.dataset.group && row.dataset.place === fresh.dataset.place;
  const all = (holder) => [...holder.querySelectorAll("tr[data-ticket]")];
  return { table, find, parse, swapCells, insert, insertAbove, remove, isSamePlace, all };
})();
