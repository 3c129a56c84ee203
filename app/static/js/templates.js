// Answers worded beforehand are set in at the cursor; T leads to the first, arrows to the next. Without this script
// the server brings the page back with the text in it.
(() => {
  const box = document.getElementById("templates"), text = document.getElementById("text");
  if (!box || !text) return;
  const chips = () => [...box.querySelectorAll("button, summary")].filter((one) => one.checkVisibility());

  window.keys?.add("KeyT", () => { chips()[0]?.focus(); return chips().length > 0; });
  box.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const all = chips(), at = all.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    all[(at + step + all.length) % all.length].focus();
  });

  function setIn(words) {
    const before = text.value.slice(0, text.selectionStart), after = text.value.slice(text.selectionEnd);
    const gap = before && !/\s$/.test(before) ? "\n" : "";
    text.value = `${before}${gap}${words}${after}`;
    text.focus();
    text.selectionStart = text.selectionEnd = before.length + gap.length + words.length;
    text.dispatchEvent(new Event("input", { bubbles: true })); // the draft is kept
  }

  document.addEventListener("click", async (event) => { // chips here, solutions of requests like this one at the side
    const chip = event.target.closest("[data-template]");
    if (!chip) return;
    event.preventDefault();
    chip.closest("details")?.removeAttribute("open");
    try {
      const answer = await fetch(chip.dataset.template, { headers: { Accept: "text/plain" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      setIn(await answer.text());
    } catch { chip.setAttribute("aria-invalid", "true"); } // the link is lost: the strip says so
  });
})();
