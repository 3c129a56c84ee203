// Fragments of htmx under a [data-topic]: each fetches itself when one of its topics changes, but not under the reader's hand.
// Inside a [data-calm] the order stands still while the pointer moves over it; meanwhile #order-changed offers the news.
(() => {
  const stale = new Set(), REST = 30000; // milliseconds; a pointer that lies still for so long holds nothing
  const wanted = new Set(); // asked for by the reader: nothing holds them
  let movedAt = 0;
  const order = document.getElementById("order-changed");
  const isPointedAt = (fragment) => {
    const calm = fragment.closest("[data-calm]");
    return calm && Date.now() - movedAt < REST && calm.matches(":hover");
  };
  const isHeld = (fragment) => !wanted.has(fragment.id) && (
    fragment.contains(document.activeElement) || fragment.querySelector("details[open], form:hover, summary:hover") ||
    isPointedAt(fragment) || (!getSelection().isCollapsed && fragment.contains(getSelection().anchorNode)));
  const refresh = () => {
    for (const fragment of stale) {
      if (!fragment.isConnected) stale.delete(fragment);
      else if (!isHeld(fragment)) { stale.delete(fragment); htmx.trigger(fragment, "live"); }
    }
    if (order) order.hidden = ![...stale].some((fragment) => fragment.closest("[data-calm]"));
  };
  const mark = (holder) => { for (const fragment of holder.querySelectorAll("[hx-get][id]")) stale.add(document.getElementById(fragment.id)); };
  document.addEventListener("pointermove", ({ pointerType }) => { if (pointerType === "mouse") movedAt = Date.now(); });
  document.addEventListener("live:change", ({ detail }) => {
    for (const holder of document.querySelectorAll("[data-topic]")) if (holder.dataset.topic.split(" ").some((topic) => detail.has(topic))) mark(holder);
    refresh();
  });
  document.addEventListener("live:sync", () => { document.querySelectorAll("[data-topic]").forEach(mark); refresh(); });
  document.addEventListener("htmx:before:request", (event) => { // by the clock: it waits as well
    if (!event.target.closest("[data-calm]")) return;
    if (isHeld(event.target)) { event.preventDefault(); stale.add(event.target); }
    wanted.delete(event.target.id);
  });
  order?.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    for (const fragment of stale) wanted.add(fragment.id);
    refresh();
  });
  setInterval(refresh, 700);
})();
