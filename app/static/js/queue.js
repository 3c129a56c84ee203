// The queue keeps itself fresh and never moves under the reader's hand: while pointer, focus or a selection is in the
// table, only the insides of other rows change; new rows, moves and departures wait behind «N новых» and «обновить».
(() => {
  const { table, find, parse, swapCells, insert, remove, isSamePlace, all } = window.rows;
  const byId = (id) => document.getElementById(id);
  const [arrivals, said, order] = [byId("arrivals"), byId("arrivals-said"), byId("order-changed")];
  if (!arrivals) return;
  const LIST_EVERY = 60000, SAY_EVERY = 30000, MANY = 15;
  const title = document.title;
  const waiting = new Map(), stale = new Set(), asking = new Set();
  let saidAt = 0, listedAt = Date.now();

  const isSelecting = (holder) => !getSelection().isCollapsed && holder.contains(getSelection().anchorNode);
  const isHeldRow = (row) => row.matches(":hover") || row.contains(document.activeElement) || row.querySelector("details[open]") || isSelecting(row);
  const isHeld = () => table().matches(":hover") || table().contains(document.activeElement) ||
    table().querySelector(".tick:checked, details[open], .is-cursor") || isSelecting(table());
  const plural = (n, { one, few, many }) => {
    const [tens, units] = [Math.floor((n % 100) / 10), n % 10];
    return `${n}\u00a0${tens === 1 || !units || units > 4 ? many : units === 1 ? one : few}`;
  };
  const get = (url, digest) => fetch(`${url}&digest=${digest}`, { headers: { "HX-Request": "true" } });

  function showWaiting() {
    const urgent = [...waiting.values()].filter((row) => row.dataset.urgency === "urgent").length;
    arrivals.hidden = !waiting.size;
    document.title = waiting.size ? `(${waiting.size}) ${title}` : title;
    if (!waiting.size) return;
    const words = plural(waiting.size, arrivals.dataset), chip = arrivals.querySelector("[data-urgent]");
    arrivals.querySelector("[data-count]").textContent = words;
    chip.hidden = !urgent;
    chip.textContent = plural(urgent, chip.dataset);
    if (Date.now() - saidAt > SAY_EVERY) [said.textContent, saidAt] = [words, Date.now()];
  }

  function isBeyond(row) { // belongs on another page of the list
    const shown = all(table());
    return shown.length > 0 && ("more" in table().dataset && row.dataset.place > shown.at(-1).dataset.place ||
      "after" in table().dataset && row.dataset.place < shown[0].dataset.place);
  }

  function arrive(fresh) {
    const row = find(fresh.dataset.ticket);
    if (row && (isSamePlace(row, fresh) || isHeld())) {
      if (!isSamePlace(row, fresh)) order.hidden = false;
      return swapCells(row, fresh);
    }
    if (row) remove(row);
    if (isBeyond(fresh)) return;
    if (!isHeld()) return insert(fresh);
    waiting.set(fresh.dataset.ticket, fresh);
    showWaiting();
  }

  function depart(row) {
    if (!isHeld()) return remove(row);
    row.classList.add("is-gone");
    order.hidden = false;
  }

  async function ask(number) {
    const row = find(number);
    if (asking.has(number) || row && isHeldRow(row)) return void stale.add(number);
    stale.delete(number);
    asking.add(number);
    try {
      const answer = await get(table().dataset.rowUrl.replace("/0?", `/${number}?`), row ? row.dataset.digest : "");
      const now = find(number);
      if (answer.status === 200) {
        if (now && isHeldRow(now)) stale.add(number);
        else arrive(parse(await answer.text()));
      } else if (answer.status === 410) {
        if (now) depart(now);
      } else if (answer.status === 204 && waiting.delete(number)) showWaiting();
    } catch { /* the link is down: the strip says so, and a full refresh follows */ } finally {
      asking.delete(number);
    }
  }

  async function askList(isWanted = false) { // isWanted: the reader asked for it, so everything may move
    listedAt = Date.now();
    const answer = await get(table().dataset.url, isWanted ? "" : table().dataset.digest).catch(() => null);
    if (answer?.status !== 200) return;
    const fresh = parse(await answer.text());
    if (isWanted || !isHeld()) {
      const ticked = all(table()).filter((row) => row.querySelector(".tick").checked).map((row) => row.dataset.ticket);
      table().replaceWith(fresh);
      for (const number of ticked) if (find(number)) find(number).querySelector(".tick").checked = true;
      waiting.clear();
      order.hidden = true;
    } else {
      const numbers = new Set(all(fresh).map((row) => row.dataset.ticket));
      for (const row of all(table())) if (!numbers.has(row.dataset.ticket)) depart(row);
      for (const row of all(fresh)) {
        const own = find(row.dataset.ticket);
        if (own && own.dataset.digest === row.dataset.digest) continue;
        if (own && isHeldRow(own)) stale.add(row.dataset.ticket); else arrive(row);
      }
    }
    showWaiting();
    count();
  }

  const count = () => { byId("picked-count").textContent = table().querySelectorAll(".tick:checked").length; };
  document.addEventListener("change", count);
  document.addEventListener("reset", () => setTimeout(count));
  for (const link of [arrivals.querySelector("a"), order.querySelector("a")]) {
    link.addEventListener("click", (event) => { event.preventDefault(); askList(true); });
  }
  document.addEventListener("live:change", ({ detail }) => {
    const numbers = [...detail].filter((topic) => topic.startsWith("ticket:")).map((topic) => topic.slice(7));
    if (numbers.length > MANY) askList(); else numbers.forEach(ask);
  });
  document.addEventListener("live:sync", () => askList());
  setInterval(() => {
    for (const number of stale) if (!find(number) || !isHeldRow(find(number))) ask(number);
    if (!document.hidden && Date.now() - listedAt > LIST_EVERY) askList();
  }, 700);
})();
