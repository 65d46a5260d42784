const TYPED = "shipdesk-typed";
const KEYS = { ArrowUp: "before", ArrowDown: "after" };
const DRAWN = { before: "arrow-up", after: "arrow-down" };

/** Goes from one shipment of a list to the next: by two buttons, and by Alt with the arrows wherever the focus is. */
class Walk {
  constructor(frame) {
    this.place = element("span", "place");
    this.unsaved = element("div", "unsaved");
    this.unsaved.setAttribute("role", "alert");
    this.buttons = { before: this.button("before"), after: this.button("after") };
    frame.append(this.buttons.before, this.place, this.buttons.after, this.unsaved);
    this.heard = (event) => this.pressed(event);
  }

  button(name) {
    const button = element("button");
    button.type = "button";
    button.append(icon(DRAWN[name]));
    button.addEventListener("click", () => this.go(name));
    return button;
  }

  render(data, tell) {
    const elsewhere = !this.data || this.data.before !== data.before || this.data.after !== data.after;
    Object.assign(this, { data, tell, gone: false });
    this.place.textContent = data.place;
    for (const [name, button] of Object.entries(this.buttons)) this.draw(name, button, data);
    if (elsewhere) {
      this.warned = false;
      this.unsaved.textContent = "";
    }
    document.addEventListener("keydown", this.heard, true);
    if (data.saved && data.saved !== this.saved) this.offer(data.way_on);
    this.saved = data.saved;
  }

  draw(name, button, data) {
    const label = data[name] ? filled(data.words[name], { id: data[name] }) : data.words[`no_${name}`];
    button.title = label;
    button.setAttribute("aria-label", label);
    button.setAttribute("aria-disabled", String(!data[name]));
  }

  /** After saving, the button that leads on has the focus, once it is drawn: an Enter is all that it takes. */
  offer(button, tries = 60) {
    clearTimeout(this.waiting);
    const found = document.querySelector(button);
    if (found) found.focus({ preventScroll: true });
    else if (tries) this.waiting = setTimeout(() => this.offer(button, tries - 1), 30);
  }

  pressed(event) {
    const { key, altKey, ctrlKey, metaKey, shiftKey, target } = event;
    const name = altKey && !ctrlKey && !metaKey && !shiftKey && KEYS[key];
    // A list of choices opens by the same keys.
    if (!name || event.isComposing || target.closest?.("select, [role=combobox], [role=listbox]")) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) this.go(name);
  }

  /** What was typed and not saved is not left without a word. */
  go(name) {
    if (!this.data[name] || this.gone) return;
    if (!this.warned && Object.values(tab.read(TYPED, {})).some((text) => text.trim())) {
      this.warned = true;
      this.unsaved.textContent = this.data.words.unsaved;
      return;
    }
    this.gone = true;
    this.tell("step", name);
  }

  leave() {
    clearTimeout(this.waiting);
    document.removeEventListener("keydown", this.heard, true);
  }
}

const walks = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const frame = parentElement.querySelector(".walk");
  if (!walks.has(frame)) walks.set(frame, new Walk(frame));
  const walk = walks.get(frame);
  walk.render(data, setTriggerValue);
  return () => walk.leave();
}
