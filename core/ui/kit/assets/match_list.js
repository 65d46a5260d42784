const ALL = "all";
const KEYS = 9;

class MatchList {
  constructor(root) {
    this.root = root;
    this.chosen = new Map();
    this.views = element("div", "views");
    this.views.setAttribute("role", "group");
    this.rows = element("ol", "rows");
    this.rows.addEventListener("keydown", (event) => this.key(event));
    this.root.append(this.views, this.rows);
  }

  render(data, tell) {
    const first = !this.data;
    this.data = data;
    this.tell = tell;
    if (data.list !== this.list) {
      this.list = data.list;
      this.chosen = new Map(Object.entries(data.chosen));
      this.view = data.views.find(({ name }) => name === data.opened)?.name ?? ALL;
      this.current = this.shown()[0]?.id;
    }
    if (first || this.drawn !== data.list) this.draw();
    this.drawn = data.list;
    if (first && data.focus) this.focus();
  }

  shown() {
    return this.data.rows.filter(({ match }) => this.view === ALL || match === this.view);
  }

  draw() {
    this.drawViews();
    this.lines = new Map(this.shown().map((row) => [row.id, this.line(row)]));
    const none = element("li", "none", this.data.words.none);
    this.rows.replaceChildren(...(this.lines.size ? [...this.lines.values()] : [none]));
    this.rows.setAttribute("aria-label", this.data.words.caption);
  }

  drawViews() {
    this.views.setAttribute("aria-label", this.data.words.views);
    const views = this.data.views.map(({ name, label }) => {
      const button = element("button", "view", label);
      button.type = "button";
      button.setAttribute("aria-pressed", name === this.view);
      button.addEventListener("click", () => this.open(name));
      return button;
    });
    this.views.replaceChildren(...views, element("span", "hint", this.data.words.hint));
  }

  open(view) {
    this.view = view;
    this.current = this.shown()[0]?.id;
    this.draw();
    this.views.querySelector("[aria-pressed=true]")?.focus();
  }

  line(row) {
    const line = element("li", "row");
    const current = row.id === this.current;
    line.dataset.id = row.id;
    line.tabIndex = current ? 0 : -1;
    if (current) line.dataset.current = "";
    line.addEventListener("focusin", () => this.move(row.id));
    line.append(this.summary(row));
    if (current) line.append(element("p", "why", row.why), ...(row.candidates.length ? [this.choices(row)] : []));
    line.addEventListener("click", (event) => {
      if (!event.composedPath().some((node) => node.tagName === "BUTTON")) this.move(row.id, true);
    });
    return line;
  }

  summary(row) {
    const line = element("div", "line");
    const state = element("div", "state");
    const picked = this.chosen.get(row.id);
    const meant = picked ?? row.shipment_no;
    if (meant) state.append(element("b", "", meant));
    const chip = picked ? this.data.words.picked : picked === "" ? this.data.words.left : row.chip;
    const mark = element("span", `chip ${hue(chip.hue)}`);
    mark.append(icon(chip.icon, 13), element("span", "", chip.word));
    state.append(mark);
    line.append(element("span", "place", row.row), element("span", "number", row.number), element("span", "says", row.says), state);
    return line;
  }

  choices(row) {
    const block = element("div", "choices");
    const cards = row.candidates.map((candidate, at) => this.card(row, candidate, at));
    const none = this.button(row, "", "0");
    none.querySelector(".top").append(element("span", "", this.data.words.leave));
    block.append(...cards, none);
    return block;
  }

  card(row, candidate, at) {
    const card = this.button(row, candidate.shipment_no, at < KEYS ? String(at + 1) : "");
    card.querySelector(".top").append(element("span", "", candidate.shipment_no));
    card.append(...[candidate.recipient, candidate.phone, candidate.address].filter(Boolean).map((text) => element("span", "", text)));
    card.append(element("span", "quiet", candidate.order));
    const marks = element("span", "marks");
    marks.append(...candidate.agrees.map((text) => element("span", `mark ${hue("green")}`, text)));
    marks.append(...candidate.differs.map((text) => element("span", `mark ${hue("orange")}`, text)));
    const taken = this.taken(row, candidate.shipment_no);
    if (taken) marks.append(element("span", `mark ${hue("yellow")}`, taken));
    card.append(marks);
    return card;
  }

  button(row, shipment, key) {
    const button = element("button", "choice");
    button.type = "button";
    button.setAttribute("aria-pressed", this.chosen.get(row.id) === shipment);
    const top = element("span", "top");
    if (key) {
      top.append(element("span", "key", key));
      button.setAttribute("aria-keyshortcuts", key);
    }
    button.append(top);
    button.addEventListener("click", () => this.choose(row, shipment));
    return button;
  }

  /** Says which other row has the shipment already: two numbers for one shipment are refused later. */
  taken(row, shipment) {
    const other = this.data.rows.find(({ id, shipment_no }) => id !== row.id && (this.chosen.get(id) ?? shipment_no) === shipment);
    return other ? this.data.words.taken.replace("{row}", other.row) : "";
  }

  choose(row, shipment) {
    this.chosen.set(row.id, shipment);
    this.redraw(row.id);
    this.focus();
    this.tell("chosen", { list: this.list, rows: Object.fromEntries(this.chosen) });
  }

  move(id, focus = false) {
    if (id !== this.current) {
      const before = this.current;
      this.current = id;
      this.redraw(before);
      this.redraw(id);
      focus = true;
    }
    if (focus) this.focus();
  }

  redraw(id) {
    const row = this.data.rows.find((one) => one.id === id);
    const old = this.lines.get(id);
    if (!row || !old) return;
    const line = this.line(row);
    this.lines.set(id, line);
    old.replaceWith(line);
  }

  focus() {
    const line = this.lines.get(this.current);
    line?.focus({ preventScroll: true });
    line?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const act = this.act(event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  act({ key, target }) {
    const row = this.data.rows.find(({ id }) => id === this.current);
    if (!row) return null;
    if (/^[1-9]$/.test(key) && row.candidates[key - 1]) return () => this.choose(row, row.candidates[key - 1].shipment_no);
    if ((key === "0" || key === "Escape") && row.candidates.length) return () => this.choose(row, "");
    if (key === "ArrowDown" || key === "ArrowUp") return () => this.step(key === "ArrowDown" ? 1 : -1);
    if (key === "Enter" && target.tagName !== "BUTTON") return () => this.next();
    return null;
  }

  step(by) {
    const shown = this.shown();
    const at = shown.findIndex(({ id }) => id === this.current) + by;
    if (shown[at]) this.move(shown[at].id, true);
  }

  /** The next row that waits for a choice, from here on and then from the top; the first one after all are chosen stays. */
  next() {
    const shown = this.shown();
    const here = shown.findIndex(({ id }) => id === this.current);
    const waits = ({ id, candidates, shipment_no }) => candidates.length && !shipment_no && !this.chosen.has(id);
    const row = [...shown.slice(here + 1), ...shown.slice(0, here)].find(waits);
    if (row) this.move(row.id, true);
  }
}

const lists = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".list");
  if (!lists.has(root)) lists.set(root, new MatchList(root));
  const list = lists.get(root);
  list.render(data, setStateValue);
}
