// Optional behaviours: every page works without them.
(() => {
  "use strict";

  const texts = document.currentScript.dataset;
  const PATIENCE = 1000; // milliseconds before progress shows

  const announce = (text) => {
    document.getElementById("announcements").textContent = text;
  };

  // Progress of anything that takes longer than a second
  const progress = {
    waiting: 0,
    timer: 0,
    start() {
      this.waiting += 1;
      if (this.waiting === 1) this.timer = setTimeout(() => this.show(), PATIENCE);
    },
    show() {
      document.getElementById("progress").hidden = false;
      announce(texts.textWorking);
    },
    stop(text) {
      this.waiting = Math.max(0, this.waiting - 1);
      if (this.waiting) return;
      const bar = document.getElementById("progress");
      clearTimeout(this.timer);
      if (text || !bar.hidden) announce(text || texts.textDone);
      bar.hidden = true;
    },
  };

  // Charts that can be explored: Plotly comes once, when first asked for
  let plotly = null;

  const loadPlotly = () => {
    plotly ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = texts.plotly;
      script.onload = () => resolve(window.Plotly);
      script.onerror = () => {
        plotly = null;
        script.remove();
        reject(new Error("plotly"));
      };
      document.head.append(script);
    });
    return plotly;
  };

  const readFigure = async (address) => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };

  // Figures stay in this portal: nothing that sends a chart elsewhere is offered. Plotly's own
  // picture would not say where its figures come from; the portal's downloads do.
  const chartConfig = () => ({
    showSendToCloud: false,
    showEditInChartStudio: false,
    plotlyServerURL: "",
    displaylogo: false,
    responsive: true,
    modeBarButtonsToRemove: ["toImage", "sendDataToCloud", "editInChartStudio", "lasso2d", "select2d"],
    locale: document.documentElement.lang,
  });

  // The page's own colours, in whichever theme it stands: the name's mark has them worked out.
  const themed = (layout) => {
    const style = getComputedStyle(document.body);
    const colour = (selector) => getComputedStyle(document.querySelector(selector)).fill;
    const clear = "rgba(0,0,0,0)";
    return {
      paper_bgcolor: clear,
      plot_bgcolor: clear,
      colorway: [colour(".mark-accent"), colour(".mark-ground"), "rgb(127,139,150)"],
      font: { color: style.color, family: style.fontFamily, size: 13 },
      modebar: { bgcolor: clear, color: style.color, activecolor: colour(".mark-accent") },
      ...layout,
    };
  };

  const explore = async (button) => {
    const picture = document.getElementById(button.dataset.target);
    const place = document.createElement("div");
    place.dir = "ltr"; // Plotly lays out from left to right only
    button.setAttribute("aria-busy", "true");
    progress.start();
    try {
      const [library, figure] = await Promise.all([loadPlotly(), readFigure(button.dataset.explore)]);
      picture.after(place);
      await library.newPlot(place, figure.data, themed(figure.layout), chartConfig());
      picture.hidden = true;
      button.hidden = true;
      backTo(picture).hidden = false;
      place.tabIndex = -1;
      place.focus();
      progress.stop(texts.textChartReady);
    } catch {
      place.remove();
      progress.stop(texts.textChartFailed);
      showBeside(button, texts.textChartFailed);
    } finally {
      button.removeAttribute("aria-busy");
    }
  };

  // The explored chart goes, the picture comes back, and one stands where one began.
  const backTo = (picture) => document.querySelector(`[data-picture="${picture.id}"]`);

  const closeExplored = (button) => {
    const picture = document.getElementById(button.dataset.picture);
    const place = picture.nextElementSibling;
    const opener = document.querySelector(`[data-explore][data-target="${picture.id}"]`);
    window.Plotly?.purge(place);
    place.remove();
    picture.hidden = false;
    button.hidden = true;
    opener.hidden = false;
    opener.focus();
  };

  const showBeside = (button, text) => {
    const note = button.nextElementSibling?.matches(".note") ? button.nextElementSibling : null;
    if (note) return;
    const sentence = document.createElement("p");
    sentence.className = "note";
    sentence.textContent = text;
    button.after(sentence);
  };

  const offerScripts = (root) => {
    for (const offer of root.querySelectorAll("[data-explore], [data-print]")) offer.hidden = false;
  };

  // Clicks
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-explore], [data-picture], [data-print], [data-dialog]");
    closeMenus(event.target.closest("details.menu"));
    if (!button) return;
    if (button.dataset.explore && !button.hasAttribute("aria-busy")) explore(button);
    if (button.dataset.picture) closeExplored(button);
    if ("print" in button.dataset) window.print();
    if (button.dataset.dialog) document.getElementById(button.dataset.dialog)?.showModal();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.activeElement?.closest("details.menu[open]");
    closeMenus(null);
    menu?.querySelector("summary").focus();
  });

  // Paper has no disclosure: what is folded is opened for it, and folded again
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("main details:not([open])")];
    for (const details of folded) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const details of folded) details.open = false;
  });

  // Forms sent the ordinary way, and fragments fetched by HTMX
  document.addEventListener("submit", (event) => {
    // A dialog stays on the page, a download leaves it as it is, HTMX reports for itself.
    const reportsElsewhere = '[method="dialog"], [data-download], [hx-get], [hx-post]';
    if (!event.defaultPrevented && !event.target.matches(reportsElsewhere)) progress.start();
  });
  window.addEventListener("pageshow", () => {
    if (progress.waiting) progress.stop();
  });
  document.addEventListener("htmx:beforeRequest", () => progress.start());
  // The address changed without a new page: the switch of the language has to lead back to it.
  document.addEventListener("htmx:pushedIntoHistory", () => {
    const field = document.querySelector("[data-page-address]");
    if (field) field.value = location.pathname + location.search;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    progress.stop(event.detail.successful ? "" : texts.textFailed);
  });
  document.addEventListener("htmx:afterSwap", (event) => offerScripts(event.target));
  // What was swapped is told by its own sentence, where no live region tells of it.
  document.addEventListener("htmx:afterSettle", ({ detail: { target } }) => {
    const place = document.getElementById(target.id) ?? target;
    if (place.closest("[aria-live], [role=status], [role=alert]")) return;
    const sentence = place.querySelector("[data-announce], .headline, caption");
    announce(sentence?.innerText.trim() || texts.textDone);
  });

  offerScripts(document);
  document.querySelector(".error-summary")?.focus();
})();
