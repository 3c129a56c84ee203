// One event stream per browser: the tab that leads holds it and passes on what it hears; pages fetch what they show.
// Speaks by events on document: "live:change" (detail: a Set of topics), "live:sync" (anything may have changed), and
// before a change "live:row" and "live:counts": parts of the leading tab's queue that the stream carried along.
(() => {
  const state = document.getElementById("live-state");
  if (!state) return;
  const strip = document.getElementById("link-lost");
  const BROKEN = 20000, SILENT = 40000, POLL = 30000, POLL_ALONE = 10000, JITTER = 200; // milliseconds
  const tabs = window.BroadcastChannel ? new BroadcastChannel("desk") : null;
  let heardAt = Date.now(), brokenAt = 0, isFresh = false, askedAt = Date.now(), wait = 1000;
  let isAlone = !(navigator.locks && tabs && window.EventSource), isLost = false;
  let source, leave, timer, topics = new Set();

  const clock = (at) => new Date(at).toLocaleTimeString("ru", { hour: "numeric", minute: "2-digit", timeZone: state.dataset.zone });

  function sync() {
    [askedAt, isFresh] = [Date.now(), true];
    document.dispatchEvent(new CustomEvent("live:sync"));
  }

  function change(topic) { // many changes at once are one
    topics.add(topic);
    timer ??= setTimeout(() => {
      const detail = topics;
      [timer, topics] = [undefined, new Set()];
      document.dispatchEvent(new CustomEvent("live:change", { detail }));
    }, Math.random() * JITTER);
  }

  function hear({ kind, topic, part }) {
    if (kind === "broken") {
      brokenAt ||= Date.now();
      return;
    }
    const wasBroken = brokenAt;
    [heardAt, brokenAt] = [Date.now(), 0];
    if (part) document.dispatchEvent(new CustomEvent(`live:${kind}`, { detail: part }));
    else if (topic) change(topic);
    else if (kind === "sync" || kind === "open" || wasBroken) setTimeout(sync, Math.random() * 1000);
    show();
  }

  function tell(message) {
    hear(message);
    tabs.postMessage(message);
  }

  function lead() {
    const { selection } = document.getElementById("list")?.dataset || {};
    source = new EventSource(selection ? `${state.dataset.live}?queue=${encodeURIComponent(selection)}` : state.dataset.live);
    source.addEventListener("open", () => { wait = 1000; tell({ kind: "open" }); });
    source.addEventListener("message", (event) => tell({ topic: event.data }));
    for (const kind of ["ping", "sync"]) source.addEventListener(kind, () => tell({ kind }));
    for (const kind of ["row", "counts"]) source.addEventListener(kind, (event) => tell({ kind, part: JSON.parse(event.data) }));
    source.addEventListener("deaf", () => tell({ kind: "broken" }));
    source.addEventListener("error", async () => {
      tell({ kind: "broken" });
      if (source.readyState !== EventSource.CLOSED) return;
      const stopped = new AbortController();
      const answer = await fetch(state.dataset.live, { signal: stopped.signal }).catch(() => null);
      stopped.abort();
      if (answer?.status === 401) return location.reload();
      if (answer?.status === 204) isAlone = true; // too many streams: this browser asks now and then
      wait = Math.min(wait * 2, 30000);
      setTimeout(() => { if (leave) { source.close(); lead(); } }, wait + Math.random() * 1000);
    });
  }

  function seekLead() {
    if (isAlone) return;
    navigator.locks.request("desk live", () => new Promise((done) => { leave = done; lead(); }));
  }

  function resign() {
    source?.close();
    leave?.();
    leave = undefined;
  }

  function show() {
    isLost = !isAlone && ((brokenAt && Date.now() - brokenAt > BROKEN) || Date.now() - heardAt > SILENT);
    const since = clock(brokenAt || heardAt);
    state.querySelector(".dot").classList.toggle("dot--off", Boolean(isLost));
    state.classList.toggle("live--lost", Boolean(isLost));
    state.querySelector("[data-text]").textContent =
      isLost ? `${state.dataset.lost} ${since}` : `${state.dataset.fresh} ${clock(isAlone ? askedAt : Date.now())}`;
    if (!strip) return;
    if (isLost && strip.hidden) strip.querySelector("span").textContent = strip.dataset.words.replace("#", since);
    strip.hidden = !isLost;
  }

  setInterval(() => {
    show();
    const every = isAlone ? POLL_ALONE : brokenAt ? POLL : Infinity;
    if (!document.hidden && Date.now() - askedAt > every) sync();
  }, 1000);
  if (tabs) tabs.onmessage = (event) => hear(event.data);
  addEventListener("pagehide", resign);
  addEventListener("pageshow", (event) => { if (event.persisted) { seekLead(); sync(); } });
  document.addEventListener("submit", (event) => { if (event.target.action.endsWith("/logout")) resign(); });
  seekLead();
  setTimeout(() => { if (!isFresh) sync(); }, 2000); // what changed between the page and its first hearing
})();
