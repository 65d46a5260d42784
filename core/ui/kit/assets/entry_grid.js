const SETTLED_MS = 250;
const PENDING = "…";
const KEPT = "shipdesk-grid";
const HEADS = ["row", "shipment_no", "recipient", "carrier", "invoice_no", "verdict"];

const cellsOf = (text) => {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
  return lines.map((line) => line.split("\t").map((cell) => cell.trim()));
};

class Row {
  constructor(id, companies, words) {
    this.id = id;
    this.words = words;
    this.confirmed = false;
    this.proposed = "";
    this.told = new Set();
    this.line = element("tr");
    this.number = element("td", "at");
    this.shipment = element("span", "shipment-no", id);
    this.recipient = element("span", "recipient");
    this.company = this.field("select", "company", filled(words.carrier_of, { id }));
    this.company.append(new Option("", ""), ...companies.map((name) => new Option(name)));
    this.mark = element("span", "mark");
    this.mark.id = `proposed-${encodeURIComponent(id)}`;
    this.company.setAttribute("aria-describedby", this.mark.id);
    this.invoice = this.field("input", "number", filled(words.invoice_of, { id }));
    this.invoice.autocomplete = "off";
    this.invoice.spellcheck = false;
    this.invoice.maxLength = 120;
    this.verdict = element("td", "verdict");
    this.line.append(
      this.number,
      this.cell("shipment", this.shipment, this.recipient),
      this.cell("who"),
      this.cell("company", this.company, this.mark),
      this.cell("number", this.invoice),
      this.verdict,
    );
    this.line.dataset.id = id;
  }

  cell(classes, ...content) {
    const cell = element("td", classes);
    cell.append(...content);
    return cell;
  }

  field(tag, name, label) {
    const field = element(tag);
    field.dataset.field = name;
    field.setAttribute("aria-label", label);
    return field;
  }

  get values() {
    return [this.proposed ? "" : this.company.value, this.invoice.value, this.confirmed];
  }

  set values([company, number, confirmed]) {
    this.choose(company);
    this.invoice.value = number;
    this.confirmed = confirmed;
  }

  /** What the desk says stands here, unless it only repeats what it was told before: then more was typed since. */
  take(values) {
    if (!this.told.has(JSON.stringify(values))) this.values = values;
  }

  tell() {
    this.told.add(JSON.stringify(this.values));
    return this.values;
  }

  /** A company that nobody chose is shown as proposed, and gives way to whatever is chosen. */
  propose(name, why = "", means = "") {
    if (name === this.proposed) return;
    if (this.proposed) this.choose("");
    if (!name) return;
    this.company.value = name;
    this.company.classList.add("proposed");
    this.mark.textContent = why;
    this.mark.title = this.company.title = means;
    this.proposed = name;
  }

  /** A company under another name than ours is kept as it was pasted, until the desk says which one it is. */
  choose(text) {
    this.proposed = "";
    this.company.classList.remove("proposed");
    this.mark.textContent = this.mark.title = this.company.title = "";
    const same = [...this.company.options].find(({ value }) => value.toLowerCase() === text.toLowerCase());
    if (!same) this.company.append(new Option(text));
    this.company.value = same ? same.value : text;
  }

  place(at, row) {
    this.number.textContent = at;
    this.recipient.textContent = row.recipient;
    this.line.children[2].textContent = row.recipient;
  }

  judge(said) {
    const current = said && JSON.stringify(said.of) === JSON.stringify(this.values) ? said : null;
    if (current?.company && this.company.value !== current.company) this.choose(current.company);
    const before = this.proposed;
    if (current) this.propose(current.proposed, current.proposed_why, current.means);
    const parts = current ? this.parts(current) : this.invoice.value.trim() ? [element("span", "muted", PENDING)] : [];
    const focused = this.verdict.contains(document.activeElement);
    this.verdict.replaceChildren(...parts);
    if (focused) (this.verdict.querySelector("button") ?? this.invoice).focus();
    this.markWrong(current?.wrong);
    return this.proposed !== before ? this.proposed : "";
  }

  /** The one field that is wrong. */
  markWrong(name) {
    markWrong(this.invoice, name === "invoice_no");
    markWrong(this.company, name === "carrier");
    this.shipment.classList.toggle("wrong", name === "shipment_no");
  }

  parts({ chip, why, act }) {
    const mark = element("span", `chip ${hue(chip.hue)}`);
    mark.append(icon(chip.icon, 13), element("span", "", chip.word));
    const parts = [mark];
    if (why) parts.push(element("span", "why", why));
    if (act) {
      const button = element("button", "quiet", act);
      button.type = "button";
      button.setAttribute("aria-label", filled(this.words.act_on, { act, id: this.id }));
      parts.push(button);
    }
    const line = element("div", "said");
    line.append(...parts);
    return [line];
  }
}

class Grid {
  constructor(frame, words) {
    this.words = words;
    this.rows = new Map();
    this.scroller = element("div", "scroller");
    this.table = element("table");
    this.table.append(element("caption", "unseen", words.caption));
    const head = element("thead");
    const line = element("tr");
    line.append(...HEADS.map((name) => Object.assign(element("th", "", words[name]), { scope: "col" })));
    head.append(line);
    this.body = element("tbody");
    this.table.append(head, this.body);
    this.scroller.append(this.table);
    this.voice = element("div", "voice");
    this.voice.setAttribute("role", "status");
    this.said = element("div", "unseen");
    this.said.setAttribute("role", "status");
    frame.append(this.scroller, this.voice, this.said);
    this.listen();
  }

  listen() {
    const { table } = this;
    table.addEventListener("input", ({ target }) => this.changed(target));
    table.addEventListener("change", () => this.send());
    table.addEventListener("focusout", () => this.send());
    table.addEventListener("keydown", (event) => this.pressed(event));
    table.addEventListener("paste", (event) => this.pasted(event));
    table.addEventListener("click", ({ target }) => target.closest("button") && this.confirm(this.rowOf(target)));
  }

  render(data, tell) {
    this.tell = tell;
    this.data = data;
    if (data.turn !== this.turn) this.layOut();
    // Another session has heard of nothing yet.
    if (data.session !== this.session) this.sent = "";
    this.session = data.session;
    this.hear([...this.rows.values()].map((row) => [row.id, row.judge(data.verdicts[row.id])]).filter(([, name]) => name));
    this.send();
  }

  /** What was proposed now, for who does not see it. */
  hear(proposed) {
    if (proposed.length) this.said.textContent = proposed.map(([id, name]) => filled(this.words.is_proposed, { id, name })).join(" ");
  }

  /** New rows, or other values than were typed here: what is in the boxes is replaced. */
  layOut() {
    const { rows, companies, values, turn } = this.data;
    const began = this.turn === undefined;
    const after = this.after(document.activeElement);
    this.turn = turn;
    const kept = new Map(rows.map(({ id }) => [id, this.rows.get(id) ?? new Row(id, companies, this.words)]));
    this.rows = kept;
    rows.forEach((row, at) => kept.get(row.id).place(at + 1, row));
    const typed = began ? this.kept() : {};
    for (const [id, row] of kept) row.take(typed[id] ?? values[id]);
    this.body.replaceChildren(...[...kept.values()].map(({ line }) => line));
    this.sent = JSON.stringify(Object.fromEntries(rows.map(({ id }) => [id, values[id]])));
    this.voice.textContent = "";
    if (began || after) requestAnimationFrame(() => this.focusNext(after));
  }

  /** What was typed into this grid before the page was loaded anew. */
  kept() {
    const { turn, rows } = tab.read(KEPT, {});
    return turn === this.turn ? rows : {};
  }

  keep() {
    const rows = Object.fromEntries([...this.rows].map(([id, { values }]) => [id, values]));
    tab.write(KEPT, { turn: this.turn, rows });
  }

  /** The rows from the one in focus on, all where the focus is nowhere; null where somebody works beside the table. */
  after(active) {
    const ids = [...this.rows.keys()];
    if (this.table.contains(active)) return ids.slice(ids.indexOf(active.closest("tr")?.dataset.id));
    return active?.matches("input, textarea, select") ? null : ids;
  }

  /** The first empty box from there on has the focus, else the first empty one. */
  focusNext(after) {
    const boxes = [...this.rows.values()].map(({ invoice }) => invoice);
    const next = (after ?? []).map((id) => this.rows.get(id)?.invoice).filter(Boolean);
    const empty = ({ value }) => !value;
    (next.find(empty) ?? boxes.find(empty) ?? next[0] ?? boxes[0])?.focus();
  }

  rowOf(node) {
    return this.rows.get(node.closest("tr[data-id]")?.dataset.id);
  }

  changed(field) {
    const row = this.rowOf(field);
    if (!row) return;
    row.confirmed = false;
    if (field === row.company) row.choose(field.value);
    else row.propose("");
    row.judge(null);
    this.keep();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.send(), SETTLED_MS);
  }

  confirm(row) {
    if (!row) return;
    row.confirmed = !row.confirmed;
    this.send();
  }

  values() {
    return Object.fromEntries([...this.rows].map(([id, row]) => [id, row.tell()]));
  }

  send() {
    clearTimeout(this.waiting);
    const rows = this.values();
    this.keep();
    if (JSON.stringify(rows) === this.sent) return;
    this.sent = JSON.stringify(rows);
    this.tell.setStateValue("typed", { turn: this.turn, rows });
  }

  save() {
    this.send();
    this.tell.setTriggerValue("save", { turn: this.turn, rows: this.values() });
  }

  pressed(event) {
    const { key, target } = event;
    if (key === "Escape") this.send();
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      this.save();
    } else if (target.dataset.field === "number" && !event.altKey && !event.ctrlKey && !event.metaKey) {
      const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[key];
      if (step) this.move(event, step);
    } else if (target.dataset.field === "company" && key === "Enter") {
      event.preventDefault();
      this.rowOf(target).invoice.focus();
    }
  }

  move(event, step) {
    event.preventDefault();
    const rows = [...this.rows.values()];
    const box = rows[rows.indexOf(this.rowOf(event.target)) + step]?.invoice;
    if (!box) return this.send();
    box.focus();
    box.select();
  }

  pasted(event) {
    const field = event.target.dataset?.field;
    const lines = cellsOf(event.clipboardData?.getData("text") ?? "");
    if (!field || (field === "number" && lines.length === 1 && lines[0].length === 1)) return;
    event.preventDefault();
    const own = lines.some((cells) => cells.some((cell) => this.rows.has(cell)));
    const taken = own ? this.fillByNumber(lines) : this.fillDown(lines, this.rowOf(event.target), field);
    const left = lines.filter((cells) => cells.some(Boolean)).length - taken;
    this.voice.textContent = left > 0 ? filled(left === 1 ? this.words.line_left : this.words.lines_left, { count: left }) : "";
    this.send();
  }

  /** Lines that name their shipment go to its row, wherever it stands. */
  fillByNumber(lines) {
    const named = lines.filter((cells) => cells.some((cell) => this.rows.has(cell)));
    for (const cells of named) {
      const at = cells.findIndex((cell) => this.rows.has(cell));
      const rest = cells.filter((_, place) => place !== at);
      this.fill(this.rows.get(cells[at]), rest.length > 1 ? rest : [null, rest[0]]);
    }
    return named.length;
  }

  fillDown(lines, first, field) {
    const rows = [...this.rows.values()];
    const below = rows.slice(rows.indexOf(first), rows.indexOf(first) + lines.length);
    below.forEach((row, at) => {
      const cells = lines[at];
      this.fill(row, cells.length > 1 ? cells : field === "company" ? [cells[0], null] : [null, cells[0]]);
    });
    return below.filter((_, at) => lines[at].some(Boolean)).length;
  }

  fill(row, [company, number]) {
    row.confirmed = false;
    if (company) row.choose(company);
    else row.propose("");
    if (number) row.invoice.value = number;
    row.judge(null);
  }
}

const grids = new WeakMap();

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const frame = parentElement.querySelector(".entry-grid");
  const spoken = JSON.stringify(data.words);
  if (grids.get(frame)?.spoken !== spoken) {
    frame.replaceChildren();
    grids.set(frame, Object.assign(new Grid(frame, data.words), { spoken }));
  }
  grids.get(frame).render(data, { setStateValue, setTriggerValue });
}
