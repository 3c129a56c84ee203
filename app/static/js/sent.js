// On the page that confirms: what was kept on this device until it was sent is no longer needed.
(() => {
  const page = document.querySelector("[data-draft-sent]");
  try { if (page) localStorage.removeItem(`draft:${page.dataset.draftSent}`); } catch { /* nothing was kept */ }
})();
