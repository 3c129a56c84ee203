// Words on staff pages outlive a sign-in that ended and a link that broke. They are kept in this tab for whoever typed
// them, until the page after their sending; before words are sent, a short question tells whether they can arrive.
(() => {
  const page = document.body.dataset, strip = document.getElementById("unsent");
  const HOME = "kept page", SENT = "kept sent", PATIENCE = 8000; // milliseconds
  const read = (name) => { try { return sessionStorage.getItem(name); } catch { return null; } };
  const write = (name, value) => {
    try { if (value) sessionStorage.setItem(name, value); else sessionStorage.removeItem(name); } catch { /* this page only */ }
  };
  const signIn = () => `/login?next=${encodeURIComponent(read(HOME) || "/queue")}`;

  if (!page.me) { // a page that refuses: nothing has arrived, and the way leads back to where it was typed
    write(SENT, "");
    for (const link of document.querySelectorAll("a[href='/login']")) link.href = signIn();
    return;
  }
  if (page.page) write(HOME, page.page);
  const home = read(HOME) || location.pathname;
  const arrived = performance.getEntriesByType("navigation")[0]?.type;
  if (arrived === "navigate" && read(SENT)) write(read(SENT), "");
  write(SENT, "");

  const isText = (one) => one.matches("textarea, input[type=text], input:not([type])") && one.autocomplete !== "one-time-code";
  const isKept = (one) => one.name && !one.closest("[hidden].honeypot") && (isText(one) || one.matches("input[type=radio], input[type=checkbox], select, [name=form_key]"));
  const forms = [...document.forms].filter((form) => form.method === "post" && [...form.elements].some(isText));
  const place = (form) => `kept ${page.me} ${home} ${new URL(form.action).pathname}`;
  const isSafe = (form) => form.matches("[data-keep], [data-draft]"); // its words are kept by other means, while there is a link
  const hasWords = (form) => [...form.elements].some((one) => isText(one) && one.value.trim() && one.value !== one.defaultValue);

  function keep(form) {
    const values = [...form.elements].filter(isKept).map((one) => [one.name, one.value, one.checked]);
    write(place(form), hasWords(form) ? JSON.stringify(values) : "");
  }

  function putBack(form) {
    let values = [];
    try { values = JSON.parse(read(place(form))) || []; } catch { /* not ours */ }
    for (const [name, value, checked] of values) {
      for (const one of [...form.elements].filter((each) => each.name === name && isKept(each))) {
        if (one.type === "radio" || one.type === "checkbox") { if (one.value === value) one.checked = checked; }
        else if (one.name === "form_key" || one.matches("select") || one.value === one.defaultValue) one.value = value;
      }
    }
    if (values.length) form.closest("details")?.setAttribute("open", "");
    if (isSafe(form)) write(place(form), "");
  }

  function say(form, words) {
    strip.querySelector("span").textContent = words;
    form.prepend(strip);
    strip.hidden = false;
    strip.scrollIntoView({ block: "nearest" });
  }

  async function ask(form, submitter) {
    form.dataset.asking = "1";
    let status = 0;
    try {
      status = (await fetch("/login/still", { headers: { "HX-Request": "true" }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) })).status;
    } catch { /* no answer */ }
    delete form.dataset.asking;
    if (status === 401 || status === 0 || status >= 500) keep(form);
    if (status === 401) return location.assign(signIn());
    if (status === 0 || status >= 500) return say(form, strip.dataset.lost);
    strip.hidden = true;
    form.dataset.asked = "1";
    write(SENT, place(form));
    form.requestSubmit(submitter);
    delete form.dataset.asked;
  }

  for (const form of forms) {
    putBack(form);
    if (!isSafe(form)) form.addEventListener("input", () => keep(form));
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!forms.includes(form) || form.dataset.asked || event.submitter?.formTarget || !window.fetch || !AbortSignal.timeout) return;
    const wanted = [...form.elements].some((one) => isText(one) && one.value.trim());
    if (!wanted || form.dataset.sending) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.asking) return;
    ask(form, event.submitter);
  }, true);
})();
