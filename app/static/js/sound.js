// Two short tones when an urgent request comes that nobody has taken; only where the reader has switched them on.
(() => {
  const box = document.querySelector("[data-sound]"), KEPT = "urgent-sound";
  if (!box || !window.AudioContext) return;
  const read = () => { try { return localStorage.getItem(KEPT) === "1"; } catch { return false; } };
  let sound;

  function play() {
    sound ??= new AudioContext();
    for (const [at, pitch] of [[0, 660], [0.18, 880]]) {
      const tone = new OscillatorNode(sound, { frequency: pitch }), volume = new GainNode(sound, { gain: 0.15 });
      tone.connect(volume).connect(sound.destination);
      tone.start(sound.currentTime + at);
      tone.stop(sound.currentTime + at + 0.14);
    }
    box.dataset.played = String(Number(box.dataset.played || 0) + 1);
  }

  box.closest("label").hidden = false;
  box.checked = read();
  box.addEventListener("change", () => {
    try { localStorage.setItem(KEPT, box.checked ? "1" : "0"); } catch { /* for this page only */ }
    if (box.checked) play(); // what it sounds like, and the browser's leave to sound later
  });
  document.addEventListener("queue:urgent", () => { if (box.checked) play(); });
})();
