/** Which keys there are, and whether they do anything. */
class KeyMap {
  constructor(bar) {
    this.bar = bar;
    this.dialog = element("dialog", "map");
    this.dialog.addEventListener("close", () => this.dialog.removeAttribute("role"));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    bar.root.append(this.dialog);
  }

  open() {
    if (this.dialog.open) return;
    this.draw();
    this.dialog.setAttribute("role", "dialog");
    this.dialog.setAttribute("aria-label", this.bar.data.words.keys);
    this.dialog.showModal();
    this.dialog.querySelector("input").focus();
  }

  draw() {
    const { words, acts, register, shipment, pages } = this.bar.data;
    const top = element("div", "top");
    const close = element("button", "icon");
    close.type = "button";
    close.setAttribute("aria-label", words.close);
    close.append(icon("cross"));
    close.addEventListener("click", () => this.dialog.close());
    top.append(element("b", "", words.keys), close);
    const keyed = acts.filter(({ key }) => key);
    const groups = element("div", "groups");
    groups.append(
      this.group(words.everywhere, keyed.filter(({ page }) => !page)),
      this.group(words.on_list, keyed.filter(({ page }) => page)),
    );
    groups.append(this.group(words.on_shipment, shipment, false));
    if (pages.some(({ id }) => id === "register")) groups.append(this.group(words.on_register, register, false));
    this.dialog.replaceChildren(top, this.toggle(), groups);
  }

  toggle() {
    const { words, keys } = this.bar.data;
    const label = element("label", "switch");
    const box = element("input");
    box.type = "checkbox";
    box.checked = keys;
    box.addEventListener("change", () => this.bar.switchKeys(box.checked));
    const said = element("span");
    said.append(element("span", "", words.keys_on), element("small", "", words.keys_note));
    label.append(box, said);
    return label;
  }

  group(name, acts, apart = true) {
    const group = element("section");
    const list = element("dl");
    for (const { key, label } of acts) {
      const line = element("div");
      const term = element("dt");
      term.append(apart ? this.bar.keyHint(key) : element("kbd", "", key));
      line.append(term, element("dd", "", label));
      list.append(line);
    }
    group.append(element("h3", "", name), list);
    return group;
  }
}

class DeskBar {
  constructor(root) {
    this.root = root;
    this.finding = this.opener("find", "search", () => this.finder.open());
    this.viewing = this.opener("views", "bookmark");
    root.append(this.finding.button, this.viewing.button);
    this.finder = new Finder(this);
    this.menu = new ViewsMenu(this, this.viewing.button);
    this.map = new KeyMap(this);
    this.viewing.button.setAttribute("aria-expanded", "false");
    this.keys = new Keys((key) => this.keyed(key));
    this.presses = 0;
  }

  leave() {
    this.keys.leave();
    this.menu.leave();
    for (const { dialog } of [this.finder, this.map]) if (dialog.open) dialog.close();
  }

  opener(name, symbol, press) {
    const button = element("button", `opener ${name}`);
    button.type = "button";
    const label = element("span", "label");
    const hint = element("kbd");
    button.append(icon(symbol), label, ...(name === "find" ? [hint] : []));
    if (press) button.addEventListener("click", press);
    return { button, label, hint };
  }

  render(data, tell) {
    this.data = data;
    this.tell = tell;
    const { words, acts } = data;
    this.finding.label.textContent = words.find;
    this.finding.button.setAttribute("aria-label", words.find_anything);
    this.viewing.label.textContent = words.views;
    this.viewing.button.setAttribute("aria-label", words.views);
    this.switchTo(this.switched ?? data.keys);
    if (this.switched === data.keys) this.switched = undefined;
    this.finding.button.title = words.find_anything;
    this.viewing.button.title = words.views;
    this.acting = acts.filter(({ page }) => !page || page === data.page);
    this.menu.render(data);
  }

  switchTo(on) {
    this.data.keys = on;
    const here = this.data.acts.filter(({ key, page }) => key && (!page || page === this.data.page));
    const takes = on && !this.data.scanned;
    this.keys.take(takes ? here.map(({ key }) => key) : []);
    this.finding.hint.textContent = takes ? "/" : "";
    if (takes) this.finding.button.setAttribute("aria-keyshortcuts", "/");
    else this.finding.button.removeAttribute("aria-keyshortcuts");
  }

  switchKeys(on) {
    this.switched = on;
    this.switchTo(on);
    this.go({ kind: "switch_keys", value: on });
  }

  /** Tells the desk of a press, and returns what its answer to it is known by. */
  go(said) {
    const at = `${performance.timeOrigin} ${(this.presses += 1)}`;
    this.tell("go", { ...said, at });
    return at;
  }

  /** What the desk answers beside the page, or why there is no answer. */
  async ask(route, question) {
    const { routes, words } = this.data;
    try {
      const body = JSON.stringify({ ...question, language: document.documentElement.lang });
      const told = await fetch(new URL(routes[route], location.href), { method: "POST", body });
      return told.ok ? await told.json() : { trouble: told.status === 403 ? await told.text() : words.trouble };
    } catch {
      return { trouble: words.trouble };
    }
  }

  keyed(key) {
    const act = this.acting.find((one) => one.key === key);
    if (act) this.does(act);
  }

  does({ act, presses }) {
    const own = { find: () => this.finder.open(), keys: () => this.map.open(), save_view: () => this.menu.open(true) };
    if (own[act]) return own[act]();
    if (!presses) return void this.go({ kind: "page", id: act });
    const target = document.querySelector(presses);
    if (!target || target.disabled) return;
    target.focus();
    if (target.matches("input")) target.select();
    else target.click();
  }

  act({ said, does }) {
    if (does) this.does(does);
    else this.go(said);
  }

  /** The acts that are found; those that only lead to a page are found as that page. */
  acts() {
    const { data } = this;
    const pages = new Set(data.pages.map(({ id }) => id));
    const acts = this.acting.filter(({ act }) => act !== "find" && !pages.has(act) && (act !== "save_view" || data.savable));
    const symbols = { keys: "keyboard", save_view: "bookmark", search: "search" };
    return [
      ...acts.map((one) => ({ does: one, label: one.label, also: one.act, key: data.keys && one.key, symbol: icon(symbols[one.act] ?? "enter") })),
      ...data.languages
        .filter(({ id }) => id !== document.documentElement.lang)
        .map(({ id, name }) => ({ said: { kind: "language", id }, label: `${data.words.language}: ${name}`, also: `language ${id}`, symbol: icon("globe") })),
    ];
  }

  ofPage({ id, label, icon: name }) {
    const key = this.data.keys && this.data.acts.find(({ act }) => act === id)?.key;
    return { said: { kind: "page", id }, label, also: id, key, symbol: material(name), address: id };
  }

  ofView(view) {
    const name = view.name || this.data.words.no_name;
    return { said: { kind: "view", id: String(view.id) }, label: name, also: view.page, sub: view.owner, symbol: material(this.iconOf(view.page)), address: view.address };
  }

  iconOf(page) {
    return this.data.pages.find(({ id }) => id === page)?.icon ?? "bookmark";
  }

  keyHint(key) {
    const hint = element("span", "hint");
    const [first, second] = key.split(" ");
    hint.append(element("kbd", "", first.toUpperCase()));
    if (second) hint.append(element("small", "", this.data.words.then), element("kbd", "", second.toUpperCase()));
    return hint;
  }
}

const bars = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".desk-bar");
  if (!bars.has(root)) bars.set(root, new DeskBar(root));
  const bar = bars.get(root);
  bar.render(data, setTriggerValue);
  return () => bar.leave();
}
