// Colleagues are offered while «@» is typed in a note: arrows choose, Enter or Tab sets the surname in, Esc closes.
// Words stay the writer's: a name typed to its end needs no list, and without this script it is told all the same.
(() => {
  const text = document.getElementById("text"), list = document.getElementById("mentions");
  if (!text || !list) return;
  const begin = document.querySelector("[data-mention-begin]"), said = document.getElementById("mentions-said");
  const BEGUN = /(?:^|[^\p{L}\p{N}_.@+-])@([\p{L}-]*)$/u, LAST = 4000; // signs before the cursor that are looked at
  const lines = [...list.children];
  let shown = [], chosen = 0, closedAt = -1;

  const plain = (words) => words.toLowerCase().replaceAll("ё", "е");
  const isNote = () => text.form.elements.kind.value === "note";
  const begun = () => (text.selectionStart === text.selectionEnd ? BEGUN.exec(text.value.slice(Math.max(0, text.selectionStart - LAST), text.selectionStart)) : null);

  function close() {
    list.hidden = true;
    text.removeAttribute("aria-activedescendant");
    said.textContent = "";
  }

  function mark() {
    for (const line of lines) line.setAttribute("aria-selected", String(line === shown[chosen]));
    text.setAttribute("aria-activedescendant", shown[chosen].id);
    shown[chosen].scrollIntoView({ block: "nearest" });
  }

  function look() {
    const found = isNote() && begun(), at = found && text.selectionStart - found[1].length;
    if (!found || at === closedAt) { if (!found) closedAt = -1; return close(); }
    const typed = plain(found[1]);
    shown = lines.filter((line) => plain(line.textContent).split(/\s+/).some((part) => part.startsWith(typed)));
    for (const line of lines) line.hidden = !shown.includes(line);
    if (!shown.length || typed && shown.length === 1 && plain(shown[0].dataset.surname) === typed) return close();
    if (list.hidden) said.textContent = list.dataset.said;
    [list.hidden, chosen] = [false, 0];
    mark();
  }

  function setIn(line) {
    const [, typed] = begun(), start = text.selectionStart - typed.length, after = text.value.slice(text.selectionStart);
    const words = line.dataset.surname + (/^\s/.test(after) ? "" : " ");
    text.setRangeText(words, start, text.selectionStart, "end");
    close();
    text.dispatchEvent(new Event("input", { bubbles: true })); // the draft is kept
  }

  text.addEventListener("input", look);
  text.addEventListener("click", look);
  text.addEventListener("keyup", ({ key }) => { if (!list.hidden && ["ArrowLeft", "ArrowRight", "Home", "End"].includes(key)) look(); });
  text.addEventListener("blur", close);
  text.addEventListener("keydown", (event) => {
    if (list.hidden || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { chosen = (chosen + step + shown.length) % shown.length; mark(); }
    else if (event.key === "Enter" && !event.shiftKey || event.key === "Tab" && !event.shiftKey) setIn(shown[chosen]);
    else if (event.key === "Escape") { closedAt = text.selectionStart - begun()[1].length; close(); }
    else return;
    event.preventDefault(); // and the keys of the page do not hear it
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the cursor stays in the note
  list.addEventListener("click", ({ target }) => { if (target.closest("li")) setIn(target.closest("li")); });

  // A Russian layout has no «@»: the button writes it.
  begin.hidden = false;
  begin.addEventListener("click", () => {
    text.focus();
    const before = text.value.slice(0, text.selectionStart);
    if (!begun()) text.setRangeText(/[\p{L}\p{N}_.@+-]$/u.test(before) ? " @" : "@", text.selectionStart, text.selectionEnd, "end");
    closedAt = -1;
    look();
  });
})();
