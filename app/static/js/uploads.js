// Files travel as soon as they are chosen or dropped: each with its progress and a way to remove it.
// Works on [data-uploads] around <input type="file"> and <ol class="uploads">; without it the plain input is sent.
(() => {
  const size = (bytes) =>
    bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))}\u00a0КБ` : `${(bytes / 1048576).toFixed(1).replace(".", ",")}\u00a0МБ`;

  function prepare(zone) {
    const input = zone.querySelector("input[type=file]");
    const list = zone.querySelector(".uploads");
    const words = zone.dataset;

    function row(file) {
      const item = zone.querySelector("template").content.firstElementChild.cloneNode(true);
      const find = (selector) => item.querySelector(selector);
      find(".uploads__name").textContent = file.name;
      find(".uploads__note").textContent = size(file.size);
      find("button").setAttribute("aria-label", `${find("button").textContent}: ${file.name}`);
      find("progress").setAttribute("aria-label", file.name);
      if (file.type.startsWith("image/")) find("use").setAttribute("href", find("use").getAttribute("href").replace(/#.*/, "#image"));
      list.append(item);
      return { item, note: find(".uploads__note"), progress: find("progress") };
    }

    function send(file) {
      const { item, note, progress } = row(file);
      const request = new XMLHttpRequest();
      const fail = (sentence) => {
        item.className = "is-failed";
        note.textContent = sentence || words.failed;
        note.setAttribute("role", "alert");
        progress.remove();
      };
      if (list.children.length > Number(words.most)) return fail(words.many);
      if (file.size > Number(words.limit)) return fail(words.large);
      request.open("POST", words.uploads);
      request.setRequestHeader("X-CSRFToken", zone.closest("form").elements.csrf_token.value);
      request.setRequestHeader("Accept", "application/json");
      request.upload.onprogress = (event) => { if (event.lengthComputable) progress.value = event.loaded / event.total; };
      request.onerror = () => fail();
      request.onload = () => {
        let answer = {};
        try { answer = JSON.parse(request.responseText); } catch { /* a proxy's page: the status speaks */ }
        if (request.status !== 201) return fail(answer.detail);
        const hidden = document.createElement("input");
        hidden.type = "hidden";
        hidden.name = "uploads";
        hidden.value = answer.id;
        item.className = "";
        item.append(hidden);
        progress.remove();
      };
      const body = new FormData();
      body.append("file", file);
      request.send(body);
      item.addEventListener("upload:drop", () => request.abort());
    }

    function take(files) {
      for (const file of files) send(file);
    }

    input.addEventListener("change", () => {
      take(input.files);
      input.value = "";
    });
    list.addEventListener("click", (event) => {
      const item = event.target.closest("button") && event.target.closest("li");
      if (!item) return;
      event.preventDefault();
      item.dispatchEvent(new Event("upload:drop"));
      item.remove();
      input.focus();
    });
    const form = zone.closest("form");
    for (const name of ["dragover", "dragleave", "drop"]) {
      form.addEventListener(name, (event) => {
        if (!event.dataTransfer.types.includes("Files")) return; // words go where they are let fall
        event.preventDefault();
        zone.querySelector(".dropzone").classList.toggle("is-over", name === "dragover");
        if (name === "drop") take(event.dataTransfer.files);
      });
    }
    form.addEventListener("paste", ({ clipboardData }) => { // a picture of the screen; a table comes as words and a picture
      if (!clipboardData.types.includes("text/plain")) take(clipboardData.files);
    });
    form.addEventListener("submit", (event) => {
      if (!list.querySelector(".is-sending")) return;
      event.preventDefault();
      zone.querySelector("[role=status]").textContent = words.wait;
    });
  }

  for (const zone of document.querySelectorAll("[data-uploads]")) prepare(zone);
})();
