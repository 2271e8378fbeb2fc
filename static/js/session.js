// Says before a sign-in ends that it will, lets one stay, and says when it has ended.
// Without this file the sign-in page leads back to where one was.
(() => {
  "use strict";

  const dialog = document.getElementById("session");
  const { address, seconds, warning } = dialog.dataset;
  const [soon, ended] = dialog.querySelectorAll("[data-soon], [data-ended]");
  const sentences = [...soon.querySelectorAll("[data-minutes]")];
  const said = soon.querySelector("[data-said]");
  const LOOK = 20_000; // milliseconds between two looks while the warning stands
  const TOLD = 300_000; // typing is told of once in five minutes
  let endsAt = Date.now() + seconds * 1000;
  let toldAt = Date.now();
  let timer = 0;
  let isOver = false;

  const left = () => endsAt - Date.now();

  // Other tabs may have gone on meanwhile: the server knows. Where it cannot be reached, the clock.
  const ask = async (method) => {
    const options = method === "POST"
      ? { method, body: new FormData(dialog.querySelector("form[data-stay]")) }
      : { method, headers: { "Portal-Background": "true" } };
    try {
      const answer = await fetch(address, { ...options, cache: "no-store" });
      if (answer.ok) endsAt = Date.now() + (await answer.json()).seconds * 1000;
    } catch {
      // no network: nothing is known but the clock
    }
  };

  const open = () => {
    if (!dialog.open) dialog.showModal();
  };

  const warn = () => {
    const minutes = Math.max(1, Math.round(left() / 60_000));
    const sentence = sentences.find((one) => Number(one.dataset.minutes) === Math.min(minutes, sentences.length));
    if (said.textContent !== sentence.textContent) said.textContent = sentence.textContent;
    open();
  };

  const end = () => {
    isOver = true;
    const link = ended.querySelector("a");
    link.search = new URLSearchParams({ next: location.pathname + location.search });
    soon.hidden = true;
    ended.hidden = false;
    dialog.setAttribute("aria-labelledby", ended.querySelector("h2").id);
    dialog.setAttribute("aria-describedby", ended.querySelector("p").id);
    open();
    link.focus();
  };

  const judge = () => {
    clearTimeout(timer);
    if (isOver) return;
    if (left() <= 0) return end();
    if (left() > warning * 1000) {
      if (dialog.open) dialog.close();
      timer = setTimeout(look, left() - warning * 1000);
    } else {
      warn();
      timer = setTimeout(look, Math.min(left(), LOOK));
    }
  };

  const look = async () => {
    if (left() <= warning * 1000) await ask("GET");
    judge();
  };

  const stay = async () => {
    toldAt = Date.now();
    await ask("POST");
    judge();
  };

  dialog.querySelector("form[data-stay]").addEventListener("submit", (event) => {
    event.preventDefault();
    stay();
  });
  dialog.addEventListener("cancel", (event) => {
    if (isOver) return;
    event.preventDefault(); // who presses Escape is there
    stay();
  });
  document.addEventListener("input", (event) => {
    if (event.isTrusted && !isOver && Date.now() - toldAt > TOLD) stay();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) look();
  });
  look();
})();
