// A form never loses what was typed: it is kept in this tab, for this account and this address,
// until it was sent successfully. Every page works without this file.
(() => {
  "use strict";

  const { account, textRestored, textDiscard } = document.currentScript.dataset;
  const PREFIX = "kept:";
  const SENT = "kept-sent";
  // Secrets, files and tokens are never kept; a version is, so that a record that somebody else
  // changed meanwhile is answered with both versions, not overwritten.
  const NEVER = 'input[type="password"], input[autocomplete="one-time-code"], input[type="file"], input[type="hidden"]:not([name="version"]), input[type="submit"], button';
  const kept = new WeakMap(); // form -> its key
  let memory = null;
  try {
    memory = window.sessionStorage;
  } catch {
    return; // the browser keeps nothing: then nothing is restored
  }

  const forget = (key) => {
    try {
      memory.removeItem(key);
    } catch {
      // nothing was kept
    }
  };

  const forgetAll = () => {
    for (const key of Object.keys(memory)) if (key.startsWith(PREFIX)) forget(key);
  };

  const write = (key, value) => {
    try {
      memory.setItem(key, value);
    } catch {
      // full: what was typed stays in the form alone
    }
  };

  const address = () => location.pathname + location.search;
  const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !field.matches(NEVER));
  const isTicked = (field) => field.type === "checkbox" || field.type === "radio";
  const valueOf = (field) => {
    if (isTicked(field)) return field.checked;
    if (field.multiple) return [...field.selectedOptions].map((option) => option.value);
    return field.value;
  };
  const nameOf = (field) => (isTicked(field) ? `${field.name}=${field.value}` : field.name);
  const valuesOf = (form) => Object.fromEntries(fieldsOf(form).map((f) => [nameOf(f), valueOf(f)]));

  const fill = (form, values) => {
    for (const field of fieldsOf(form)) {
      const value = values[nameOf(field)];
      if (value === undefined) continue;
      if (isTicked(field)) field.checked = value;
      else if (field.multiple) for (const option of field.options) option.selected = value.includes(option.value);
      else if (field.tagName !== "SELECT" || [...field.options].some((o) => o.value === value)) field.value = value;
    }
    for (const details of form.querySelectorAll("details")) {
      if ([...details.querySelectorAll("input, select, textarea")].some((f) => !f.matches(NEVER) && !isTicked(f) && f.value)) details.open = true;
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const differs = (form, values) => {
    const now = valuesOf(form);
    const shown = Object.keys(now).filter((name) => name !== "version" && name in values);
    return shown.some((name) => JSON.stringify(now[name]) !== JSON.stringify(values[name]));
  };

  const note = (form, key, before) => {
    const line = document.createElement("p");
    line.className = "notice notice-info";
    line.dataset.restored = "";
    line.setAttribute("role", "status");
    line.append(`${textRestored} `);
    const discard = document.createElement("button");
    discard.type = "button";
    discard.className = "button button-quiet";
    discard.textContent = textDiscard;
    discard.addEventListener("click", () => {
      forget(key);
      fill(form, before);
      line.remove();
      fieldsOf(form)[0]?.focus();
    });
    line.append(discard);
    form.before(line);
  };

  const restore = (form, key) => {
    let values = null;
    try {
      values = JSON.parse(memory.getItem(key));
    } catch {
      forget(key);
    }
    if (!values || !differs(form, values)) return;
    const before = valuesOf(form);
    fill(form, values);
    note(form, key, before);
  };

  const keepForms = () => {
    const forms = document.querySelectorAll('form.form[method="post"]:not([data-not-kept])');
    [...forms].forEach((form, index) => {
      const key = `${PREFIX}${account}:${address()}:${form.id || index}`;
      if (kept.get(form) === key) return;
      kept.set(form, key);
      restore(form, key);
    });
  };

  // Sent and answered by another page: it arrived. The sign-in page has no account and no say.
  const settleSent = () => {
    const sent = JSON.parse(memory.getItem(SENT) || "null");
    if (!sent) return;
    const arrival = performance.getEntriesByType("navigation")[0];
    const isElsewhere = address() !== sent.address || arrival?.redirectCount > 0;
    if (isElsewhere && (arrival?.responseStatus || 200) < 400) forget(sent.key);
    forget(SENT);
  };

  if (!account) {
    forget(SENT); // a session that ran out took the answer: what was typed stays
    return;
  }

  const typed = (event) => {
    const key = kept.get(event.target.form || event.target);
    if (key && event.isTrusted && event.target.form) write(key, JSON.stringify(valuesOf(event.target.form)));
  };
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-sign-out]")) return forgetAll();
    const key = kept.get(form);
    if (!key || event.defaultPrevented) return;
    write(key, JSON.stringify(valuesOf(form)));
    write(SENT, JSON.stringify({ key, address: address() }));
  });

  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    settleSent();
    for (const form of document.querySelectorAll("form.form")) {
      const key = kept.get(form);
      if (key && !memory.getItem(key)) form.reset(); // it was sent since
    }
  });
  document.addEventListener("htmx:afterSettle", keepForms);

  settleSent();
  keepForms();
})();
