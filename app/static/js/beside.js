// In the list: «Иванова отвечает» in the cell of a request in which a colleague writes at this moment.
(() => {
  const { all, table } = window.rows;
  if (!table()) return;
  const EVERY = 12000; // milliseconds; who left without a word is forgotten by then
  let writing = {};

  function paint() {
    for (const row of all(table())) {
      const cell = row.querySelector(".rows__engineer"), words = writing[row.dataset.ticket] || "", shown = cell.querySelector(".rows__here");
      if ((shown?.textContent || "") === words) continue;
      shown?.remove();
      if (!words) continue;
      const here = document.createElement("span");
      here.className = "rows__here";
      here.textContent = words;
      cell.append(here);
    }
  }

  async function ask() {
    const answer = await fetch(table().dataset.presence, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer?.status !== 200) return;
    writing = await answer.json();
    paint();
  }

  document.addEventListener("live:change", ({ detail }) => { if (detail.has("writing")) ask(); });
  document.addEventListener("live:sync", ask);
  setInterval(() => { if (!document.hidden && Object.keys(writing).length) ask(); }, EVERY);
  setInterval(paint, 1000); // rows come and change meanwhile
})();
