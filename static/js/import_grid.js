// A grid in place of the text area that takes a pasted block. What is sent is the text area's own
// text, tab-separated, headings first; without this file people paste into the text area itself.
(() => {
  "use strict";

  const ROWS_SHOWN = 50;
  const SMALLEST = { rows: 11, columns: 8 };
  const MOST_COLUMNS = 300;
  const MOST_SYNCED = 2000; // rows up to which every change is written into the text area at once

  // Cells as spreadsheets copy them: tabs and lines, and quotes around cells that hold either.
  const QUOTED = /"((?:[^"]|"")*)"(?=[\t\n]|$)/y;
  const parse = (text) => {
    const all = text.replace(/\r\n?/g, "\n");
    const rows = [[]];
    let at = 0;
    while (at <= all.length) {
      QUOTED.lastIndex = at;
      const quoted = QUOTED.exec(all);
      let end = quoted ? QUOTED.lastIndex : at;
      while (!quoted && end < all.length && all[end] !== "\t" && all[end] !== "\n") end += 1;
      rows.at(-1).push(quoted ? quoted[1].replaceAll('""', '"') : all.slice(at, end));
      if (all[end] === "\n") rows.push([]);
      at = end + 1;
    }
    if (rows.at(-1).every((cell) => cell === "")) rows.pop();
    return rows;
  };

  const written = (cell) => (/[\t\n]|^"/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const serialize = (rows) => {
    const last = rows.findLastIndex((row) => row.some((cell) => cell.trim()));
    const trimmed = (row) => row.slice(0, row.findLastIndex((cell) => cell !== "") + 1);
    return rows.slice(0, last + 1).map((row) => trimmed(row).map(written).join("\t")).join("\n");
  };

  const grid = (place) => {
    const area = document.getElementById(place.dataset.grid);
    const texts = place.dataset;
    let rows = [];
    let columns = SMALLEST.columns;
    let first = 1; // the first row of cells that is shown; row 0 holds the headings

    const cell = (row, column) => rows[row]?.[column] ?? "";
    const named = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

    const put = (row, column, value) => {
      while (rows.length <= row) rows.push([]);
      while (rows[row].length < column) rows[row].push("");
      rows[row][column] = value;
      columns = Math.max(columns, column + 1);
    };

    const read = () => {
      rows = parse(area.value);
      columns = Math.min(Math.max(SMALLEST.columns, ...rows.map((row) => row.length)), MOST_COLUMNS);
      while (rows.length < SMALLEST.rows) rows.push([]);
      first = 1;
    };

    const write = () => { area.value = serialize(rows); };

    const input = (row, column) => {
      const field = document.createElement("input");
      field.value = cell(row, column);
      field.dir = "auto";
      field.autocomplete = "off";
      field.dataset.row = row;
      field.dataset.column = column;
      if (row === 0) {
        field.setAttribute("list", texts.fields);
        field.placeholder = texts.textPlaceholder;
      }
      const text = row === 0 ? texts.textHeading : texts.textCell;
      field.setAttribute("aria-label", named(text, { row: row + 1, column: column + 1 }));
      return field;
    };

    const line = (row) => {
      const tr = document.createElement("tr");
      const number = document.createElement("th");
      number.scope = "row";
      number.textContent = row + 1;
      tr.append(number);
      for (let column = 0; column < columns; column += 1) {
        const place_ = document.createElement(row === 0 ? "th" : "td");
        if (row === 0) place_.scope = "col";
        place_.append(input(row, column));
        tr.append(place_);
      }
      return tr;
    };

    const table = document.createElement("table");
    table.className = "grid";
    const head = table.createTHead();
    const body = table.createTBody();
    const caption = table.createCaption();
    caption.textContent = texts.textCaption;
    caption.id = `${area.id}_caption`;
    const region = document.createElement("div");
    region.className = "table-region";
    region.setAttribute("role", "group");
    region.setAttribute("aria-labelledby", caption.id);
    region.append(table);
    const bar = document.createElement("p");
    bar.className = "actions";
    const shown = document.createElement("span");
    shown.className = "note";
    shown.setAttribute("role", "status");

    const show = () => {
      const last = Math.min(first + ROWS_SHOWN, rows.length);
      head.replaceChildren(line(0));
      body.replaceChildren(...Array.from({ length: last - first }, (_, i) => line(first + i)));
      shown.textContent = named(texts.textShown, { first: first + 1, last, all: rows.length });
      earlier.disabled = first === 1;
      later.disabled = last >= rows.length;
    };

    const button = (text, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "button button-quiet";
      made.textContent = text;
      made.addEventListener("click", () => { act(); show(); });
      bar.append(made);
      return made;
    };

    button(texts.textAddRows, () => {
      for (let i = 0; i < 10; i += 1) rows.push([]);
      first = Math.max(1, rows.length - ROWS_SHOWN);
    });
    button(texts.textAddColumn, () => { columns = Math.min(columns + 1, MOST_COLUMNS); });
    const earlier = button(texts.textEarlier, () => { first = Math.max(1, first - ROWS_SHOWN); });
    const later = button(texts.textLater, () => { first = Math.min(rows.length - 1, first + ROWS_SHOWN); });
    bar.append(shown);

    const at = (row, column) => table.querySelector(`[data-row="${row}"][data-column="${column}"]`);
    const focus = (row, column) => {
      if (row < 0 || row >= rows.length || column < 0 || column >= columns) return false;
      if (row > 0 && (row < first || row >= first + ROWS_SHOWN)) {
        first = Math.max(1, row < first ? row - ROWS_SHOWN + 1 : row);
        show();
      }
      at(row, column)?.focus();
      return true;
    };

    table.addEventListener("input", ({ target }) => {
      put(Number(target.dataset.row), Number(target.dataset.column), target.value);
      if (rows.length <= MOST_SYNCED) write();
    });

    table.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!/[\t\n\r]/.test(text.replace(/[\r\n]+$/, ""))) return; // one cell: the browser's own way
      event.preventDefault();
      const row = Number(event.target.dataset.row);
      const column = Number(event.target.dataset.column);
      parse(text).forEach((cells, down) => cells.slice(0, MOST_COLUMNS - column).forEach((value, right) => put(row + down, column + right, value)));
      write();
      show();
      focus(row, column);
      area.dispatchEvent(new Event("input", { bubbles: true }));
    });

    table.addEventListener("keydown", (event) => {
      const { target, key } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const row = Number(target.dataset.row);
      const column = Number(target.dataset.column);
      const isAtStart = target.selectionStart === 0 && target.selectionEnd === 0;
      const isAtEnd = target.selectionStart === target.value.length;
      const forward = getComputedStyle(table).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
      const back = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
      const lists = row === 0 && (key === "ArrowDown" || key === "ArrowUp"); // choose a heading
      const steps = { Enter: [1, 0], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
      if (isAtEnd) steps[forward] = [0, 1];
      if (isAtStart) steps[back] = [0, -1];
      if (!steps[key] || lists) return;
      if (focus(row + steps[key][0], column + steps[key][1]) || key === "Enter") event.preventDefault();
    });

    area.form.addEventListener("submit", write);
    // What was typed before came back, or was discarded: another script changed the text.
    area.form.addEventListener("change", (event) => {
      if (event.target !== area.form || area.value === serialize(rows)) return;
      read();
      show();
    });

    read();
    show();
    place.append(region, bar);
    place.hidden = false;
    area.hidden = true;
    // What leads to the text area leads to the grid: its label, and the summary of errors.
    for (const way of document.querySelectorAll(`label[for="${area.id}"], a[href="#${area.id}"]`)) {
      way.addEventListener("click", (event) => { event.preventDefault(); focus(0, 0); });
    }
  };

  for (const place of document.querySelectorAll("[data-grid]")) grid(place);
})();
