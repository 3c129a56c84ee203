// «3 новых» in its slot beside the heading, a «(3)» in the title, and now and then a word for screen readers.
window.showArrivals = (() => {
  const [pill, said] = [document.getElementById("arrivals"), document.getElementById("arrivals-said")];
  const SAY_EVERY = 30000; // milliseconds
  const title = document.title;
  let saidAt = 0;

  const plural = (n, { one, few, many }) => {
    const [tens, units] = [Math.floor((n % 100) / 10), n % 10];
    return `${n}\u00a0${tens === 1 || !units || units > 4 ? many : units === 1 ? one : few}`;
  };

  return (rows) => {
    const urgent = rows.filter((row) => row.dataset.urgency === "urgent").length;
    pill.hidden = !rows.length;
    document.title = rows.length ? `(${rows.length}) ${title}` : title;
    if (!rows.length) return;
    const words = plural(rows.length, pill.dataset), chip = pill.querySelector("[data-urgent]");
    pill.querySelector("[data-count]").textContent = words;
    chip.hidden = !urgent;
    chip.textContent = urgent ? plural(urgent, chip.dataset) : "";
    if (Date.now() - saidAt > SAY_EVERY) [said.textContent, saidAt] = [words, Date.now()];
  };
})();
