class ColumnList {
  constructor(root) {
    this.root = root;
    this.list = element("ol");
    this.voice = element("div", "unseen");
    this.voice.setAttribute("role", "status");
    this.reset = element("button", "reset");
    this.reset.type = "button";
    this.reset.addEventListener("click", () => this.tell([]));
    this.title = element("div", "title");
    this.kept = element("p");
    root.append(this.title, this.list, this.kept, this.reset, this.voice);
  }

  render(data, tell) {
    this.data = data;
    this.words = data.words;
    this.tell = tell;
    this.title.textContent = this.words.title;
    this.list.setAttribute("aria-label", this.words.title);
    this.kept.textContent = this.words.kept;
    this.reset.textContent = this.words.reset;
    this.reset.disabled = data.all;
    if (this.sent && this.sent === JSON.stringify(this.shown(data.columns))) this.sent = "";
    if (!this.sent) this.columns = data.columns.map((column) => ({ ...column }));
    this.draw();
  }

  shown = (columns) => columns.filter((column) => column.shown).map((column) => column.key);

  draw() {
    const focus = document.activeElement?.closest?.("[data-act]")?.dataset;
    const { key, act } = focus ?? {};
    this.list.replaceChildren(...this.columns.map((column, place) => this.line(column, place)));
    if (!key) return;
    const same = (name) => this.list.querySelector(`[data-key="${key}"][data-act="${name}"]:not(:disabled)`);
    (same(act) ?? same("up") ?? same("down"))?.focus({ preventScroll: true });
  }

  line(column, place) {
    const line = element("li");
    const label = element("label");
    const box = element("input");
    box.type = "checkbox";
    box.checked = column.shown;
    box.disabled = column.always;
    Object.assign(box.dataset, { key: column.key, act: "show" });
    box.addEventListener("change", () => this.change(() => (column.shown = box.checked)));
    label.append(box, element("span", "", column.label));
    const last = this.columns.length - 1;
    line.append(label, this.arrow(column, "up", place, -1, place === 0), this.arrow(column, "down", place, 1, place === last));
    return line;
  }

  arrow(column, act, place, by, disabled) {
    const button = element("button", "arrow");
    button.type = "button";
    button.disabled = disabled;
    button.title = filled(this.words[act], { column: column.label });
    button.setAttribute("aria-label", button.title);
    Object.assign(button.dataset, { key: column.key, act });
    button.append(icon(`arrow-${act}`, 18));
    button.addEventListener("click", () => {
      this.change(() => this.columns.splice(place + by, 0, ...this.columns.splice(place, 1)));
      this.voice.textContent = filled(this.words.moved, { column: column.label, place: place + by + 1 });
    });
    return button;
  }

  change(make) {
    make();
    const chosen = this.shown(this.columns);
    this.sent = JSON.stringify(chosen);
    this.draw();
    this.tell(chosen);
  }
}

const lists = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".column-list");
  if (!lists.has(root)) lists.set(root, new ColumnList(root));
  lists.get(root).render(data, (chosen) => setTriggerValue("chosen", chosen));
}
