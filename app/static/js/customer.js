// The customer's page follows the request: a new state brings its own boxes, unless somebody is writing.
(() => {
  const article = document.querySelector("article[data-ticket]");
  if (!article) return;

  const isWriting = () =>
    document.querySelector("main details[open], main .uploads li") ||
    document.activeElement?.closest("form") ||
    [...document.querySelectorAll("main textarea")].some((field) => field.value !== field.defaultValue);

  document.addEventListener("htmx:after:swap", () => {
    const now = document.querySelector("#standing [data-now]")?.dataset;
    if (!now || (now.now === article.dataset.state && now.urgency === article.dataset.urgency)) return;
    article.dataset.state = now.now;
    article.dataset.urgency = now.urgency;
    if (!isWriting()) location.reload();
  });
})();
