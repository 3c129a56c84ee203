// The views' counts and the sentence beside the heading, at most once in two seconds however much changes. Where the
// stream carries the queue's rows it carries the counts too; then they are asked for only if they stay away.
(() => {
  const EVERY = 2000, CARRIED_WITHIN = 6000; // milliseconds
  let timer, isCarried = false;

  const views = () => document.getElementById("views");
  const isOurs = ({ queue }) => queue === document.getElementById("list")?.dataset.selection;

  function show(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const fresh = holder.content.querySelector("#views");
    if (fresh.dataset.digest === views().dataset.digest || views().contains(document.activeElement)) return;
    views().replaceWith(fresh);
    document.getElementById("summary").textContent = fresh.dataset.summary;
  }

  async function ask() {
    timer = undefined;
    const { url, digest } = views().dataset;
    const answer = await fetch(`${url}&digest=${digest}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer?.status === 200) show(await answer.text());
  }

  const soon = () => { timer ??= setTimeout(ask, isCarried ? CARRIED_WITHIN : EVERY / 2 + Math.random() * EVERY / 2); };
  document.addEventListener("live:row", ({ detail }) => { if (isOurs(detail)) isCarried = true; });
  document.addEventListener("live:counts", ({ detail }) => {
    if (!isOurs(detail)) return;
    timer = clearTimeout(timer);
    show(detail.html);
  });
  document.addEventListener("live:change", ({ detail }) => {
    if (detail.has("queue")) soon();
    isCarried = false;
  });
  document.addEventListener("live:sync", soon);
})();
