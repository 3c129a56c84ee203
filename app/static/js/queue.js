// The queue keeps itself fresh and never moves under the reader's hand: while pointer, focus or a selection is in the
// table, only the insides of other rows change; new rows, moves and departures wait behind «N новых» and «обновить».
(() => {
  const { table, find, parse, swapCells, insert, insertAbove, remove, isSamePlace, all } = window.rows;
  const byId = (id) => document.getElementById(id);
  const [arrivals, order] = [byId("arrivals"), byId("order-changed")];
  if (!arrivals) return;
  const LIST_EVERY = 60000, MANY = 15;
  const waiting = new Map(), stale = new Set(), asking = new Set(), carried = new Set();
  let listedAt = Date.now();

  const isSelecting = (holder) => !getSelection().isCollapsed && holder.contains(getSelection().anchorNode);
  const isHeldRow = (row) => row.matches(":hover") || row.contains(document.activeElement) || row.querySelector("details[open]") || isSelecting(row);
  const isHeld = () => table().matches(":hover") || table().contains(document.activeElement) ||
    table().querySelector(".tick:checked, details[open], .is-cursor") || isSelecting(table());
  const get = async (url, digest) => {
    const answer = await fetch(`${url}&digest=${digest}`, { headers: { "HX-Request": "true" } });
    if (answer.status === 401) location.reload(); // signed out meanwhile: to the log-in and back
    return answer;
  };

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
    if (!row && fresh.dataset.group === "untaken" && !waiting.has(fresh.dataset.ticket)) document.dispatchEvent(new Event("queue:urgent"));
    if (isBeyond(fresh)) return;
    if (!isHeld()) return insert(fresh);
    if (fresh.dataset.group === "untaken" && insertAbove(fresh)) return; // shows at once where the page can scroll along
    waiting.set(fresh.dataset.ticket, fresh);
    window.showArrivals([...waiting.values()]);
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
      } else if (answer.status === 204 && waiting.delete(number)) window.showArrivals([...waiting.values()]);
    } catch { /* the link is down: the strip says so, and a full refresh follows */ } finally {
      asking.delete(number);
    }
  }

  function carry({ queue, number, html }) { // what the stream asked for in this browser's name; "" of what is not shown here
    if (queue !== table().dataset.selection) return;
    carried.add(number);
    const row = find(number);
    if (row && isHeldRow(row) || asking.has(number)) return void stale.add(number);
    if (!html) {
      if (row) depart(row); else if (waiting.delete(number)) window.showArrivals([...waiting.values()]);
      return;
    }
    const fresh = parse(html);
    if (row?.dataset.digest !== fresh.dataset.digest) arrive(fresh);
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
      document.dispatchEvent(new Event("list:replaced"));
    } else {
      const numbers = new Set(all(fresh).map((row) => row.dataset.ticket));
      for (const row of all(table())) if (!numbers.has(row.dataset.ticket)) depart(row);
      for (const row of all(fresh)) {
        const own = find(row.dataset.ticket);
        if (own && own.dataset.digest === row.dataset.digest) continue;
        if (own && isHeldRow(own)) stale.add(row.dataset.ticket); else arrive(row);
      }
    }
    window.showArrivals([...waiting.values()]);
  }

  for (const link of [arrivals.querySelector("a"), order.querySelector("a")]) {
    link.addEventListener("click", (event) => { event.preventDefault(); askList(true); });
  }
  document.addEventListener("live:change", ({ detail }) => {
    const numbers = [...detail].filter((topic) => topic.startsWith("ticket:")).map((topic) => topic.slice(7)).filter((number) => !carried.delete(number));
    if (numbers.length > MANY) askList(); else numbers.forEach(ask);
  });
  document.addEventListener("live:row", ({ detail }) => carry(detail));
  document.addEventListener("live:sync", () => { carried.clear(); askList(); }); // what broke off between a row and its topic
  setInterval(() => {
    for (const number of stale) if (!find(number) || !isHeldRow(find(number))) ask(number);
    if (!document.hidden && Date.now() - listedAt > LIST_EVERY) askList();
  }, 700);
})();
