// Words of time left go on with the clock; the server's words stay where a deadline is further than two hours away.
(() => {
  const words = document.getElementById("live-state")?.dataset;
  if (!words?.left) return;
  const MINUTE = 60000, SOON = 30, LEFT = 120; // minutes
  const skew = Date.parse(words.now) - Date.now();

  const days = (n) => {
    const [one, few, many] = words.days.split("|");
    const [tens, units] = [Math.floor((n % 100) / 10), n % 10];
    return tens === 1 || !units || units > 4 ? many : units === 1 ? one : few;
  };

  function amount(minutes, parts = 2) {
    const figures = [[Math.floor(minutes / 1440), days], [Math.floor(minutes / 60) % 24, () => words.hour], [minutes % 60, () => words.minute]];
    const first = figures.findIndex(([n]) => n > 0);
    if (first < 0) return words.moment;
    return figures.slice(first, first + parts).filter(([n]) => n).map(([n, unit]) => `${n}\u00a0${unit(n)}`).join(" ");
  }

  function tone(time, name, icon) {
    const deadline = time.closest(".deadline");
    if (!deadline || deadline.classList.contains(`deadline--${name}`)) return;
    deadline.classList.remove("deadline--calm", "deadline--left", "deadline--soon", "deadline--late");
    deadline.classList.add(`deadline--${name}`);
    const use = deadline.querySelector("use");
    use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${icon}`));
  }

  function word() {
    const now = Date.now() + skew;
    for (const time of document.querySelectorAll(".deadline time[data-promise]")) {
      if (time.dataset.paused) {
        time.textContent = words.pause.replace("#", amount(Math.floor((now - Date.parse(time.dataset.paused)) / MINUTE), 1));
        continue;
      }
      const left = Date.parse(time.dateTime) - now;
      const minutes = Math.floor(Math.abs(left) / MINUTE);
      if (left < 0) {
        time.textContent = minutes ? words.late.replace("#", amount(minutes)) : words.justLate;
        tone(time, "late", "warning");
      } else if (left <= LEFT * MINUTE) {
        time.textContent = words.left.replace("#", amount(minutes));
        tone(time, left < SOON * MINUTE ? "soon" : "left", "clock");
      }
    }
  }
  setInterval(word, 30000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) word(); });
})();
