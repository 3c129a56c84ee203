// The views' counts and the sentence beside the heading, at most once in two seconds however much changes.
(() => {
  const EVERY = 2000; // milliseconds
  let timer;

  async function ask() {
    timer = undefined;
    const views = document.getElementById("views");
    const { url, digest } = views.dataset;
    const answer = await fetch(`${url}&digest=${digest}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer?.status !== 200 || views.contains(document.activeElement)) return;
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    views.replaceWith(holder.content.querySelector("#views"));
    document.getElementById("summary").textContent = document.getElementById("views").dataset.summary;
  }

  const soon = () => { timer ??= setTimeout(ask, EVERY / 2 + Math.random() * EVERY / 2); };
  document.addEventListener("live:change", ({ detail }) => { if (detail.has("queue")) soon(); });
  document.addEventListener("live:sync", soon);
})();
