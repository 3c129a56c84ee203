// Fragments of htmx under a [data-topic]: each fetches itself when its topic changes, but not under the reader's hand.
(() => {
  const stale = new Set();
  const isHeld = (fragment) =>
    fragment.contains(document.activeElement) || fragment.querySelector("details[open], form:hover, summary:hover") ||
    (!getSelection().isCollapsed && fragment.contains(getSelection().anchorNode));
  const refresh = () => {
    for (const fragment of stale) {
      if (!fragment.isConnected) stale.delete(fragment);
      else if (!isHeld(fragment)) { stale.delete(fragment); htmx.trigger(fragment, "live"); }
    }
  };
  const mark = (holder) => { for (const fragment of holder.querySelectorAll("[hx-get][id]")) stale.add(document.getElementById(fragment.id)); };
  document.addEventListener("live:change", ({ detail }) => {
    for (const holder of document.querySelectorAll("[data-topic]")) if (detail.has(holder.dataset.topic)) mark(holder);
    refresh();
  });
  document.addEventListener("live:sync", () => { document.querySelectorAll("[data-topic]").forEach(mark); refresh(); });
  setInterval(refresh, 700);
})();
