/** Rows of a press before the page is drawn anew. The controls are the page's own: what they show is read where they stand, and what a
 * press makes of the link is told by the page. Whatever does not come as expected is left to the page, which draws it all the same. */
const FRESH_MS = 150;
const DWELL_MS = 60;
const TOUCH_MS = 1000;
const REST_MS = 400;
const LONGEST_MS = 10_000;
const MOST_KNOWN = 40;

const keyOf = (link) => JSON.stringify(Object.keys(link).sort().map((name) => [name, link[name]]));

/** The link after a press: what is empty goes, all but a page begin at the first, and details that were left behind stay there. */
function after(link, changes) {
  const changed = { ...link, ...("page" in changes ? {} : { page: [] }), ...changes };
  if (!link.detail) delete changed.detail;
  return Object.fromEntries(Object.entries(changed).filter(([, values]) => values.length && values[0]));
}

/** Recipients that are searched stay out of links. */
const unsaid = (link) => link.key?.[0] === "recipient";

/** Where the page says something about the rows that it has drawn. */
const BEHIND = {
  range: ".st-key-list_range",
  pages: ".st-key-page",
  total: ".st-key-list_total",
  counts: ".st-key-tab strong, .st-key-details strong",
};

/** What the server answers under a link, kept with the state of the desk in which it is so. */
class Answers {
  constructor() {
    this.known = new Map();
  }

  /** The answer as it is now; null where there is none. One that nobody waits for yet is asked `early`, and may be older. */
  ask(link, early = false) {
    const key = keyOf(link);
    const known = this.known.get(key) ?? {};
    if (known.asking && (early || !known.asking.early)) return known.asking.answer;
    if (known.answer && performance.now() - known.at < FRESH_MS) return Promise.resolve(known.answer);
    const asking = { early, at: performance.now() };
    asking.answer = this.answered(key, link, known.answer, asking);
    this.known.delete(key);
    this.known.set(key, { ...known, asking });
    for (const old of this.known.keys()) if (this.known.size > MOST_KNOWN) this.known.delete(old);
    return asking.answer;
  }

  async answered(key, link, answer, asking) {
    const said = await this.said({ link, zone: this.offer.zone, language: document.documentElement.lang, known: answer?.state ?? "", early: asking.early });
    const found = said && (said.rows ? said : answer?.state === said.state ? answer : null);
    if (this.known.get(key)?.asking !== asking) return found;
    if (found) this.known.set(key, { answer: found, at: asking.at });
    else this.known.delete(key);
    return found;
  }

  async said(question) {
    try {
      const told = await fetch(new URL(this.offer.route, location.href), { method: "POST", body: JSON.stringify(question) });
      return told.ok ? await told.json() : null;
    } catch {
      return null;
    }
  }
}

class Ahead {
  constructor(show) {
    this.show = show;
    this.answers = new Answers();
    const heard = { pointerdown: "down", pointerover: "over", click: "touched", keydown: "touched", focusout: "left" };
    const hear = Object.entries(heard).map(([type, name]) => [type, (event) => this.offer && this[name](event)]);
    for (const [type, listener] of hear) document.addEventListener(type, listener, true);
    const back = () => this.going && this.give();
    window.addEventListener("popstate", back);
    this.script = new MutationObserver(() => this.rests());
    this.script.observe(this.app, { attributeFilter: ["data-test-script-state"] });
    this.leave = () => {
      for (const [type, listener] of hear) document.removeEventListener(type, listener, true);
      window.removeEventListener("popstate", back);
      this.script.disconnect();
      for (const timer of [this.tired, this.resting, this.dwelling]) clearTimeout(timer);
      this.hide([]);
      this.going = this.offer = null;
    };
  }

  get app() {
    return document.querySelector("[data-testid=stApp]");
  }

  get running() {
    return this.app.dataset.testScriptState !== "notRunning";
  }

  get link() {
    return this.going?.link ?? this.offer.link;
  }

  /** What the table draws in place of what the page has drawn: an answer, or "stay" as it is; null for the page's own. */
  instead(offer) {
    this.offer = offer;
    this.answers.offer = offer;
    if (this.going?.key === keyOf(offer.link)) this.going = null;
    this.rests();
    return this.going && this.going.shows;
  }

  /** Goes ahead with what a press of this control makes of the link. */
  go(changes, control) {
    const link = after(this.link, changes);
    const key = keyOf(link);
    if (key === keyOf(this.link)) return;
    const going = { link, key, control, shows: "stay", ran: this.running };
    this.going = going;
    clearTimeout(this.tired);
    this.tired = setTimeout(() => this.running || this.give(), LONGEST_MS);
    const asked = unsaid(link) ? Promise.resolve(null) : this.answers.ask(link);
    asked.then((answer) => this.going === going && this.begin(going, answer?.rows.length ? answer : null));
  }

  begin(going, answer) {
    going.shows = answer;
    if (!answer) return;
    const first = !this.offer.link.page && !going.link.page;
    const behind = { page: ["range"], sort: first ? [] : ["range", "pages"], tab: ["range", "pages", "total"] };
    this.hide(behind[going.control] ?? Object.keys(BEHIND));
    this.show(answer, going.control);
  }

  /** Leaves it to the page. */
  give() {
    clearTimeout(this.tired);
    const gone = this.going;
    this.going = null;
    this.hide([]);
    if (gone) this.show(null);
  }

  /** What the page says of other rows than those that stand is not shown meanwhile. */
  hide(names) {
    for (const [name, places] of Object.entries(BEHIND)) {
      for (const place of document.querySelectorAll(places)) place.style.opacity = names.includes(name) ? "0" : "";
    }
  }

  /** Once the page is drawn to its end it is right, and what may be pressed next is asked. */
  rests() {
    clearTimeout(this.resting);
    if (this.running) {
      if (this.going) this.going.ran = true;
      return;
    }
    if (!this.going) this.hide([]);
    this.resting = setTimeout(() => {
      if (this.running || !this.offer) return;
      if (this.going?.ran) this.give();
      if (this.asked !== this.offer) this.early(this.offer);
    }, REST_MS);
  }

  async early(offer) {
    this.asked = offer;
    for (const changes of offer.early) {
      if (this.going || this.offer !== offer || document.hidden) return;
      const link = after(offer.link, changes);
      if (unsaid(link) || !(await this.answers.ask(link, true))) return;
    }
  }

  /** The control of the page that is pressed: its key, its place, and what it is. */
  at(target) {
    const { radios, boxes } = this.offer;
    for (const name of [...Object.keys(radios), ...Object.keys(boxes), "page", "q"]) {
      const place = document.querySelector(`.st-key-${name}`);
      if (!place) continue;
      const list = name in boxes && place.querySelector("[aria-controls]")?.getAttribute("aria-controls");
      if (place.contains(target) || (list && target.closest?.(`[id="${CSS.escape(list)}"]`))) return { name, place };
    }
    return null;
  }

  /** What the control shows now, as changes of the link; null where that is nothing whole. */
  read({ name, place }) {
    const { radios, boxes } = this.offer;
    if (name in radios) return radios[name][this.choices(place).findIndex((one) => one.ariaChecked === "true")] ?? null;
    if (name === "page") return this.paged(Number(place.querySelector("[aria-current=page]")?.textContent));
    const box = place.querySelector("input");
    if (name === "q") return this.searched(box.value);
    return (box.ariaExpanded !== "true" && boxes[name][box.value]) || null;
  }

  choices = (place) => [...place.querySelectorAll("[role=radio]")];
  paged = (number) => (number > 0 ? { page: number > 1 ? [String(number)] : [] } : null);

  searched(text) {
    const key = this.link.key?.[0];
    return { q: [text], key: key && key !== "shipment_no" ? [key] : [] };
  }

  /** What a press on exactly this would make of the link; null where it cannot be known before. */
  meant(target) {
    const at = target instanceof Element && this.at(target);
    if (!at) return null;
    const { radios, boxes } = this.offer;
    const button = target.closest("[role=radio], [role=option], button");
    if (at.name in radios) return radios[at.name][this.choices(at.place).indexOf(button)] ?? null;
    if (at.name in boxes) return boxes[at.name][button?.textContent] ?? null;
    if (at.name !== "page" || !button || button.disabled) return null;
    const now = Number(at.place.querySelector("[aria-current=page]")?.textContent);
    const step = { stPaginationPrev: -1, stPaginationNext: 1 }[button.dataset.testid];
    return this.paged(step ? now + step : Number(button.textContent));
  }

  ask(changes, early) {
    const link = changes && after(this.link, changes);
    if (link && !unsaid(link) && keyOf(link) !== keyOf(this.link)) this.answers.ask(link, early);
  }

  down({ target }) {
    clearTimeout(this.dwelling);
    this.ask(this.meant(target), false);
  }

  over({ target }) {
    clearTimeout(this.dwelling);
    this.dwelling = setTimeout(() => this.offer && this.ask(this.meant(target), true), DWELL_MS);
  }

  /** A press shows in its control a moment later, and the rows with it. */
  touched(event) {
    const at = event.target instanceof Element && this.at(event.target);
    if (!at) return;
    if (at.name === "q") return event.key === "Enter" && this.go(this.read(at), "q");
    const observer = new MutationObserver(() => {
      const changes = this.offer && this.read(at);
      if (!changes || keyOf(after(this.link, changes)) === keyOf(this.link)) return;
      observer.disconnect();
      this.go(changes, at.name);
    });
    const attributeFilter = ["aria-checked", "aria-current", "aria-expanded", "value"];
    observer.observe(at.place, { subtree: true, childList: true, characterData: true, attributeFilter });
    setTimeout(() => observer.disconnect(), TOUCH_MS);
  }

  /** What was typed is searched when the box is left, too. */
  left({ target }) {
    const at = target instanceof Element && this.at(target);
    if (at?.name === "q" && target.value !== (this.link.q?.[0] ?? "")) this.go(this.read(at), "q");
  }

  /** A head turns the order of the link round, or begins its own. */
  sorted(name, drawn) {
    const { sort = [drawn.key], dir = [drawn.descending ? "desc" : "asc"] } = this.link;
    const descending = sort[0] === name ? dir[0] === "asc" : this.offer.newest_first.includes(name);
    this.go({ sort: [name], dir: [descending ? "desc" : "asc"] }, "sort");
  }
}
