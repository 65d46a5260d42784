const NOTHING = "–";
const CONTROLS = { modify: "pencil", delete: "bin", history: "history" };
const FINGER = 44;
const PRESSES = { actions: 3, invoice: 2 };
const coarse = matchMedia("(pointer: coarse)");
const CHECKBOX_WIDTH = coarse.matches ? FINGER : 34;
const SCROLLBAR_WIDTH = 10;
const LOWEST_ROW = coarse.matches ? FINGER : 34;
const REPEAT_MS = 400;
const ANSWER_MS = 4000;

const plain = (label) => label.replaceAll("\u00ad", "");
const floor = (column) => column.width ?? column.min;

/** As wide as its presses need where they are made with a finger. */
function forFingers(column) {
  const more = (PRESSES[column.kind] ?? 0) * (FINGER - 28);
  if (!coarse.matches || !more) return column;
  const wider = (width) => width && width + more;
  return { ...column, width: wider(column.width), min: wider(column.min), narrow: wider(column.narrow) };
}

const whenIdle = (work) => (window.requestIdleCallback ? requestIdleCallback(work, { timeout: 250 }) : setTimeout(work, 100));
const percent = (share) => Math.round(1000 * Math.min(1, Math.max(0, share))) / 10;
const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

function control(name, label, classes, ...content) {
  const button = element("button", classes);
  button.type = "button";
  button.dataset.control = name;
  if (label) button.setAttribute("aria-label", label);
  button.append(...content);
  return button;
}

/** What one may not do is drawn and can be reached, but not pressed; it says why. */
function lockedFor(why, button) {
  if (!why) return button;
  button.setAttribute("aria-disabled", "true");
  button.title = why;
  return button;
}

const iconButton = (name, symbol, label) => {
  const button = control(name, label, "icon", icon(symbol));
  if (name !== "request") button.title = label;
  return button;
};

function cut(text, classes = "") {
  const node = element("span", `cut ${classes}`, text || NOTHING);
  if (text) node.title = text;
  else node.classList.add("muted");
  return node;
}

function mark(value, classes) {
  if (!value) return element("span", "muted", NOTHING);
  const node = element("span", `${classes} ${hue(value.hue)}`);
  node.append(icon(value.icon, classes === "chip" ? 13 : 14), element("span", "", value.word));
  if (value.new) node.append(newness());
  return node;
}

function axis(ticks) {
  const line = element("div", "axis");
  line.setAttribute("aria-hidden", "true");
  for (const [place, text] of ticks) {
    const tick = element("span", "", text);
    tick.style.left = `${percent(place)}%`;
    tick.classList.toggle("begins", place < 0.1);
    tick.classList.toggle("ends", place > 0.9);
    line.append(tick);
  }
  return line;
}

let words = {};

const canvas = document.createElement("canvas").getContext("2d");
const PADDING = 20;
const MORE_WIDTH = 30;
const ICON_WIDTH = 29;
const LONGEST_NUMBER = 260;

/** How wide the text is in the font that the canvas has. */
const long = (text) => Math.ceil(canvas.measureText(text || NOTHING).width);

/** How wide a cell has to be for nothing of it to be cut off; what is not made of words is as wide as its column. */
function wanted(column, row) {
  if (column.kind === "invoice" && !row[column.key]) return row.can?.includes("register") ? long(words.register) + 2 * PADDING : PADDING;
  if (column.kind === "shipment") return Math.max(floor(column), long(row[column.key]) + PADDING + (row.request ? ICON_WIDTH : 0));
  if (column.kind === "prose" && column.width) return Math.min(column.width, long(row[column.key]) + PADDING);
  if (!WORDY.has(column.kind)) return row[column.key] || column.kind === "actions" ? floor(column) : PADDING;
  return long(row[column.key]) + PADDING + (row.more ? MORE_WIDTH : 0);
}

/** What a column has before others get more: a Shipment No. is read and typed as a whole. */
const least = (column, need) => Math.min(need, column.kind === "shipment" ? Math.max(floor(column), LONGEST_NUMBER) : floor(column));

/** What was not there when the person looked before. */
function newness() {
  const node = element("span", "newness");
  node.title = words.new;
  node.append(element("span", "unseen", words.new));
  return node;
}

const PARTS = {
  text: (column, row) => [cut(row[column.key])],
  muted: (column, row) => [cut(row[column.key], "muted")],
  prose: (column, row) => [element("span", row[column.key] ? "prose" : "muted", row[column.key] || NOTHING)],
  shipment(column, row) {
    if (!row[column.key]) return [cut("")];
    const link = control("open", "", "link", row[column.key]);
    link.title = row[column.key];
    if (!row.request) return [link];
    return [link, iconButton("request", "bubble", filled(words.request, { request: row.request }))];
  },
  products(column, row) {
    const name = cut(row[column.key]);
    if (!row.more) return [name];
    name.title = filled(words.more, { name: name.title, count: row.more });
    return [name, element("span", "more muted", `+${row.more}`)];
  },
  invoice(column, row) {
    const number = row[column.key];
    const may = new Set(row.can);
    if (!number) return [may.has("register") ? lockedFor(row.locked, control("register", "", "quiet", words.register)) : cut("")];
    const parts = [element("span", "number", number), iconButton("copy", "copy", filled(words.copy, { number }))];
    if (may.has("view")) parts.push(iconButton("view", "way", words.view));
    return parts;
  },
  chip: (column, row) => [mark(row[column.key], "chip")],
  flag: (column, row) => [mark(row[column.key], "flag")],
  button(column, row) {
    const value = row[column.key];
    if (value && value.name) return [lockedFor(value.locked, control(value.name, "", "quiet", value.word))];
    return value ? [cut(value, "muted strong")] : [];
  },
  figure(column, row) {
    const value = row[column.key];
    return [value ? control(value.name, "", "figure", value.text) : element("span", "muted", NOTHING)];
  },
  bar(column, row) {
    const { text, share, hue: name } = row[column.key];
    const track = element("span", "track");
    const fill = element("span", `fill ${hue(name)}`);
    fill.style.width = `${percent(share)}%`;
    track.append(fill);
    return [element("span", "amount", text), track];
  },
  range(column, row) {
    const value = row[column.key];
    if (!value) return [element("span", "muted", NOTHING)];
    const track = element("span", `span ${value.bad ? "bad" : ""}`);
    track.append(...["mark", "whisker", "dot"].map((name) => element("span", name)));
    const [mark, whisker, dot] = track.children;
    mark.style.left = `${percent(value.mark)}%`;
    whisker.style.left = `${percent(value.low)}%`;
    whisker.style.right = `${100 - percent(value.high)}%`;
    dot.style.left = `${percent(value.at)}%`;
    const said = element("span", "unseen", value.text);
    track.title = value.text;
    return [track, said];
  },
  actions(column, row) {
    const may = new Set(row.can);
    return Object.entries(CONTROLS).map(([name, symbol]) =>
      may.has(name)
        ? lockedFor(name !== "history" && row.locked, iconButton(name, symbol, words[name]))
        : element("span", "slot"),
    );
  },
};

const PLAIN = new Set(["text", "muted"]);
const WORDY = new Set(["text", "muted", "products"]);

function smallPrint(columns, row) {
  const line = element("div", "under");
  const worded = columns.filter((column) => WORDY.has(column.kind) && row[column.key]);
  const text = worded.map((column) => row[column.key]).join(" · ");
  const more = worded.some((column) => column.kind === "products") && row.more;
  if (text) line.append(cut(text, "muted"));
  if (more) line.append(element("span", "more muted", `+${row.more}`));
  for (const column of columns) {
    if (!WORDY.has(column.kind)) line.append(...PARTS[column.kind](column, row));
  }
  return line;
}

/** What a card shows of a row: a press that says itself what it does needs no name. */
const pressed = (column, row) => column.kind === "actions" || (column.kind === "button" && Boolean(row[column.key]?.name));

function holds(column, row) {
  const value = row[column.key];
  return pressed(column, row) || (column.kind === "invoice" && row.can?.includes("register")) || (Boolean(value) && value !== NOTHING);
}

/** Columns that merge in the narrow table stand behind their leading one, the nearest first. */
function grouped(columns, narrow) {
  const leading = columns.filter((column) => !narrow || !column.under);
  return leading.map((lead) => {
    const place = (column) => Math.abs(columns.indexOf(column) - columns.indexOf(lead));
    const followers = columns
      .filter((column) => narrow && column.under === lead.key)
      .sort((a, b) => place(a) - place(b) || columns.indexOf(b) - columns.indexOf(a));
    return {
      lead,
      beside: followers.filter((column) => column.beside),
      under: followers.filter((column) => !column.beside),
    };
  });
}

class Bubble {
  constructor(frame) {
    this.node = element("div", "bubble");
    this.node.setAttribute("popover", "manual");
    this.node.setAttribute("aria-hidden", "true");
    this.text = element("div", "said");
    this.saying = element("div", "saying");
    this.node.append(this.saying, this.text);
    this.node.addEventListener("mouseenter", () => clearTimeout(this.closing));
    this.node.addEventListener("mouseleave", () => this.hideSoon());
    frame.append(this.node);
    this.onKey = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      event.preventDefault();
      this.hide();
    };
    this.onScroll = () => (this.settled ? this.hide() : this.place());
  }

  show(anchor, text) {
    clearTimeout(this.closing);
    this.hide();
    this.anchor = anchor;
    this.settled = false;
    const settle = () => (this.settled = this.anchor === anchor);
    requestAnimationFrame(() => requestAnimationFrame(settle));
    this.text.textContent = text;
    this.node.showPopover();
    this.place();
    window.addEventListener("keydown", this.onKey, true);
    window.addEventListener("scroll", this.onScroll, true);
  }

  place() {
    const at = this.anchor.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.node;
    const below = at.bottom + 6;
    const fits = below + height <= window.innerHeight - 8;
    this.node.style.left = `${Math.max(8, Math.min(at.left - 8, window.innerWidth - width - 8))}px`;
    this.node.style.top = `${fits ? below : Math.max(8, at.top - height - 6)}px`;
  }

  hideSoon() {
    clearTimeout(this.closing);
    this.closing = setTimeout(() => this.anchor?.matches(":focus-visible") || this.hide(), 120);
  }

  hide() {
    clearTimeout(this.closing);
    if (!this.anchor) return;
    this.anchor = null;
    this.node.hidePopover();
    window.removeEventListener("keydown", this.onKey, true);
    window.removeEventListener("scroll", this.onScroll, true);
  }
}

class Table {
  constructor(frame) {
    this.frame = frame;
    this.rows = new Map();
    this.selected = new Set();
    this.sent = new Map();

    this.scroller = element("div", "scroller");
    this.table = element("table");
    this.table.setAttribute("role", "table");
    this.caption = element("caption", "unseen");
    this.widths = element("colgroup");
    this.head = element("thead");
    this.body = element("tbody");
    for (const part of [this.head, this.body]) part.setAttribute("role", "rowgroup");
    this.table.append(this.caption, this.widths, this.head, this.body);
    this.scroller.append(this.table);
    this.voice = element("div", "unseen");
    this.voice.setAttribute("role", "status");
    frame.append(this.scroller, this.voice);
    this.bubble = new Bubble(frame);

    this.listen();
  }

  listen() {
    const { table, scroller } = this;
    table.addEventListener("click", (event) => this.clicked(event));
    table.addEventListener("change", (event) => this.checked(event.target));
    table.addEventListener("keydown", (event) => this.moved(event));
    table.addEventListener("focusin", ({ target }) => target.matches(":focus-visible") && this.explain(target));
    table.addEventListener("focusout", () => this.bubble.hide());
    table.addEventListener("mouseover", ({ target }) => this.explain(target.closest("[data-control]")));
    table.addEventListener("mouseout", () => this.bubble.hideSoon());
    scroller.addEventListener("scroll", () => this.bubble.anchor && this.bubble.onScroll());

    const fit = () => this.fit();
    this.observer = new ResizeObserver(fit);
    this.observer.observe(this.frame);
    this.observer.observe(scroller);
    for (let node = this.frame.getRootNode().host; node && node.dataset.testid !== "stMain"; node = node.parentElement) {
      this.observer.observe(node);
      this.page = node.parentElement;
    }
    window.addEventListener("resize", fit);
    this.leave = () => {
      this.observer.disconnect();
      this.returning?.disconnect();
      window.removeEventListener("resize", fit);
      this.bubble.hide();
      this.ahead?.leave();
    };
  }

  render(given, tell) {
    const data = { ...given, columns: given.columns.map(forFingers) };
    words = data.words;
    this.bubble.saying.textContent = words.saying;
    this.tell = tell;
    if (data.generation !== this.generation) this.begin(data);
    const moved = this.drawn && data.view !== this.drawn.view && !this.led;
    this.drawn = data;
    for (const sent of this.sent.values()) sent.answered = true;

    const instead = data.ahead && this.leader.instead(data.ahead);
    if (instead === "stay" && this.mode) return;
    this.led = Boolean(instead?.rows);
    this.take(instead?.rows ? { ...data, ...instead } : data);
    if (moved) this.toTop();
    this.fit();
    this.draw();
    this.frame.dataset.ready = "";
    if (data.open !== this.opened) this.rows.get(data.open)?.line.scrollIntoView({ block: "nearest" });
    this.opened = data.open;
  }

  /** What is drawn from now on; with other columns the table begins anew. */
  take(data) {
    const shape = JSON.stringify([data.columns, data.selectable]);
    const other = shape !== this.shape;
    if (other) this.mode = null;
    this.shape = shape;
    this.data = data;
    this.name();
    return other;
  }

  /** Another selection of the page's; what was chosen ahead of it among the rows of a press stays. */
  begin({ generation, selected }) {
    this.generation = generation;
    if (this.chosen) this.tellSelected();
    else this.selected = new Set(selected);
    this.chosen = false;
  }

  get leader() {
    this.ahead ??= new Ahead((answer, control) => this.lead(answer, control));
    return this.ahead;
  }

  /** Draws the rows of a press ahead of the page; without an answer what the page has drawn. */
  lead(answer, control) {
    if (!answer && !this.chosen) this.selected = new Set(this.drawn.selected);
    else if (control !== "page") this.selected.clear();
    this.led = Boolean(answer);
    if (this.take(answer ? { ...this.drawn, ...answer } : this.drawn)) this.fit();
    this.toTop();
    this.share();
    this.drawInSight();
    this.voice.textContent = answer ? this.caption.textContent : "";
  }

  /** What the table is called says how many rows are shown: those out of sight may not be drawn yet. */
  name() {
    const { caption, rows } = this.data;
    this.caption.textContent = filled(words.caption, { caption, count: rows.length });
    this.table.setAttribute("aria-rowcount", rows.length + 1);
  }

  /** Draws the rows that are in sight, and the others once those are painted. */
  drawInSight() {
    const drawn = this.data;
    this.draw(Math.ceil(parseFloat(this.frame.style.maxHeight) / LOWEST_ROW) || Infinity);
    whenIdle(() => this.data === drawn && this.draw());
  }

  toTop() {
    this.bubble.hide();
    this.scroller.scrollTop = 0;
  }

  fit() {
    if (!this.data) return;
    const { height, reserve, selectable, columns } = this.data;
    if (height === "window") {
      const top = this.frame.getBoundingClientRect().top + (this.page?.scrollTop ?? 0);
      this.frame.style.maxHeight = `${Math.max(300, window.innerHeight - top - reserve)}px`;
    } else {
      this.frame.style.maxHeight = height === "content" ? "none" : `${height}px`;
    }

    const room = this.frame.clientWidth - SCROLLBAR_WIDTH - (selectable ? CHECKBOX_WIDTH : 0);
    if (room <= 0) return;
    const wide = total(columns.map((column) => column.min)) <= room;
    const narrow = total(grouped(columns, true).map(({ lead }) => lead.narrow ?? floor(lead))) <= room;
    const mode = wide ? "wide" : narrow ? "narrow" : "cards";
    if (mode !== this.mode) {
      this.mode = mode;
      this.frame.dataset.mode = mode;
      this.frame.toggleAttribute("data-selectable", selectable);
      this.groups = grouped(mode === "cards" ? columns.filter((column) => !column.spare) : columns, mode !== "wide");
      this.rows.clear();
      this.body.replaceChildren();
      this.drawHead();
      this.draw();
    }
    this.share();
    this.reach();
  }

  /** What scrolls can be reached by the keyboard: where nothing in it can be pressed, it is a stop of its own. */
  reach() {
    const stop = this.scroller.scrollHeight > this.scroller.clientHeight && !this.table.querySelector("[data-control]");
    this.scroller.tabIndex = stop ? 0 : -1;
    for (const [name, said] of [["role", "region"], ["aria-label", this.data.caption]]) {
      if (stop) this.scroller.setAttribute(name, said);
      else this.scroller.removeAttribute(name);
    }
  }

  /** What each column needs for what was shown under this caption: a next page does not make it narrower. */
  needs(leads) {
    const { caption, rows } = this.data;
    if (caption !== this.measured?.caption) this.measured = { caption, widths: new Map() };
    const { widths } = this.measured;
    const { fontSize, fontFamily } = getComputedStyle(this.table);
    for (const lead of leads) {
      canvas.font = `600 13px ${fontFamily}`;
      const head = long(lead.label.split("\u00ad")[0]) + PADDING + (lead.sort ? 20 : 0);
      canvas.font = `${lead.kind === "shipment" ? "600 " : ""}${fontSize} ${fontFamily}`;
      widths.set(lead.key, Math.max(widths.get(lead.key) ?? head, ...rows.map((row) => wanted(lead, row))));
    }
    return leads.map((lead) => widths.get(lead.key));
  }

  /** Gives the columns their widths: first shrinks the patient ones, then hands out what is left, first to those that are cut off. */
  share() {
    const { selectable } = this.data;
    const room = this.scroller.clientWidth - (selectable ? CHECKBOX_WIDTH : 0);
    const leads = this.groups.map(({ lead }) => lead);
    const wide = this.mode === "wide";
    const needs = wide ? this.needs(leads) : [];
    const widths = leads.map((lead, i) => (wide ? least(lead, needs[i]) : lead.narrow ?? floor(lead)));
    const give = leads.map((lead, i) => (wide ? Math.max(0, widths[i] - lead.min) : 0));
    const lacks = widths.map((width, i) => (wide ? Math.max(0, needs[i] - width) : 0));
    const helped = Math.min(1, Math.max(0, room - total(widths)) / (total(lacks) || 1));
    lacks.forEach((lack, i) => (widths[i] += Math.floor(lack * helped)));
    const spare = room - total(widths);
    const take = this.groups.map(({ lead, beside }) => lead.grow || beside.length);
    const weights = spare < 0 ? give : take;
    const weight = total(weights) || 1;
    const shares = widths.map((width, i) => Math.floor(width + (spare * weights[i]) / weight));
    if (selectable) shares.unshift(CHECKBOX_WIDTH);

    const cols = shares.map((width) => {
      const col = element("col");
      col.style.width = `${width}px`;
      return col;
    });
    this.widths.replaceChildren(...cols);
    const chip = leads.findIndex((lead) => lead.kind === "chip");
    const reason = chip < 0 ? 0 : total(shares.slice(chip + (selectable ? 1 : 0))) - 12;
    this.table.style.setProperty("--reason", this.mode === "cards" ? "auto" : `${reason}px`);
  }

  drawHead() {
    const row = element("tr");
    row.setAttribute("role", "row");
    if (this.data.selectable) {
      const cell = this.headCell("check");
      this.all = this.checkbox(words.all);
      cell.append(this.all);
      row.append(cell);
    }
    for (const group of this.groups) {
      const cell = this.headCell(`kind-${group.lead.kind} ${group.lead.align}`);
      const first = element("div", "first");
      first.append(...[group.lead, ...group.beside].map((column) => this.headWord(column)));
      cell.append(first);
      if (group.under.length) {
        const under = element("div", "under");
        under.append(...group.under.map((column) => this.headWord(column, true)));
        cell.append(under);
      }
      if (this.mode === "wide" && group.lead.axis.length) cell.append(axis(group.lead.axis));
      group.cell = cell;
      row.append(cell);
    }
    this.head.replaceChildren(row);
  }

  headCell(classes) {
    const cell = element("th", classes);
    cell.scope = "col";
    cell.setAttribute("role", "columnheader");
    return cell;
  }

  headWord(column, small = false) {
    const label = this.mode === "wide" ? column.label : plain(column.label);
    if (!column.sort) return element("span", column.kind === "actions" || !label ? "unseen" : "word", label || words.act);
    const button = control("sort", plain(column.label), "word");
    button.dataset.sort = column.sort;
    button.append(element("span", "", label), element("span", small ? "arrow small" : "arrow"));
    return button;
  }

  drawSort() {
    const { sort } = this.data;
    for (const { lead, beside, under, cell } of this.groups) {
      const columns = [lead, ...beside, ...under].filter((column) => column.sort);
      const active = columns.some((column) => column.sort === sort?.key);
      if (columns.length) {
        cell.setAttribute("aria-sort", active ? (sort.descending ? "descending" : "ascending") : "none");
      }
      for (const button of cell.querySelectorAll("[data-sort]")) {
        const sorted = button.dataset.sort === sort?.key;
        const symbol = sorted ? (sort.descending ? "arrow-down" : "arrow-up") : "sort";
        button.classList.toggle("sorted", sorted);
        button.querySelector(".arrow").replaceChildren(icon(symbol, 13));
      }
    }
  }

  draw(most = Infinity) {
    if (!this.mode) return; // It is folded away: it is drawn once it has a width.
    const focus = this.focused();
    const { selectable } = this.data;
    const rows = this.data.rows.slice(0, most);
    const shown = new Map();
    let place = this.body.firstElementChild;
    for (const row of rows) {
      const said = JSON.stringify(row);
      let known = this.rows.get(row.id);
      if (!known) known = { line: this.newLine(row) };
      if (known.said !== said) this.fill(known.line, row);
      known.line.toggleAttribute("data-open", row.id === this.drawn.open);
      known.said = said;
      shown.set(row.id, known);
      if (known.line === place) place = place.nextElementSibling;
      else this.body.insertBefore(known.line, place);
    }
    for (const [id, { line }] of this.rows) if (!shown.has(id)) line.remove();
    this.rows = shown;
    this.drawSort();
    if (selectable) this.drawSelection();
    this.refocus(focus);
    this.reach();
    if (this.bubble.anchor && !this.bubble.anchor.isConnected) this.bubble.hide();
  }

  newLine(row) {
    const line = element("tr");
    line.setAttribute("role", "row");
    line.dataset.id = row.id;
    return line;
  }

  fill(line, row) {
    const cells = this.groups.map((group, i) => this.cell(group, row, i === this.namingColumn()));
    if (this.data.selectable) {
      const cell = element("td", "check");
      cell.setAttribute("role", "cell");
      cell.append(this.checkbox(filled(words.select, { id: row.id })));
      cells.unshift(cell);
    }
    line.replaceChildren(...cells);
    line.classList.toggle("reasoned", Boolean(row.reason));
  }

  namingColumn() {
    return Math.max(0, this.groups.findIndex(({ lead }) => lead.kind === "shipment"));
  }

  cell({ lead, beside, under }, row, naming) {
    const cell = element(naming ? "th" : "td", `kind-${lead.kind} ${lead.align}`);
    cell.setAttribute("role", naming ? "rowheader" : "cell");
    if (naming) cell.scope = "row";
    if (this.mode === "wide" && PLAIN.has(lead.kind)) return this.plainCell(cell, lead, row[lead.key]);
    if (this.mode === "cards") this.fillCard(cell, [lead, ...beside, ...under], row, naming);
    else this.fillCell(cell, { lead, beside, under }, row);
    if (lead.kind === "chip" && row.reason) {
      const reason = element("div", "reason", row.reason);
      reason.title = row.reason;
      cell.append(reason);
    }
    return cell;
  }

  fillCell(cell, { lead, beside, under }, row) {
    const first = element("div", "first");
    first.append(...PARTS[lead.kind](lead, row));
    for (const column of beside) {
      const companion = element("span", "beside");
      companion.append(...PARTS[column.kind](column, row));
      first.append(companion);
    }
    cell.append(first);
    if (under.length) cell.append(smallPrint(under, row));
  }

  /** Each value that there is, beside the label of its column; the one that names the card stands for itself. */
  fillCard(cell, columns, row, naming) {
    for (const column of columns.filter((column) => holds(column, row))) {
      const title = column === this.groups[0].lead;
      const item = element("div", title ? "item title" : "item");
      item.dataset.kind = column.kind;
      const unsaid = (title && naming && column.align !== "right") || column.kind === "button";
      const label = element("span", unsaid ? "unseen" : "name", plain(column.label));
      if (!pressed(column, row)) item.append(label);
      item.append(...PARTS[column.kind](column, row));
      cell.append(item);
    }
  }

  /** Most cells are a word or two: without inner elements a new page of rows is drawn in a fifth less time. */
  plainCell(cell, { kind }, text) {
    cell.textContent = text || NOTHING;
    cell.classList.add("plain", "cut");
    if (text) cell.title = text;
    if (!text || kind === "muted") cell.classList.add("muted");
    return cell;
  }

  checkbox(label) {
    const wrap = element("label");
    const box = element("input");
    box.type = "checkbox";
    box.dataset.control = "check";
    box.setAttribute("aria-label", label);
    wrap.append(box);
    return wrap;
  }

  drawSelection() {
    let count = 0;
    for (const [id, { line }] of this.rows) {
      const selected = this.selected.has(id);
      count += selected;
      line.setAttribute("aria-selected", selected);
      line.querySelector("input").checked = selected;
    }
    const box = this.all.querySelector("input");
    box.checked = count > 0 && count === this.rows.size;
    box.indeterminate = count > 0 && count < this.rows.size;
    box.disabled = this.rows.size === 0;
  }

  checked(box) {
    const line = box.closest("tbody tr");
    const ids = line ? this.stretch(line) : [...this.rows.keys()];
    for (const id of ids) box.checked ? this.selected.add(id) : this.selected.delete(id);
    this.drawSelection();
    this.chosen = this.led;
    this.tellSelected();
  }

  tellSelected() {
    this.tell.setStateValue("selected", { generation: this.generation, ids: [...this.selected] });
  }

  /** A box pressed with Shift acts on every row from the last one pressed to this one. */
  stretch(line) {
    const ids = [...this.rows.keys()];
    const to = ids.indexOf(line.dataset.id);
    const from = this.shift ? ids.indexOf(this.last) : -1;
    this.last = line.dataset.id;
    return from < 0 ? [line.dataset.id] : ids.slice(Math.min(from, to), Math.max(from, to) + 1);
  }

  clicked(event) {
    this.shift = event.shiftKey;
    const target = event.target.closest("[data-control]");
    if (!target || target.ariaDisabled === "true") return;
    const { control: name, sort } = target.dataset;
    const id = target.closest("tr").dataset.id;
    if (name === "check") return;
    if (name === "copy") this.copy(target, this.row(id));
    else if (name === "request") this.explain(target);
    else this.send(name, name === "sort" ? sort : id);
  }

  send(name, id) {
    const at = performance.now();
    const event = `${name} ${id}`;
    const before = this.sent.get(event);
    if (before && at - before.at < (before.answered ? this.patience(name) : ANSWER_MS)) return;
    this.sent.set(event, { at, answered: false });
    this.awaitAnswer(event);
    if (name !== "sort") this.awaitReturn();
    else if (this.drawn.ahead) this.leader.sorted(id, this.drawn.sort);
    this.tell.setTriggerValue("event", { name, id });
  }

  /** The second press of a double click on an action is no second order; on a head it turns the order round again. */
  patience(name) {
    return name === "sort" ? 0 : REPEAT_MS;
  }

  /** A run that changes nothing in the table draws none of it: the press is answered once the page rests, or a drawer is open. */
  awaitAnswer(event) {
    const sent = this.sent.get(event);
    const app = document.querySelector("[data-testid=stApp]");
    let ran = false;
    const observer = new MutationObserver(() => {
      const runs = app.dataset.testScriptState === "running";
      ran ||= runs;
      if ((!ran || runs) && !document.querySelector('[role="dialog"]')) return;
      sent.answered = true;
      observer.disconnect();
    });
    observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ["data-test-script-state"] });
    setTimeout(() => observer.disconnect(), ANSWER_MS);
  }

  /** A drawer that closes leaves the focus nowhere: the control that opened it gets it back. */
  awaitReturn() {
    const focus = this.focused();
    let away = false;
    this.returning?.disconnect();
    this.returning = new MutationObserver(() => {
      const open = document.querySelector('[role="dialog"]');
      if (open) away = true;
      if (open || !away) return;
      this.returning.disconnect();
      if (document.activeElement === document.body) this.refocus(focus && { ...focus, id: this.drawn.open || focus.id });
    });
    this.returning.observe(document.body, { childList: true, subtree: true });
  }

  row(id) {
    return this.data.rows.find((row) => row.id === id);
  }

  explain(target) {
    if (target?.dataset.control !== "request") return;
    if (this.bubble.anchor !== target) this.bubble.show(target, this.row(target.closest("tr").dataset.id).request);
  }

  async copy(button, row) {
    const number = row[this.data.columns.find((column) => column.kind === "invoice").key];
    const copied = await this.toClipboard(number);
    if (copied) {
      button.replaceChildren(icon("check"));
      button.classList.add("done");
      setTimeout(() => {
        button.replaceChildren(icon("copy"));
        button.classList.remove("done");
      }, 1200);
    }
    this.voice.textContent = "";
    requestAnimationFrame(() => (this.voice.textContent = copied ? words.copied : words.not_copied));
  }

  async toClipboard(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return this.toClipboardOverPlainHttp(text);
    }
  }

  toClipboardOverPlainHttp(text) {
    const before = this.frame.getRootNode().activeElement;
    const area = element("textarea", "unseen");
    area.value = text;
    this.frame.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    before?.focus({ preventScroll: true });
    return copied;
  }

  moved(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
    const name = event.target.dataset?.control;
    if (!(event.key in steps) || !name || name === "sort" || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const same = [...this.table.querySelectorAll(`[data-control="${CSS.escape(name)}"]`)];
    const first = event.key === "Home" && same[0].closest("thead") ? 1 : 0;
    const next = Math.min(same.length - 1, Math.max(first, same.indexOf(event.target) + steps[event.key]));
    same[next]?.focus();
  }

  focused() {
    const active = this.frame.getRootNode().activeElement;
    const name = active?.dataset?.control;
    if (!name) return null;
    const line = active.closest("tbody tr");
    return { active, name, sort: active.dataset.sort, id: line?.dataset.id, at: line?.sectionRowIndex };
  }

  /** Puts the focus back on the same control of the same row; when the row has gone, on the one in its place; else on the table. */
  refocus(focus) {
    if (!focus || focus.active.isConnected && this.frame.getRootNode().activeElement === focus.active) return;
    const line = focus.id === undefined ? this.head.rows[0] : this.rows.get(focus.id)?.line ?? this.body.rows[focus.at];
    const same = [...(line?.querySelectorAll("[data-control]") ?? [])];
    const exact = same.find(({ dataset }) => dataset.control === focus.name && dataset.sort === focus.sort);
    const target = exact ?? same.find(({ dataset }) => dataset.control === "open") ?? same[0];
    (target ?? this.scroller).focus({ preventScroll: true });
  }
}

const tables = new WeakMap();

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const frame = parentElement.querySelector(".frame");
  if (!tables.has(frame)) tables.set(frame, new Table(frame));
  const table = tables.get(frame);
  table.render(data, { setStateValue, setTriggerValue });
  return () => table.leave();
}
