// The cursor of the list: J and K move it, Enter opens, C takes, X ticks, R answers. It waits where the reader left it.
(() => {
  const { all, table, find } = window.rows;
  if (!table()) return;
  const KEPT = "list-cursor";
  const read = () => { try { return sessionStorage.getItem(KEPT); } catch { return null; } };
  const current = () => table().querySelector("tr.is-cursor");
  let isOn = false; // it stays through a new list; a list without it gets none by itself, which would hold its order

  function set(row, isSeen = true) {
    current()?.classList.remove("is-cursor");
    if (!row) return false;
    row.classList.add("is-cursor");
    isOn = true;
    if (isSeen) {
      row.scrollIntoView({ block: "nearest" });
      row.querySelector(".rows__title").focus({ preventScroll: true }); // so that a screen reader says which it is
    }
    try { sessionStorage.setItem(KEPT, row.dataset.ticket); } catch { /* then it starts at the top */ }
    return true;
  }

  function move(step) {
    const rows = all(table()), at = rows.indexOf(current());
    return set(at < 0 ? find(read()) || rows[0] : rows[Math.min(rows.length - 1, Math.max(0, at + step))]);
  }

  const onRow = (act) => ({ repeat }) => { const row = !repeat && current(); if (row) act(row); return Boolean(row); }; // held down: once
  window.keys.add("KeyJ", () => move(1));
  window.keys.add("KeyK", () => move(-1));
  window.keys.add("Enter", onRow((row) => row.querySelector(".rows__title").click()));
  window.keys.add("KeyX", onRow((row) => row.querySelector(".tick").click()));
  window.keys.add("KeyR", onRow((row) => { location.href = `${row.querySelector(".rows__title").href}#text`; }));
  window.keys.add("KeyC", () => {
    const button = table().querySelector(".tick:checked") ? null : current()?.querySelector(".rows__take");
    if (!button) return false; // what is ticked has a bar with keys of its own
    window.keys.press(button);
    return true;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (table().querySelector(".tick:checked")) document.getElementById("picked").reset();
    else { isOn = false; current()?.classList.remove("is-cursor"); document.activeElement.blur(); }
  });
  document.addEventListener("list:replaced", () => { if (isOn) set(find(read()), false); });
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") set(find(read()), false);
})();
