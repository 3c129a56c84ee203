// Keys, by their place on the keyboard (event.code): J is О in a Russian layout. What a key does stands on the page:
// data-key="KeyC" is pressed or followed, data-then="id" has the cursor afterwards, data-needs="id" must not be empty.
window.keys = (() => {
  const sheet = document.getElementById("keys"), isOnBox = sheet?.querySelector("[data-keys-on]");
  const OFF = "keys-off";
  const steps = new Map(); // what a page does itself: code to function; true: done
  if (!sheet) return { add: () => {} };

  const read = () => { try { return localStorage.getItem(OFF); } catch { return null; } };
  let isOn = read() === null;
  function turn(on) {
    isOn = isOnBox.checked = on;
    document.documentElement.toggleAttribute("data-keys-off", !on);
    try { if (on) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "1"); } catch { /* for this page only */ }
  }
  turn(isOn);
  sheet.querySelector("[data-close]").addEventListener("click", () => sheet.close());
  isOnBox.addEventListener("change", () => turn(isOnBox.checked));
  for (const button of document.querySelectorAll("[data-keys-sheet]")) {
    button.hidden = false;
    button.addEventListener("click", () => { button.closest("details")?.removeAttribute("open"); sheet.showModal(); });
  }

  // a field that has just gone with its dialog keeps the cursor until the next picture: nobody types into it
  const isTyping = (at) => at.checkVisibility?.() && at.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");
  const isPressing = (at) => at.closest?.("a, button, summary, input");
  const isThere = (one) => !one.disabled && !one.closest("[hidden], dialog:not([open])") &&
    (one.checkVisibility() || one.closest("details:not([open])"));

  function press(one) {
    const needed = one.dataset.needs && document.getElementById(one.dataset.needs);
    if (needed && !needed.value.trim()) return needed.focus();
    if (one.matches("input:not([type=radio], [type=checkbox]), textarea")) { one.focus(); one.select(); return; }
    one.click();
    const then = one.dataset.then && document.getElementById(one.dataset.then);
    if (then) then.focus();
  }

  function send(event) { // Ctrl+Enter: the button that stands for «send» in the form of this field
    const form = event.target.form;
    const button = form && [...form.querySelectorAll("button:not([type=button], [type=reset], [formnovalidate])")].find((one) => one.checkVisibility());
    if (!button || !event.target.matches("textarea, select")) return;
    event.preventDefault();
    form.requestSubmit(button);
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.code === "Enter") return void send(event);
    if (event.ctrlKey || event.metaKey || event.altKey || !isOn || document.querySelector("dialog[open]")) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur(); // and the keys are back
      return;
    }
    if (event.key === "?" || event.shiftKey && event.code === "Slash") { event.preventDefault(); sheet.showModal(); return; }
    if (event.code === "Enter" && isPressing(event.target)) return;
    const code = event.shiftKey ? `Shift+${event.code}` : event.code;
    if (steps.get(code)?.(event)) return void event.preventDefault();
    if (event.repeat) return;
    const one = [...document.querySelectorAll(`[data-key~="${code}"]`)].find((each) => !each.closest("tr[data-ticket]") && isThere(each));
    if (!one) return;
    event.preventDefault();
    press(one);
  });

  if (location.hash === "#text") document.getElementById("text")?.focus(); // R in the list leads here
  return { add: (code, step) => steps.set(code, step), press };
})();
