// Tells the desk that this request is open here, up to which message, and whether somebody writes in it; colleagues see
// it for 15 seconds, and for its reader it is read.
(() => {
  const holder = document.querySelector("[data-presence]"), text = document.getElementById("text");
  if (!holder) return;
  const EVERY = 8000, IDLE = 60000; // milliseconds; who has not typed for a minute writes no more
  let typedAt = 0, told = "", seen = "", toldAt = 0;

  const doing = () => (text?.value.trim() && Date.now() - typedAt < IDLE ? "typing" : "viewing");
  function tell(now, { isLast = false } = {}) {
    const newest = document.querySelector("#conversation [data-last]")?.dataset.last || "";
    if (!isLast && now === told && newest === seen && Date.now() - toldAt < EVERY) return;
    [told, seen, toldAt] = [now, newest, Date.now()];
    const form = new FormData();
    form.set("csrf_token", document.querySelector("[name=csrf_token]").value);
    form.set("doing", now);
    form.set("seen", newest);
    if (isLast) navigator.sendBeacon(holder.dataset.presence, form);
    else fetch(holder.dataset.presence, { method: "POST", body: form }).catch(() => { /* the link is down: nobody is told */ });
  }

  text?.addEventListener("input", () => { typedAt = Date.now(); tell(doing()); });
  text?.form.addEventListener("submit", () => { typedAt = 0; });
  addEventListener("pagehide", () => tell("left", { isLast: true }));
  addEventListener("pageshow", (event) => { if (event.persisted) tell(doing()); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) tell("left", { isLast: true }); else tell(doing()); });
  setInterval(() => { if (!document.hidden) tell(doing()); }, 1000);
})();
