// Looks at a page as it is laid out. Each look returns sentences, empty where nothing is wrong.
window.looking = (() => {
  "use strict";

  const NAMES = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const name = (element) => {
    const text = (element.textContent || element.value || "").trim().replace(/\s+/g, " ").slice(0, 50);
    const classes = typeof element.className === "string" ? element.className : "";
    return `<${element.tagName.toLowerCase()}${element.id ? "#" + element.id : ""}${classes ? "." + classes.split(" ").join(".") : ""}> “${text}”`;
  };
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  // For screen readers alone: a pixel, or clipped to nothing
  const isUnseen = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.clipPath === "inset(50%)") return true;
    }
    return false;
  };

  // The part of a box that its scrolling ancestors let through
  const clipped = (element, box) => {
    let { left, right, top, bottom } = box;
    for (let one = element.parentElement; one && one !== document.body; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const edge = one.getBoundingClientRect();
      left = Math.max(left, edge.left);
      right = Math.min(right, edge.right);
      top = Math.max(top, edge.top);
      bottom = Math.min(bottom, edge.bottom);
    }
    return { left, right, top, bottom };
  };

  // A line's box is as high as its font says, an Arabic one twice the letters: what is written
  // stands in the middle of it, as high as the size of the font.
  const letters = ({ left, right, top, bottom }, size) => {
    const spare = Math.max(0, bottom - top - size) / 2;
    return { left, right, top: top + spare, bottom: bottom - spare };
  };

  const boxesOf = (element) => {
    const boxes = [];
    const size = parseFloat(getComputedStyle(element).fontSize);
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !node.textContent.trim()) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) boxes.push(letters(box, size));
    }
    return boxes;
  };

  // What is sticky lies over what scrolls under it; that is looked at with the focus.
  const isOnTop = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const position = getComputedStyle(one).position;
      if (position === "fixed") return true;
      if (one.matches("dialog, [popover], .menu-panel")) return true;
    }
    return false;
  };

  const pieces = () => {
    const found = [];
    for (const element of document.body.querySelectorAll("*")) {
      if (!isShown(element) || isUnseen(element) || isOnTop(element)) continue;
      if (element.matches("option, optgroup, datalist, datalist *, script, style, title, desc")) continue;
      const isControl = element.matches("button, input:not([type=hidden]), select, textarea");
      const boxes = isControl ? [element.getBoundingClientRect()] : boxesOf(element);
      for (const box of boxes) {
        const seen = clipped(element, box);
        if (seen.right - seen.left > 2 && seen.bottom - seen.top > 2) found.push({ element, isControl, ...seen });
      }
    }
    return found;
  };

  const overlaps = () => {
    const faults = new Set();
    const found = pieces().sort((one, other) => one.top - other.top);
    found.forEach((one, index) => {
      for (let next = index + 1; next < found.length && found[next].top < one.bottom; next += 1) {
        const other = found[next];
        if (one.element === other.element) continue;
        // A control's own words stand in its box.
        if ((one.isControl && one.element.contains(other.element)) || (other.isControl && other.element.contains(one.element))) continue;
        const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        const least = Math.min(one.bottom - one.top, other.bottom - other.top);
        if (wide > 2 && high > Math.max(3, least * 0.35)) faults.add(`${name(one.element)} lies on ${name(other.element)} (${Math.round(wide)} × ${Math.round(high)} px)`);
      }
    });
    return [...faults].slice(0, 4);
  };

  const cut = () => {
    const faults = [];
    for (const element of document.body.querySelectorAll("*")) {
      if (!isShown(element) || isUnseen(element) || element.closest("svg")) continue;
      const style = getComputedStyle(element);
      const hides = (value) => value === "hidden" || value === "clip";
      const isText = element.textContent.trim() || element.matches("select, input[type=submit]");
      if (!isText) continue;
      if (hides(style.overflowX) && element.scrollWidth > element.clientWidth + 1 && style.display !== "inline") faults.push(`cut at its side: ${name(element)}`);
      if (hides(style.overflowY) && element.scrollHeight > element.clientHeight + 1 && style.display !== "inline") faults.push(`cut below: ${name(element)}`);
      if (style.webkitLineClamp !== "none") faults.push(`clamped: ${name(element)}`);
    }
    for (const picture of document.body.querySelectorAll("svg")) {
      if (!isShown(picture)) continue;
      for (const text of picture.querySelectorAll("text")) {
        if (!isShown(text)) continue;
        const box = text.getBoundingClientRect();
        if (box.left < -1 || box.right > innerWidth + 1) faults.push(`a chart's text outside the window: ${name(text)}`);
      }
    }
    return faults.slice(0, 4);
  };

  const tooWide = () => {
    const more = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (more <= 0) return [];
    const culprit = [...document.body.querySelectorAll("*")].findLast((one) => isShown(one) && !isUnseen(one) && (one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1));
    return [`${more} px too wide: ${culprit ? name(culprit) : ""}`];
  };

  const lost = () => [...tooWide(), ...cut()];

  const focus = () => {
    const faults = [];
    for (const element of document.querySelectorAll(NAMES)) {
      if (!isShown(element) || element.disabled || element.closest("[inert]")) continue;
      element.focus();
      if (document.activeElement !== element) continue;
      element.scrollIntoView({ block: "nearest" }); // as the Tab key does, also for what shows in part
      const style = getComputedStyle(element);
      if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) faults.push(`no visible focus: ${name(element)}`);
      const box = element.getBoundingClientRect();
      const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]];
      const seen = points.some(([across, down]) => {
        const there = document.elementFromPoint(box.left + box.width * across, box.top + box.height * down);
        return there && (element.contains(there) || there.contains(element) || (there.closest("label")?.control === element));
      });
      if (!seen && box.height < innerHeight) faults.push(`the focus is covered: ${name(element)}`);
    }
    return faults.slice(0, 5);
  };

  const seconds = (text) => Math.max(...text.split(",").map((one) => parseFloat(one) * (one.trim().endsWith("ms") ? 0.001 : 1)));
  const motion = () => {
    const faults = [];
    for (const element of document.querySelectorAll("*")) {
      const style = getComputedStyle(element);
      if (seconds(style.transitionDuration) > 0.01) faults.push(`a transition: ${name(element)}`);
      if (style.animationName !== "none" && seconds(style.animationDuration) > 0.01) faults.push(`an animation: ${name(element)}`);
      if (style.scrollBehavior === "smooth") faults.push(`smooth scrolling: ${name(element)}`);
    }
    return faults.slice(0, 3);
  };

  // Backgrounds go in forced colours: what only a background showed must have an edge or a text.
  const forced = () => {
    const faults = [];
    if (!matchMedia("(forced-colors: active)").matches) return ["forced colours are not on"];
    for (const element of document.querySelectorAll("button.button, input:not([type=hidden]), select, textarea, .badge, .notice")) {
      if (!isShown(element) || isUnseen(element) || element.closest(".menu-panel")) continue;
      if (element.matches("[type=checkbox], [type=radio], [type=file]")) continue;
      const style = getComputedStyle(element);
      if (parseFloat(style.borderBlockEndWidth) < 1 && parseFloat(style.borderInlineStartWidth) < 1) faults.push(`no edge in forced colours: ${name(element)}`);
    }
    for (const mark of document.querySelectorAll("svg :is(rect, path, line, circle)")) {
      if (!isShown(mark) || mark.closest("defs, pattern, .icon, .site-mark")) continue;
      const style = getComputedStyle(mark);
      const ground = getComputedStyle(document.body).backgroundColor;
      if (style.fill === ground && style.stroke === "none") faults.push(`a mark that cannot be seen: ${name(mark)}`);
    }
    return faults.slice(0, 3);
  };

  return { layout: () => [...lost(), ...overlaps()], lost, focus, motion, forced };
})();
