// A call: what is typed is kept on the server as it is typed, the number to read aloud comes back; how long it lasts.
(() => {
  const form = document.getElementById("call"), state = document.getElementById("kept"), find = document.getElementById("call-find");
  if (!form) return;
  const FIRST = 300, LATER = 2000, AGAIN = 5000; // milliseconds
  let timer, sending, isOver = false, kept = words();

  function words() {
    return new URLSearchParams([...new FormData(form)].filter(([name]) => name !== "csrf_token")).toString();
  }

  async function keep() {
    clearTimeout(timer);
    timer = undefined;
    if (sending) await sending;
    const typed = words();
    if (isOver || typed === kept) return;
    sending = fetch(form.dataset.keep, {
      method: "POST", body: new FormData(form), headers: { "HX-Request": "true" },
      keepalive: typed.length < 50000, // with 64 KB and more a browser sends nothing
    })
      .then(async (answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        kept = typed;
        if (answer.status === 204) return;
        show(await answer.text());
      })
      .catch(() => {
        state.textContent = state.dataset.lost;
        timer ??= setTimeout(keep, AGAIN);
      });
    await sending;
    sending = undefined;
  }

  function show(html) {
    const said = new DOMParser().parseFromString(html, "text/html").getElementById("say");
    const now = document.getElementById("say");
    if (now.textContent !== said.textContent) now.replaceWith(said);
    state.textContent = state.dataset.kept.replace("#", said.dataset.saved);
  }

  form.addEventListener("input", () => {
    const isFirst = !document.getElementById("say").dataset.number;
    timer ??= setTimeout(keep, isFirst ? FIRST : LATER);
  });
  form.addEventListener("submit", () => { isOver = true; clearTimeout(timer); });
  addEventListener("pageshow", (event) => { if (event.persisted) isOver = false; });
  addEventListener("pagehide", () => { if (timer) keep(); });
  find?.addEventListener("submit", async (event) => { // the words come along
    event.preventDefault();
    await Promise.race([keep(), new Promise((done) => { setTimeout(done, LATER); })]);
    isOver = true;
    find.submit();
  });

  if (new URLSearchParams(location.search).has("phone") && document.getElementById("say").dataset.number) {
    kept = ""; // whoever calls turned out to be somebody else: the draft is theirs from now on
    timer = setTimeout(keep, FIRST);
  }

  const lasts = document.querySelector("[data-call-lasts]"), since = performance.now();
  lasts.hidden = false;
  const tick = () => {
    const seconds = Math.floor((performance.now() - since) / 1000);
    lasts.querySelector("strong").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  tick();
  setInterval(tick, 1000);
})();
