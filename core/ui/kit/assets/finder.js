const ASKED_AFTER_MS = 140;
const MOST_OF_A_KIND = 6;
const SHORTEST_ASKED = 2;

const folded = (text) => text.normalize("NFKC").toLowerCase();
const material = (name) => Object.assign(element("span", "material", name), { ariaHidden: "true" });

/** One box in which numbers, recipients, pages, views and acts are found. */
class Finder {
  constructor(bar) {
    this.bar = bar;
    this.dialog = element("dialog", "finder");
    this.dialog.addEventListener("close", () => this.closed());
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    bar.root.append(this.dialog);
  }

  open() {
    if (this.dialog.open) return;
    const { words } = this.bar.data;
    this.build(words);
    this.dialog.setAttribute("role", "dialog");
    this.dialog.setAttribute("aria-label", words.find_anything);
    this.before = document.activeElement;
    this.dialog.showModal();
    this.input.focus();
    this.text = "";
    this.answer = this.trouble = null;
    this.entered = false;
    this.draw();
  }

  build(words) {
    const line = element("div", "line");
    this.input = element("input");
    this.input.type = "text";
    this.input.placeholder = words.placeholder;
    this.input.maxLength = 200;
    this.input.autocomplete = "off";
    this.input.spellcheck = false;
    this.input.enterKeyHint = "go";
    for (const [name, value] of Object.entries({ role: "combobox", "aria-label": words.find_anything, "aria-controls": "desk-bar-found", "aria-expanded": "true", "aria-autocomplete": "list" })) {
      this.input.setAttribute(name, value);
    }
    const close = element("button", "icon");
    close.type = "button";
    close.setAttribute("aria-label", words.close);
    close.append(icon("cross"));
    close.addEventListener("click", () => this.dialog.close());
    line.append(icon("search", 18), this.input, close);
    this.list = element("div", "found");
    this.list.id = "desk-bar-found";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", words.find_anything);
    this.note = element("div", "note");
    this.voice = element("div", "unseen");
    this.voice.setAttribute("role", "status");
    this.dialog.replaceChildren(line, this.list, this.note, this.voice);
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("pointermove", (event) => this.pointed(event));
    this.list.addEventListener("click", (event) => this.clicked(event));
  }

  closed() {
    clearTimeout(this.timer);
    this.asking = null;
    this.dialog.removeAttribute("role");
    this.dialog.replaceChildren();
    if (document.activeElement === document.body || !document.activeElement) this.before?.focus?.({ preventScroll: true });
  }

  typed() {
    this.text = this.input.value;
    this.entered = false;
    this.trouble = "";
    if (this.text.trim().length < SHORTEST_ASKED) this.answer = null;
    this.draw();
    clearTimeout(this.timer);
    this.asking = null;
    if (this.text.trim().length >= SHORTEST_ASKED) this.timer = setTimeout(() => this.ask(), ASKED_AFTER_MS);
  }

  get waits() {
    return this.text.trim().length >= SHORTEST_ASKED && !this.trouble && this.answer?.of !== this.text;
  }

  async ask() {
    clearTimeout(this.timer);
    const asking = { of: this.text };
    this.asking = asking;
    this.trouble = "";
    const found = await this.bar.ask("find", { text: asking.of });
    if (this.asking !== asking) return;
    this.asking = null;
    if (found.trouble) this.trouble = found.trouble;
    else this.answer = { ...found, of: asking.of };
    this.draw();
    if (this.entered && !this.trouble) this.enter();
  }

  /** What is shown, in groups; numbers first where one is typed. */
  groups() {
    const { data } = this.bar;
    const { words } = data;
    const parts = folded(this.text).split(/\s+/).filter(Boolean);
    const matches = ({ label, also = "" }) => parts.every((part) => folded(`${label} ${also}`).includes(part));
    const kept = (items) => items.filter(matches).slice(0, parts.length ? MOST_OF_A_KIND : Infinity);
    const shipments = { name: words.shipments, items: this.shipments() };
    const rest = [
      { name: words.views, items: kept(data.views.map((view) => this.bar.ofView(view))) },
      { name: words.pages, items: kept(data.pages.map((page) => this.bar.ofPage(page))) },
      { name: words.acts, items: kept(this.bar.acts()) },
    ];
    const numbered = /\d/.test(this.text);
    return (numbered ? [shipments, ...rest] : [...rest, shipments]).filter(({ items }) => items.length);
  }

  shipments() {
    const found = this.answer;
    if (!found) return [];
    const items = found.shipments.map(({ id, sub, chip }) => ({ said: { kind: "shipment", id }, label: id, sub, chip, symbol: icon("box"), address: `shipment?no=${encodeURIComponent(id)}` }));
    const more = found.more.map(({ key, label }) => ({ said: { kind: "search", id: key, name: found.text }, label, symbol: icon("search") }));
    return [...items, ...more];
  }

  draw() {
    const { words } = this.bar.data;
    this.items = [];
    const drawn = this.groups().map(({ name, items }) => this.group(name, items));
    this.list.replaceChildren(...drawn);
    this.list.scrollTop = 0;
    this.active = 0;
    this.mark();
    const none = !this.items.length;
    this.note.textContent = this.trouble || (this.waits ? (none ? words.looking : "") : none ? words.nothing : "");
    this.voice.textContent = this.waits ? "" : this.note.textContent || filled(words.results, { count: this.items.length });
  }

  group(name, items) {
    const group = element("div", "group");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", name);
    const head = element("div", "head", name);
    head.ariaHidden = "true";
    group.append(head, ...items.map((item) => this.line(item)));
    return group;
  }

  line(item) {
    const line = element("div", "item");
    line.id = `desk-bar-item-${this.items.length}`;
    line.dataset.place = this.items.length;
    line.setAttribute("role", "option");
    const label = element("span", "label", item.label);
    line.append(item.symbol, label);
    if (item.sub) line.append(element("span", "sub", item.sub));
    if (item.chip) {
      const chip = element("span", `chip ${hue(item.chip.hue)}`);
      chip.append(icon(item.chip.icon, 13), element("span", "", item.chip.word));
      line.append(chip);
    }
    if (item.key) line.append(this.bar.keyHint(item.key));
    this.items.push({ ...item, line });
    return line;
  }

  mark() {
    for (const [place, { line }] of this.items.entries()) line.setAttribute("aria-selected", place === this.active);
    const line = this.items[this.active]?.line;
    if (line) this.input.setAttribute("aria-activedescendant", line.id);
    else this.input.removeAttribute("aria-activedescendant");
    line?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const count = this.items.length;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && count) this.active = (this.active + steps[event.key] + count) % count;
    else if (event.key === "Enter") this.enter(event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
    this.mark();
  }

  /** What is scanned ends with Enter before it is looked for: it is done with what is found then. */
  enter(apart = false) {
    if (this.trouble || this.waits) {
      this.entered = true;
      if (!this.asking) this.ask();
      return;
    }
    this.entered = false;
    this.act(this.items[this.active], apart);
  }

  pointed(event) {
    const line = event.target.closest(".item");
    if (!line || Number(line.dataset.place) === this.active) return;
    this.active = Number(line.dataset.place);
    this.mark();
  }

  clicked(event) {
    const line = event.target.closest(".item");
    if (line) this.act(this.items[Number(line.dataset.place)], event.ctrlKey || event.metaKey);
  }

  act(item, apart) {
    if (!item) return;
    if (apart && item.address) return void window.open(new URL(item.address, location.href), "_blank", "noopener");
    this.dialog.close();
    this.bar.act(item);
  }
}
