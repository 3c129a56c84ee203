// Small manners of every page: print buttons, one press a form, the tab of this page in sight.
(() => {
  for (const tab of document.querySelectorAll("nav [aria-current]")) {
    const row = tab.closest(".staff-nav, .tabs, .desk__rail");
    if (!row) continue;
    const [here, all] = [tab.getBoundingClientRect(), row.getBoundingClientRect()];
    row.scrollLeft += here.left - all.left - (all.width - here.width) / 2;
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // What is shown once, as the answer to a form: a reload opens the list, and asks nobody to send the form again.
  const once = document.querySelector("[data-reloads-as]");
  if (once) history.replaceState(null, "", once.dataset.reloadsAs);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || event.submitter?.formTarget) return; // answered in a frame
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    const button = event.submitter;
    form.dataset.sending = "1";
    if (button && button.dataset.sending) {
      button.style.setProperty("min-width", `${button.offsetWidth}px`);
      button.setAttribute("aria-disabled", "true");
      button.dataset.label = button.textContent;
      button.textContent = button.dataset.sending;
    }
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
    for (const button of document.querySelectorAll("button[data-label]")) {
      button.textContent = button.dataset.label;
      button.removeAttribute("aria-disabled");
    }
  });
})();
