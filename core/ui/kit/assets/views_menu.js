const COUNTED_EVERY_MS = 5000;

/** The saved views with how many shipments each lists now: to open, to save, and to keep in order. */
class ViewsMenu {
  constructor(bar, opener) {
    this.bar = bar;
    this.opener = opener;
    this.counts = {};
    this.panel = element("div", "panel");
    this.panel.setAttribute("popover", "auto");
    this.panel.setAttribute("role", "group");
    this.panel.addEventListener("toggle", (event) => this.toggled(event.newState === "open"));
    this.panel.addEventListener("keydown", (event) => this.key(event));
    bar.root.append(this.panel);
    opener.addEventListener("click", () => this.toggle());
    this.placed = () => this.place();
  }

  get isOpen() {
    return this.panel.matches(":popover-open");
  }

  toggle() {
    if (this.isOpen) this.panel.hidePopover();
    else if (performance.now() - (this.closedAt ?? -Infinity) > 200) this.open();
  }

  open(saving = false) {
    this.editing = this.asked = false;
    this.saving = saving && this.bar.data.savable;
    this.draft = null;
    this.fault = "";
    this.draw();
    this.panel.showPopover();
    this.place();
    const wanted = this.saving ? ".draft input" : "[data-view], .save";
    this.panel.querySelector(wanted)?.focus({ preventScroll: true });
    if (this.saving) this.panel.querySelector(wanted).select();
  }

  toggled(open) {
    this.opener.setAttribute("aria-expanded", open);
    clearInterval(this.counting);
    window.removeEventListener("resize", this.placed);
    if (!open) {
      this.closedAt = performance.now();
      return;
    }
    window.addEventListener("resize", this.placed);
    this.count();
    this.counting = setInterval(() => document.hidden || this.count(), COUNTED_EVERY_MS);
  }

  leave() {
    clearInterval(this.counting);
    window.removeEventListener("resize", this.placed);
  }

  place() {
    const at = this.opener.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.right - this.panel.offsetWidth, window.innerWidth - this.panel.offsetWidth - 8));
    this.panel.style.left = `${left}px`;
    this.panel.style.top = `${at.bottom + 6}px`;
  }

  async count() {
    if (!this.bar.data.views.some((view) => view.page === "shipments")) return;
    const { counts } = await this.bar.ask("views", {});
    if (!counts) return;
    this.counts = counts;
    for (const place of this.panel.querySelectorAll("[data-count]")) place.textContent = counts[place.dataset.count] ?? "";
  }

  /** What the page says now; what was said of a press of this menu is shown in it. */
  render(data) {
    const { said } = data;
    if (said && said.of === this.pressed) {
      this.pressed = "";
      this.fault = said.fault ? said.text : "";
      if (!said.fault) this.saving = false;
    } else if (this.pressed && !said) this.pressed = "";
    const drawn = JSON.stringify([data.views, data.words, data.savable, data.can_share, this.fault, this.saving]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    if (!this.isOpen) return;
    this.draw();
    this.count();
  }

  tell(said) {
    this.fault = "";
    this.pressed = this.bar.go(said);
  }

  draw() {
    const { words, views, savable } = this.bar.data;
    const { view, act } = document.activeElement?.closest?.("[data-act]")?.dataset ?? {};
    this.panel.setAttribute("aria-label", words.views);
    const head = element("div", "top");
    head.append(element("b", "", words.views));
    if (views.length) head.append(this.button("plain", this.editing ? words.done : words.edit, "edit", () => this.edit()));
    const list = element("ul");
    list.append(...views.map((one, place) => (this.editing ? this.edited(one, place) : this.line(one))));
    const foot = element("div", "foot");
    if (this.fault) foot.append(Object.assign(element("div", "fault", this.fault), { role: "alert" }));
    foot.append(...(this.saving ? [this.form()] : savable ? [this.button("save", words.save, "save", () => this.save())] : [element("p", "", words.save_here)]));
    this.panel.replaceChildren(head, ...(views.length ? [list] : [element("p", "", words.no_views)]), foot);
    if (act) this.panel.querySelector(`[data-act="${act}"][data-view="${view ?? ""}"]`)?.focus({ preventScroll: true });
    if (this.isOpen) this.place();
  }

  button(classes, label, act, press, view = "") {
    const button = element("button", classes, label);
    button.type = "button";
    Object.assign(button.dataset, { act, view });
    button.addEventListener("click", press);
    return button;
  }

  named(view) {
    return view.name || this.bar.data.words.no_name;
  }

  line(view) {
    const { words } = this.bar.data;
    const line = element("li");
    const link = element("a");
    link.href = new URL(view.address, location.href);
    Object.assign(link.dataset, { act: "open", view: view.id });
    if (view.here) link.setAttribute("aria-current", "page");
    link.append(material(this.bar.iconOf(view.page)), element("span", "name", this.named(view)));
    if (view.shared) {
      const team = element("span", "team");
      team.append(icon("team", 15));
      team.title = view.owner ? filled(words.of_team, { owner: view.owner }) : words.for_team;
      link.append(team);
    }
    const count = element("span", "count", this.counts[view.id] ?? "");
    if (view.page === "shipments") count.dataset.count = view.id;
    link.append(count);
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.panel.hidePopover();
      this.bar.go({ kind: "view", id: String(view.id) });
    });
    line.append(link);
    return line;
  }

  edited(view, place) {
    const { words, views, can_share } = this.bar.data;
    const name = this.named(view);
    const id = String(view.id);
    const line = element("li", "edited");
    const act = (what, symbol, label, press, disabled = false) => {
      const button = this.button("icon", null, what, press, id);
      button.append(icon(symbol));
      button.title = filled(label, { name });
      button.setAttribute("aria-label", button.title);
      button.disabled = disabled;
      return button;
    };
    const input = element("input");
    input.value = view.name;
    input.maxLength = 60;
    input.disabled = !view.can;
    input.setAttribute("aria-label", filled(words.rename, { name }));
    Object.assign(input.dataset, { act: "rename", view: id });
    const rename = () => input.value.trim() && input.value.trim() !== view.name && this.tell({ kind: "rename", id, name: input.value });
    input.addEventListener("change", rename);
    input.addEventListener("keydown", (event) => event.key === "Enter" && !event.isComposing && event.keyCode !== 229 && input.blur());
    const team = act("share", "team", words.share, () => this.tell({ kind: "share", id, value: !view.shared }), !view.can || !can_share);
    team.setAttribute("aria-pressed", view.shared);
    line.append(
      act("up", "arrow-up", words.up, () => this.tell({ kind: "move", id, value: -1 }), place === 0),
      act("down", "arrow-down", words.down, () => this.tell({ kind: "move", id, value: 1 }), place === views.length - 1),
      input,
      team,
      this.bin(act, id, view, words),
    );
    return line;
  }

  /** The first press asks, the second removes. */
  bin(act, id, view, words) {
    if (this.asked !== id) {
      return act("remove", "bin", words.remove, () => ((this.asked = id), this.draw()), !view.can);
    }
    return this.button("really", words.really, "remove", () => ((this.asked = ""), this.tell({ kind: "remove", id })), id);
  }

  form() {
    const { words, can_share, proposed } = this.bar.data;
    this.draft ??= { name: proposed, shared: false };
    const form = element("form", "draft");
    const input = element("input");
    input.value = this.draft.name;
    input.maxLength = 60;
    input.placeholder = words.name;
    input.setAttribute("aria-label", words.name);
    Object.assign(input.dataset, { act: "name", view: "" });
    input.addEventListener("input", () => (this.draft.name = input.value));
    form.append(input);
    if (can_share) {
      const label = element("label");
      const box = element("input");
      box.type = "checkbox";
      box.checked = this.draft.shared;
      box.addEventListener("change", () => (this.draft.shared = box.checked));
      label.append(box, element("span", "", words.for_team));
      form.append(label);
    }
    const acts = element("div", "acts");
    const keep = element("button", "keep", words.keep);
    keep.type = "submit";
    acts.append(keep, this.button("plain", words.cancel, "cancel", () => this.cancel()));
    form.append(acts, element("small", "", words.not_kept));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.tell({ kind: "save", name: this.draft.name, value: this.draft.shared });
    });
    return form;
  }

  save() {
    this.open(true);
  }

  cancel() {
    Object.assign(this, { saving: false, draft: null, fault: "" });
    this.draw();
    this.panel.querySelector(".save")?.focus();
  }

  edit() {
    Object.assign(this, { editing: !this.editing, asked: "", fault: "" });
    this.draw();
  }

  key(event) {
    const lines = [...this.panel.querySelectorAll("a")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !lines.includes(document.activeElement)) return;
    event.preventDefault();
    lines[(lines.indexOf(document.activeElement) + step + lines.length) % lines.length].focus();
  }
}
