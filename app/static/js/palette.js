// Ctrl+K: a line to type in, and under it what can be done here and where one can go. Acts are what stands on the page:
// views, sections, and everything that has a key; requests, companies and people come from the desk.
(() => {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const [box, list, none, form] = [dialog.querySelector("input"), dialog.querySelector("ul"), dialog.querySelector(".palette__none"), dialog.querySelector("form")];
  const LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.", RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю", WAIT = 150, MOST = 14;
  let acts = [], offers = [], chosen = 0, timer, asked = 0;

  const words = (one) => (one.dataset.words || one.getAttribute("aria-label") || [...one.childNodes].map((node) => (node.nodeName === "KBD" ? "" : node.textContent)).join(" ") || one.value || "").replace(/\s+/g, " ").trim();
  const russian = (text) => [...text].map((letter) => RUSSIAN[LATIN.indexOf(letter)] ?? letter).join("");

  function gather() {
    const seen = new Set();
    const things = [...document.querySelectorAll("[data-key], [data-words], .staff-nav a, .menu__list a.menu__item, .rail a")];
    const isHere = (one) => Boolean(one.closest("main, .desk__panel")); // what this page is about stands first
    acts = [...things.filter(isHere), ...things.filter((one) => !isHere(one))].filter((one) => !one.disabled && !one.closest("tr, [hidden], dialog") && !one.matches("input:not([type=radio])")).map((one) => {
      const label = one.matches("input") ? words(one.closest("label") || one) : words(one);
      return { label, detail: one.getAttribute("aria-keyshortcuts") || "", run: () => window.keys.press(one) };
    }).filter(({ label }) => label && !seen.has(label) && seen.add(label));
  }

  function matching() {
    const typed = box.value.trim().toLowerCase();
    if (!typed) return [...acts.filter(({ detail }) => detail), ...acts.filter(({ detail }) => !detail)].slice(0, MOST);
    const every = (label, text) => text.split(/\s+/).every((part) => label.toLowerCase().includes(part));
    return [...acts.filter(({ label }) => every(label, typed) || every(label, russian(typed))).slice(0, 6), ...offers].slice(0, MOST);
  }

  function show() {
    const found = matching();
    chosen = Math.max(0, Math.min(chosen, found.length - 1));
    list.replaceChildren(...found.map(({ label, detail }, index) => {
      const line = document.createElement("li");
      [line.id, line.role] = [`palette-${index}`, "option"];
      line.setAttribute("aria-selected", String(index === chosen));
      const name = document.createElement("span"), more = document.createElement("small");
      [name.textContent, more.textContent] = [label, detail];
      line.append(name, more);
      line.addEventListener("click", () => go(found[index]));
      return line;
    }));
    none.hidden = Boolean(found.length) || !box.value.trim();
    if (found.length) box.setAttribute("aria-activedescendant", `palette-${chosen}`); else box.removeAttribute("aria-activedescendant");
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
    return found;
  }

  function go(line) {
    dialog.close();
    if (line.href) location.href = line.href; else line.run();
  }

  async function ask() {
    const number = ++asked;
    const answer = await fetch(`${dialog.dataset.url}?q=${encodeURIComponent(box.value)}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (number !== asked || answer?.status !== 200) return;
    offers = await answer.json();
    show();
  }

  function open() {
    if (document.querySelector("dialog[open]")) return;
    gather();
    [box.value, offers, chosen] = ["", [], 0];
    dialog.showModal();
    show();
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.code === "KeyK") { event.preventDefault(); open(); }
  });
  box.addEventListener("input", () => {
    [chosen, offers] = [0, []];
    asked++; // an answer that is still on its way was to other words
    show();
    clearTimeout(timer);
    if (box.value.trim()) timer = setTimeout(ask, WAIT);
  });
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); chosen += step; if (chosen < 0) chosen = list.children.length - 1; else chosen %= list.children.length || 1; show(); }
    if (event.key !== "Enter") return;
    event.preventDefault();
    const line = matching()[chosen];
    if (line) go(line);
    else if (box.value.trim()) { form.elements.q.value = box.value; form.submit(); }
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
})();
