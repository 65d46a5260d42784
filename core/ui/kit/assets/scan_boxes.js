const BURST_GAP_MS = 50;
const BURST_LENGTH = 6;
const ENTER_WITHIN_MS = 120;
const BURST_PAUSE_MS = 300;
const PAUSE_WHERE_ENTER_COMES_MS = 1000;
const LATE_TIMER_MS = 15;
const LATE_ENTER_MS = 500;
const TYPED_PAUSE_MS = 250;
const PATIENCE_MS = 4000;
const OFFERED = 3;
const CONTROLS = "a, button, input, textarea, select, [contenteditable], [role=button], [role=option], [role=menuitem]";
const KEPT = "shipdesk-scans";
const SAVED = new Set(["registered", "confirmed", "unchanged", "repeat"]);

const WRONG = new Set(["refused", "ask", "restarted"]);

const randomId = () => Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join("");

function box(name, symbol, label, placeholder) {
  const field = element("div");
  const title = element("label", "label", label);
  const input = element("input");
  input.id = title.htmlFor = name;
  input.placeholder = placeholder;
  input.maxLength = 120;
  input.autocomplete = "off";
  input.spellcheck = false;
  input.setAttribute("autocapitalize", "characters");
  const line = element("div", "box");
  line.append(icon(symbol), input);
  field.append(title, line);
  return { field, input };
}

/** Notices a scanner without Enter: many keys faster than a hand, then a pause. One that sends Enter is waited for. */
class Burst {
  static entering = false;

  constructor(input, complete) {
    this.complete = complete;
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("input", () => this.typed());
  }

  key({ key, timeStamp, ctrlKey, metaKey, altKey }) {
    if (key === "Enter" && this.length >= BURST_LENGTH && timeStamp - this.last < ENTER_WITHIN_MS) Burst.entering = true;
    if (key === "Enter" || key === "Tab" || key === "Escape") return this.stop();
    if (key.length !== 1 || ctrlKey || metaKey || altKey) return;
    clearTimeout(this.timer);
    this.length = timeStamp - this.last < BURST_GAP_MS ? this.length + 1 : 1;
    this.last = timeStamp;
  }

  typed() {
    clearTimeout(this.timer);
    if (this.length >= BURST_LENGTH) this.wait();
  }

  /** A late timer means that the page was busy: keys may still stand in line, so the pause is measured again. */
  wait() {
    const pause = Burst.entering ? PAUSE_WHERE_ENTER_COMES_MS : BURST_PAUSE_MS;
    const due = performance.now() + pause;
    this.timer = setTimeout(() => {
      if (performance.now() - due > LATE_TIMER_MS) return this.wait();
      this.length = 0;
      this.complete();
    }, pause);
  }

  stop() {
    clearTimeout(this.timer);
    this.length = 0;
  }
}

class Desk {
  constructor(root, words) {
    this.root = root;
    this.words = words;
    const { waiting = [], entry = this.fresh(), first = "", second = "" } = tab.read(KEPT, {});
    Object.assign(this, { waiting, entry });
    this.build();
    this.first.value = first;
    this.second.value = second;
    this.listen();
  }

  /** What is in the boxes and what is not answered stays in the browser tab, whatever becomes of the server and the page. */
  keep() {
    tab.write(KEPT, { waiting: this.waiting, entry: this.entry, first: this.first.value, second: this.second.value });
    this.drawUnsent();
  }

  drawUnsent() {
    const acts = this.waiting.filter(({ job }) => job.kind === "save" || job.kind === "undo");
    const unsent = tab.connected ? [] : acts;
    const said = unsent.map(({ job }) => (job.kind === "save" ? `${job.first} · ${job.second}` : this.words.undo));
    const list = element("ol");
    list.append(...said.map((text) => element("li", "", text)));
    this.unsent.replaceChildren(...(said.length ? [element("b", "", this.words.unsent), list] : []));
  }

  fresh() {
    return { carrier: "", shipment: null, offered: [], best: "", proposed: "", means: "", wrong: "", agreed: false, confirmed: false, question: "", kept: false, direct: false };
  }

  build() {
    const head = element("div", "head");
    const place = element("label", "place", this.words.warehouse);
    this.warehouse = element("select");
    place.append(this.warehouse);
    head.append(element("h2", "", this.words.title), place);
    this.camera = new CameraPanel(this.words.camera, { found: (text) => this.scanned(text), changed: () => this.cameraTurned() });

    const card = element("div", "card");
    const first = box("shipment", "barcode", this.words.first, this.words.scan);
    const second = box("invoice", "hash", this.words.second, this.words.scan);
    this.first = first.input;
    this.second = second.input;
    this.shipment = element("div", "shipment");
    const companies = element("div", "companies");
    this.pills = element("div", "pills");
    this.pills.setAttribute("role", "group");
    this.pills.setAttribute("aria-label", this.words.carrier);
    this.why = element("span", "why");
    const title = element("span", "label", this.words.carrier);
    title.append(this.why);
    companies.append(title, this.pills);
    const tools = element("div", "tools");
    tools.append(this.camera.button, this.switch());
    card.append(tools, this.camera.node, first.field, this.shipment, second.field, companies, this.acts());
    this.voice = element("div", "unseen");
    this.voice.setAttribute("role", "status");
    this.voice.setAttribute("aria-live", "polite");
    this.unsent = element("div", "unsent");
    this.unsent.setAttribute("aria-live", "polite");
    this.root.append(head, card, this.unsent, this.voice);
  }

  switch() {
    const button = element("button", "sounds");
    button.type = "button";
    const draw = () => {
      button.setAttribute("aria-pressed", sounds.on);
      button.replaceChildren(icon(sounds.on ? "sound" : "sound-off"), element("span", "", this.words.sounds));
    };
    button.addEventListener("click", () => {
      sounds.turn(!sounds.on);
      sounds.wake();
      sounds.play("heard");
      draw();
      this.focus(this.current());
    });
    draw();
    return button;
  }

  acts() {
    const line = element("div", "acts");
    const save = element("button", "save");
    save.type = "button";
    save.append(icon("check"), element("span", "", this.words.register), element("span", "key", "Ctrl + Enter"));
    save.addEventListener("click", () => this.completeSecond(true));
    const start = element("button", "start");
    start.type = "button";
    start.append(element("span", "", this.words.restart), element("span", "key", "Esc"));
    start.addEventListener("click", () => this.startOver());
    line.append(save, start, element("span", "hint", this.words.enter));
    return line;
  }

  listen() {
    this.bursts = [
      new Burst(this.first, () => this.burst(() => this.completeFirst())),
      new Burst(this.second, () => this.burst(() => this.completeSecond(false))),
    ];
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.first.addEventListener("input", () => this.firstChanged());
    this.second.addEventListener("input", () => this.secondChanged());
    this.warehouse.addEventListener("change", () => {
      this.send({ kind: "warehouse", text: this.warehouse.value });
      this.focus(this.first.value ? this.second : this.first);
    });
    const caught = (event) => this.caught(event);
    const returned = () => setTimeout(() => this.keepFocus());
    window.addEventListener("keydown", caught, true);
    window.addEventListener("focus", returned);
    document.addEventListener("focusout", returned);
    document.addEventListener("pointerup", returned);
    const unwatch = tab.watch(() => this.connectionChanged());
    const wake = () => sounds.wake();
    window.addEventListener("pointerdown", wake, true);
    window.addEventListener("keydown", wake, true);
    this.leave = () => {
      unwatch();
      clearTimeout(this.doubting);
      this.camera.leave();
      window.removeEventListener("pointerdown", wake, true);
      window.removeEventListener("keydown", wake, true);
      clearTimeout(this.typing);
      window.removeEventListener("keydown", caught, true);
      window.removeEventListener("focus", returned);
      document.removeEventListener("focusout", returned);
      document.removeEventListener("pointerup", returned);
    };
  }

  /** Keys that belong to the desk wherever the focus is, and scans that would otherwise get lost. */
  caught(event) {
    if (document.querySelector('[role="dialog"]')) return;
    if (event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey) return this.shortcut(event);
    const target = event.composedPath()[0];
    const types = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (types && !target.matches?.("input, textarea, select, [contenteditable]")) this.focus(this.current());
  }

  shortcut(event) {
    const digit = /^Digit([1-4])$/.exec(event.code);
    if (!digit && event.code !== "KeyZ") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.repeat) return;
    if (digit) this.choose(Number(digit[1]) - 1);
    else this.send({ kind: "undo" });
  }

  key(event) {
    event.stopPropagation();
    const { key, target } = event;
    if (key === "Escape" && target !== this.others) {
      event.preventDefault();
      this.startOver();
    } else if (key === "Enter" && event.isComposing === false) {
      if (target !== this.first && target !== this.second && !event.ctrlKey) return;
      event.preventDefault();
      if (event.repeat || event.timeStamp < this.deafUntil) return;
      if (event.ctrlKey) this.completeSecond(true);
      else if (target === this.first) this.completeFirst();
      else this.completeSecond(true);
    }
  }

  /** What the camera reads goes where a scanner's keys would. */
  scanned(text) {
    if (document.querySelector('[role="dialog"]')) return;
    sounds.play("heard");
    const box = this.current();
    box.value = text.slice(0, box.maxLength);
    if (box === this.first) {
      this.firstChanged();
      this.burst(() => this.completeFirst());
    } else {
      this.secondChanged();
      this.burst(() => this.completeSecond(false));
    }
  }

  /** While the camera reads, no keys of the screen cover its picture. */
  cameraTurned() {
    for (const input of [this.first, this.second]) input.inputMode = this.camera.on ? "none" : "";
    this.focus(this.current());
  }

  /** What was said while nobody heard it is said again; what was heard is known by its id. */
  connectionChanged() {
    this.drawUnsent();
    if (tab.connected && this.waiting.length) this.tellAll();
  }

  burst(complete) {
    this.deafUntil = performance.now() + LATE_ENTER_MS;
    complete();
  }

  firstChanged() {
    const { kept, direct } = this.entry;
    this.entry = Object.assign(this.fresh(), { kept, direct });
    this.draw();
    this.keep();
  }

  secondChanged() {
    Object.assign(this.entry, { question: "", confirmed: false, wrong: "" });
    this.drawWrong();
    this.keep();
    clearTimeout(this.typing);
    if (this.first.value.trim() && this.second.value.trim()) this.typing = setTimeout(() => this.look(), TYPED_PAUSE_MS);
  }

  completeFirst() {
    if (!this.first.value.trim()) return;
    if (this.entry.direct && this.second.value.trim()) return this.save();
    this.look();
    this.focus(this.second);
  }

  /** `pressed` tells a hand on the keyboard from a scanner: only a hand can answer a question. */
  completeSecond(pressed) {
    if (!this.second.value.trim()) return this.agree(pressed);
    if (!this.first.value.trim()) {
      this.first.value = this.second.value;
      this.second.value = "";
      return this.completeFirst();
    }
    const { question } = this.entry;
    if (pressed && question === "warehouse") this.entry.agreed = true;
    else if (pressed && question) this.entry.confirmed = true;
    this.save();
  }

  agree(pressed) {
    if (!pressed || this.entry.question !== "warehouse") return this.focus(this.current());
    Object.assign(this.entry, { agreed: true, question: "" });
    this.look();
  }

  look() {
    this.waiting = this.waiting.filter(({ job }) => job.kind !== "look");
    this.send({ kind: "look", ...this.boxes() });
  }

  save() {
    clearTimeout(this.typing);
    this.waiting = this.waiting.filter(({ job }) => job.kind !== "look");
    const entry = this.entry;
    const job = { kind: "save", ...this.boxes() };
    this.clear();
    this.send(job, entry);
  }

  boxes() {
    const { carrier, agreed, confirmed } = this.entry;
    return { first: this.first.value.trim(), second: this.second.value.trim(), carrier, agreed, confirmed };
  }

  /** What is on its way to the desk goes on; refused, it is only said: the boxes are somebody's next scan by then. */
  startOver() {
    this.waiting = this.waiting.filter(({ job }) => job.kind !== "look").map((one) => ({ ...one, leftAlone: true }));
    this.clear();
    this.send({ kind: "clear" });
  }

  clear() {
    clearTimeout(this.typing);
    for (const burst of this.bursts) burst.stop();
    this.first.value = this.second.value = "";
    this.entry = this.fresh();
    this.draw();
    this.focus(this.first);
  }

  /** All that is not answered yet goes along each time: a message that overtakes another loses nothing. */
  send(job, entry = null) {
    this.waiting.push({ job: { id: randomId(), ...job }, entry });
    this.keep();
    this.tellAll();
    clearTimeout(this.doubting);
    this.doubting = setTimeout(() => this.waiting.length && tab.doubt(), PATIENCE_MS);
  }

  tellAll() {
    this.tell("queue", { session: this.session, jobs: this.waiting.map(({ job }) => job) });
  }

  render(data, tell) {
    const mounted = !this.data;
    this.data = data;
    this.tell = tell;
    this.drawWarehouses();
    for (const answer of data.answers) this.take(answer);
    if (mounted) this.draw();
    if (data.session !== this.session) this.join(data.session);
    if (data.focus !== this.asked) this.focus(this.current());
    this.asked = data.focus;
    this.keepFocus();
  }

  /** Another session has heard of nothing yet. A job goes to it under the same id, so that it is done once. */
  join(session) {
    this.session = session;
    if (this.waiting.length) this.tellAll();
    else if (this.first.value.trim()) this.look();
  }

  take(answer) {
    const at = this.waiting.findIndex(({ job }) => job.id === answer.id);
    if (at < 0) return;
    const [{ job, entry, leftAlone }] = this.waiting.splice(at, 1);
    if (answer.message) this.say(answer.message);
    if (WRONG.has(answer.verdict)) sounds.play("wrong");
    else if (job.kind === "save") sounds.play("right");
    if (job.kind === "look") this.looked(job, answer);
    else if (job.kind === "save" && !SAVED.has(answer.verdict) && !leftAlone) this.giveBack(job, entry, answer);
    this.keep();
  }

  looked(job, answer) {
    const same = this.first.value.trim() === job.first;
    if (!same) return;
    const untouched = !this.second.value.trim();
    if (answer.verdict === "swapped" && untouched) return this.swap();
    if (answer.verdict === "repeat" && untouched) return this.clear();
    if (answer.verdict === "refused" && untouched) {
      this.entry.kept = true;
      this.mark("shipment_no");
      return this.focus(this.first, true);
    }
    this.learn(answer);
    if (answer.field === "warehouse" && untouched) this.entry.question = "warehouse";
  }

  /** A number scanned first waits in box 2, and is saved with the shipment unless box 1 held something refused. */
  swap() {
    const direct = !this.entry.kept;
    const number = this.first.value;
    this.clear();
    this.second.value = number;
    this.entry.direct = direct;
    this.entry.kept = !direct;
  }

  giveBack(job, entry, answer) {
    const busy = this.first.value || this.second.value || this.waiting.some((one) => one.job.kind === "save");
    if (busy) return;
    this.entry = Object.assign(entry, { direct: false, kept: true, question: answer.verdict === "ask" ? answer.field : "" });
    this.first.value = answer.shipment_no || job.first;
    this.second.value = answer.verdict === "restarted" ? "" : answer.number || job.second;
    this.learn(answer);
    this.mark(answer.verdict === "refused" ? answer.field : "");
    this.focus(answer.field === "shipment_no" ? this.first : this.second, true);
  }

  /** The field that is wrong, "" for none: one of them at a time. */
  mark(field) {
    this.entry.wrong = field;
    this.drawWrong();
    this.keep();
  }

  drawWrong() {
    const { wrong } = this.entry;
    markWrong(this.first, wrong === "shipment_no");
    markWrong(this.second, wrong === "invoice_no");
    this.pills.toggleAttribute("data-wrong", wrong === "carrier");
  }

  learn(answer) {
    const { shipment, offered, best, proposed, means } = answer;
    Object.assign(this.entry, { shipment, offered, best, proposed, means });
    this.draw();
  }

  choose(place) {
    if (place < OFFERED) {
      const code = this.offered()[place];
      if (!code) return;
      this.entry.carrier = code;
    } else return this.openOthers();
    this.chosen();
  }

  chosen() {
    Object.assign(this.entry, { question: "", confirmed: false, wrong: "" });
    this.draw();
    this.keep();
    this.focus(this.current());
  }

  openOthers() {
    this.others = element("select");
    this.others.setAttribute("aria-label", this.words.all_carriers);
    for (const [code, name] of this.data.companies) this.others.append(new Option(name, code));
    this.others.value = this.entry.carrier || this.entry.best || this.data.companies[0][0];
    const take = () => {
      const code = this.others?.value;
      this.others = null;
      if (code) this.entry.carrier = code;
      this.chosen();
    };
    const close = () => {
      this.others = null;
      this.draw();
    };
    this.others.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Enter") return take();
      close();
      this.focus(this.current());
    });
    let pointed = false;
    this.others.addEventListener("pointerdown", () => (pointed = true));
    this.others.addEventListener("change", () => pointed && take());
    this.others.addEventListener("blur", () => this.others && close());
    this.pills.lastChild.replaceWith(this.others);
    this.others.focus();
  }

  offered() {
    const { carrier, offered } = this.entry;
    const first = offered.slice(0, OFFERED);
    return !carrier || first.includes(carrier) ? first : [...first.slice(0, OFFERED - 1), carrier];
  }

  draw() {
    this.drawShipment();
    this.drawWrong();
    if (!this.others) this.drawPills();
  }

  drawShipment() {
    const { shipment } = this.entry;
    if (!shipment) return this.shipment.replaceChildren();
    const who = element("div", "who");
    const chip = element("span", `chip ${hue(shipment.chip.hue)}`);
    chip.append(icon(shipment.chip.icon, 13), element("span", "", shipment.chip.word));
    const name = element("span");
    name.append(element("b", "", shipment.recipient), " ", shipment.where);
    who.append(chip, name);
    this.shipment.replaceChildren(who, element("div", "what", shipment.what));
  }

  drawPills() {
    const names = new Map(this.data?.companies ?? []);
    const { carrier, best, proposed, means } = this.entry;
    const taken = carrier || best;
    this.why.textContent = carrier ? "" : proposed;
    this.why.title = carrier ? "" : means;
    const pills = this.offered().map((code, place) => this.pill(names.get(code) ?? code, place, code === taken));
    if (!pills.length) pills.push(element("span", "none", this.words.no_carrier));
    this.pills.replaceChildren(...pills, this.pill(this.words.other, OFFERED, false));
  }

  pill(name, place, pressed) {
    const pill = element("button", "pill");
    pill.type = "button";
    pill.setAttribute("aria-pressed", pressed);
    pill.append(element("span", "", name), element("span", "key", `Alt+${place + 1}`));
    pill.addEventListener("click", () => this.choose(place));
    return pill;
  }

  drawWarehouses() {
    const { warehouses, warehouse } = this.data;
    const said = JSON.stringify(warehouses);
    if (said !== this.warehousesSaid) this.warehouse.replaceChildren(new Option(this.words.any, ""), ...warehouses.map((name) => new Option(name, name)));
    this.warehousesSaid = said;
    if (!this.waiting.some(({ job }) => job.kind === "warehouse")) this.warehouse.value = warehouse;
  }

  say(text) {
    this.voice.textContent = "";
    requestAnimationFrame(() => (this.voice.textContent = text));
  }

  current() {
    const active = this.root.getRootNode().activeElement;
    if (active === this.first || active === this.second) return active;
    return this.first.value.trim() && !this.entry.direct ? this.second : this.first;
  }

  focus(input, all = false) {
    input.focus({ preventScroll: true });
    if (all) input.select();
  }

  /** The focus is nobody's after a click beside everything, a closed drawer or a removed button: a box takes it. */
  keepFocus() {
    const { activeElement: active } = document;
    const lost = !active || (!active.shadowRoot && !active.matches(CONTROLS));
    const reading = !getSelection().isCollapsed;
    if (lost && !reading && !document.querySelector('[role="dialog"]')) this.focus(this.current());
  }
}

const desks = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".desk");
  const spoken = JSON.stringify(data.words);
  if (desks.get(root)?.spoken !== spoken) {
    desks.get(root)?.leave();
    root.replaceChildren();
    desks.set(root, Object.assign(new Desk(root, data.words), { spoken }));
  }
  const desk = desks.get(root);
  desk.render(data, setStateValue);
  return () => desk.leave();
}
