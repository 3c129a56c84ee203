// On the page that confirms: what was kept on this device until it was sent is no longer needed. Loaded anew, the page
// confirms nothing: what is kept by then was written after.
(() => {
  const page = document.querySelector("[data-draft-sent]");
  if (performance.getEntriesByType("navigation")[0]?.type !== "navigate") return;
  try { if (page) localStorage.removeItem(`draft:${page.dataset.draftSent}`); } catch { /* nothing was kept */ }
})();
