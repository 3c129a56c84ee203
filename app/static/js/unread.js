// What came while one writes has to be read before the answer leaves. The form says what its writer has seen; a
// message that comes in counts as seen when nothing is written yet, or when the writer followed «Прочитать».
(() => {
  const strip = document.getElementById("unread"), form = document.getElementById("composer");
  const text = document.getElementById("text");
  if (!strip || !text) return;
  const seen = form.elements.seen;
  const newest = () => Number(document.querySelector("#conversation [data-last]")?.dataset.last || 0);
  const others = () => [...document.querySelectorAll("#conversation [data-said]")].filter((one) => Number(one.dataset.said) > Number(seen.value));
  const see = () => { seen.value = Math.max(newest(), Number(seen.value)); strip.hidden = true; };

  function look() {
    if (!text.value.trim() || !others().length) see();
    else strip.hidden = false;
  }

  strip.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    const first = others()[0];
    first?.scrollIntoView({ block: "center" });
    first?.classList.add("is-fresh");
    see();
    text.focus({ preventScroll: true });
  });
  form.addEventListener("submit", (event) => {
    if (strip.hidden || form.elements.kind.value === "note") return;
    event.preventDefault();
    strip.querySelector("a").focus();
  }, true);
  document.addEventListener("htmx:after:swap", look);
  text.addEventListener("input", () => { if (!text.value.trim()) look(); });
})();
