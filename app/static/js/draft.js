// Keeps what is typed in form[data-draft] on this device until it is sent: text only, no files, no contacts.
// Contacts are kept only where the visitor ticked [data-remember], and forgotten when the tick goes.
(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const key = `draft:${form.dataset.draft}`;
  const contactsKey = "contacts";
  const remember = form.querySelector("[data-remember]");
  const contacts = (form.dataset.contacts || "").split(" ").filter(Boolean);
  const texts = [...form.elements].filter((field) =>
    field.name && !contacts.includes(field.name) && (field.tagName === "TEXTAREA" || field.type === "text" || field.type === "radio") && !field.closest(".honeypot"));

  function read(name) {
    try { return JSON.parse(localStorage.getItem(name)) || {}; } catch { return {}; }
  }

  function write(name, values) {
    try {
      if (Object.values(values).some(Boolean)) localStorage.setItem(name, JSON.stringify(values));
      else localStorage.removeItem(name);
    } catch { /* storage is full or forbidden: the form works without it */ }
  }

  const kept = read(key);
  for (const field of texts) {
    const value = kept[field.name];
    if (!value || form.dataset.sent) continue;
    if (field.type === "radio") field.checked = field.value === value;
    else if (!field.value) {
      field.value = value;
      if (field.closest("details")) field.closest("details").open = true;  // in sight, or they pass for lost
    }
  }
  const known = read(contactsKey);
  if (remember) remember.closest("label").hidden = false;
  for (const name of contacts) {
    if (known[name] && form.elements[name] && !form.elements[name].value) form.elements[name].value = known[name];
  }
  if (remember && Object.keys(known).length) remember.checked = true;

  form.addEventListener("input", () => {
    const values = {};
    for (const field of texts) {
      if (field.type !== "radio") values[field.name] = field.value;
      else if (field.checked && field.value !== field.form.querySelector(`[name="${field.name}"]`).value) values[field.name] = field.value;
    }
    write(key, values);
  });
  form.addEventListener("submit", () => {
    if (remember) write(contactsKey, remember.checked ? Object.fromEntries(contacts.map((name) => [name, form.elements[name].value])) : {});
  });
})();
