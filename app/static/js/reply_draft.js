// What is typed on a request is kept on the server, for any device; draft.js keeps it here for as long as that fails.
// Runs before draft.js, which fills what is empty.
(() => {
  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const LATER = 2000, AGAIN = 10000; // milliseconds
  const here = `draft:${form.dataset.draft}`, sentHere = `${here}:sent`;
  const text = form.elements.text, state = form.querySelector("[data-kept]");
  let timer, isOver = false;

  const words = () => `${form.elements.kind.value} ${text.value}`;
  let kept = words();

  function storage(act) {
    try { return act(localStorage); } catch { return null; } // forbidden: the server keeps it alone
  }

  storage((device) => {
    if (form.dataset.said && device.getItem(sentHere) === form.dataset.said) { // those words have arrived
      device.removeItem(here);
      device.removeItem(sentHere);
    }
    const left = JSON.parse(device.getItem(here) || "{}").text || "";
    if (left.startsWith(text.value)) text.value = left; // what the server missed
  });

  async function keep() {
    clearTimeout(timer);
    timer = undefined;
    const typed = words();
    if (isOver || typed === kept) return;
    const body = new FormData();
    for (const name of ["csrf_token", "form_key", "text"]) body.append(name, form.elements[name].value);
    body.append("kind", form.elements.kind.value);
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body, keepalive: typed.length < 15000, headers: { "HX-Request": "true" } });
      if (answer.status !== 204) throw new Error(String(answer.status));
      kept = typed;
      if (words() === typed) storage((device) => device.removeItem(here));
      const time = new Date().toLocaleTimeString("ru", { hour: "numeric", minute: "2-digit", timeZone: form.dataset.zone });
      state.textContent = text.value.trim() ? state.dataset.kept.replace("#", time) : "";
    } catch {
      state.textContent = state.dataset.lost;
      timer ??= setTimeout(keep, AGAIN);
    }
  }

  const later = () => { timer ??= setTimeout(keep, LATER); };
  form.addEventListener("input", () => { isOver = false; later(); }); // nothing was sent: its files were still on their way
  if (words() !== kept) later();
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    isOver = true;
    clearTimeout(timer);
    storage((device) => device.setItem(sentHere, form.elements.form_key.value));
  });
  addEventListener("pageshow", (event) => { if (event.persisted) isOver = false; });

  // An act brings the page anew under the hands of whoever goes on writing: the cursor is where it was.
  const WRITING = "writing here";
  try {
    if (sessionStorage.getItem(WRITING) === here) {
      text.focus();
      text.selectionStart = text.selectionEnd = text.value.length;
    }
    sessionStorage.removeItem(WRITING);
  } catch { /* forbidden */ }
  addEventListener("pagehide", () => {
    if (timer) keep();
    try { if (!isOver && document.activeElement === text) sessionStorage.setItem(WRITING, here); } catch { /* forbidden */ }
  });
})();
