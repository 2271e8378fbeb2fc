// The browser's part of passkeys, with django-allauth's scripts. What needs it is hidden until this
// file shows it; without it there are codes of an app.
(() => {
  "use strict";

  if (!window.PublicKeyCredential || !window.allauth) return;
  const { addForm, authenticateForm, loginForm } = window.allauth.webauthn.forms;
  const forms = { add: addForm, authenticate: authenticateForm, login: loginForm };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const { passkey: kind, options } = form.dataset;
    const ids = { credential: "passkey-credential", [kind]: "passkey-act" };
    if (kind === "add") ids.passwordless = form.elements.passwordless.id;
    forms[kind]({ ids, data: options ? JSON.parse(options) : {} });
    form.hidden = false;
  }
  for (const note of document.querySelectorAll("[data-no-passkeys]")) note.hidden = true;

  // Called off, no device, or another name of the host than the passkey's: the page says so.
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const failed of document.querySelectorAll("[data-failed]")) failed.hidden = false;
  });
})();
