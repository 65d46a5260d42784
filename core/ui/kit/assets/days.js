const ENDS = ["first", "last"];
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** Days are texts such as 2026-11-03, which sort as they follow each other; they are counted in UTC, where every day has 24 hours. */
const dayOf = (at) => new Date(at).toISOString().slice(0, 10);
const moved = (day, days) => dayOf(Date.parse(day) + days * 86_400_000);
const beginOf = (day) => `${day.slice(0, 7)}-01`;
const monthAway = (day, months) => dayOf(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 + months, 1));

/** The day that was typed: with its year, or without it the last that was not after `latest`; null where it is none. */
function typedDay(text, latest) {
  const plain = text.normalize("NFKC").trim();
  const parts = /^\d{8}$/.test(plain) ? [plain.slice(0, 4), plain.slice(4, 6), plain.slice(6)] : plain.match(/\d+/g) ?? [];
  const whole = parts.length === 2 ? [latest.slice(0, 4), ...parts] : parts;
  if (whole.length !== 3 || whole[0].length !== 4 || /[a-z]/i.test(plain)) return null;
  const [year, month, day] = whole.map(Number);
  const found = new Date(Date.UTC(year, month - 1, day));
  if (year < 1000 || found.getUTCMonth() !== month - 1 || found.getUTCDate() !== day) return null;
  const said = dayOf(found);
  return parts.length === 2 && said > latest ? `${year - 1}${said.slice(4)}` : said;
}

/** Boxes for the first and the last day, and one calendar for the box that was in hand last; or one box with its calendar folded away. */
class Days {
  constructor(root, { single, words }) {
    this.root = root;
    this.single = single;
    this.ends = single ? ["first"] : ENDS;
    this.boxes = {};
    this.weekdays = {};
    for (const end of this.ends) root.append(this.field(end));
    this.fault = element("div", "fault");
    this.fault.setAttribute("role", "alert");
    this.calendar = element("div", "calendar");
    root.append(this.fault, this.calendar);
    this.inHand = "first";
    this.calendar.addEventListener("click", ({ target }) => this.pressed(target.closest("button")));
    this.calendar.addEventListener("keydown", (event) => this.key(event));
    if (single) this.fold(words.calendar);
  }

  fold(name) {
    this.root.classList.add("single");
    this.opener = element("button", "opener");
    this.opener.type = "button";
    this.opener.title = name;
    this.opener.setAttribute("aria-label", name);
    this.opener.append(icon("calendar"));
    this.opener.addEventListener("click", () => this.unfold(this.calendar.hidden));
    this.root.querySelector(".box").append(this.opener);
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.calendar.hidden) return;
      event.stopPropagation();
      this.unfold(false);
      this.opener.focus();
    });
    this.unfold(false);
  }

  unfold(open) {
    this.calendar.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
  }

  field(end) {
    const field = element("label");
    const box = element("div", "box");
    const input = (this.boxes[end] = element("input"));
    input.inputMode = "numeric";
    input.autocomplete = "off";
    input.placeholder = "YYYY-MM-DD";
    input.addEventListener("focus", () => this.take(end));
    input.addEventListener("change", () => this.typed(end));
    this.weekdays[end] = element("span", "weekday");
    this.weekdays[end].setAttribute("aria-hidden", "true");
    box.append(input, this.weekdays[end]);
    field.append(element("span"), box);
    return field;
  }

  render(data, tell) {
    const asked = JSON.stringify([data.first, data.last]);
    this.data = data;
    this.tell = tell;
    this.named = new Intl.DateTimeFormat(data.language, { timeZone: "UTC", dateStyle: "full" });
    this.short = new Intl.DateTimeFormat(data.language, { timeZone: "UTC", weekday: "short" });
    this.titled = new Intl.DateTimeFormat(data.language, { timeZone: "UTC", year: "numeric", month: "long" });
    for (const end of this.ends) this.boxes[end].closest("label").firstChild.textContent = data.words[end];
    if (asked !== this.asked) {
      this.asked = asked;
      this.chosen = { first: data.first, last: data.last };
      this.shown = beginOf(data.last ?? data.first ?? (data.today < data.earliest ? data.earliest : data.today));
      this.say("");
    }
    this.draw();
  }

  take(end) {
    this.inHand = end;
    const day = this.chosen[end];
    if (day && beginOf(day) !== this.shown) {
      this.shown = beginOf(day);
      this.draw();
    }
  }

  typed(end) {
    const text = this.boxes[end].value;
    const { earliest, latest, open, words } = this.data;
    const day = text.trim() ? typedDay(text, latest) : null;
    if (!text.trim() ? !open : !day) return this.say(words.no_day, end);
    if (day && day < earliest) return this.say(words.too_early, end);
    if (day && day > latest) return this.say(words.too_late, end);
    this.choose(end, day);
  }

  say(fault, end = "") {
    this.fault.textContent = fault;
    for (const one of this.ends) this.boxes[one].toggleAttribute("aria-invalid", false);
    if (end) this.boxes[end].setAttribute("aria-invalid", "true");
  }

  /** Where both ends are wanted, a first day behind the last one waits for its last day. */
  choose(end, day) {
    if (this.single) return this.chooseOne(day);
    this.say("");
    this.chosen[end] = day;
    if (day) this.shown = beginOf(day);
    const { first, last } = this.chosen;
    if (!this.data.open && first && last && last < first) this.chosen = { first: end === "last" ? last : first, last: null };
    this.inHand = end === "first" || !this.chosen.last ? "last" : "first";
    this.draw();
    if (this.data.open || (this.chosen.first && this.chosen.last)) {
      this.asked = JSON.stringify([this.chosen.first, this.chosen.last]);
      this.tell("days", { ...this.chosen, end });
    }
  }

  chooseOne(day) {
    this.say("");
    this.chosen.first = day;
    if (day) this.shown = beginOf(day);
    this.draw();
    this.unfold(false);
    this.asked = JSON.stringify([day, null]);
    this.tell("days", { ...this.chosen, end: "first" });
  }

  pressed(button) {
    if (!button) return;
    const { day, months } = button.dataset;
    if (day) this.choose(this.inHand, day);
    else this.turn(Number(months));
    if (this.calendar.hidden) return this.opener.focus();
    const same = day ? `[data-day="${day}"]` : `[data-months="${months}"]`;
    this.calendar.querySelector(same)?.focus();
  }

  turn(months) {
    this.shown = monthAway(this.shown, months);
    this.draw();
  }

  key(event) {
    const { day } = event.target.dataset;
    const pages = { PageUp: -1, PageDown: 1 }[event.key];
    if (!day || !(event.key in STEPS || pages)) return;
    event.preventDefault();
    const to = pages ? monthAway(day, pages) : moved(day, STEPS[event.key]);
    const within = to < this.data.earliest ? this.data.earliest : to > this.data.latest ? this.data.latest : to;
    this.shown = beginOf(within);
    this.draw(within);
    this.calendar.querySelector(`[data-day="${within}"]`).focus();
  }

  draw(stop = null) {
    for (const end of this.ends) {
      const day = this.chosen[end];
      if (this.boxes[end].getAttribute("aria-invalid") !== "true") this.boxes[end].value = day ?? "";
      this.weekdays[end].textContent = day ? this.short.format(Date.parse(day)) : "";
    }
    this.calendar.replaceChildren(this.monthLine(), this.table(stop));
  }

  monthLine() {
    const line = element("div", "month");
    const title = element("span", "", this.titled.format(Date.parse(this.shown)));
    title.setAttribute("aria-live", "polite");
    line.append(this.turner(-1, "‹", this.data.words.month_before), title, this.turner(1, "›", this.data.words.month_after));
    return line;
  }

  turner(months, sign, said) {
    const button = element("button", "", sign);
    button.type = "button";
    button.dataset.months = months;
    button.title = said;
    button.setAttribute("aria-label", said);
    const there = monthAway(this.shown, months);
    button.disabled = months < 0 ? moved(this.shown, -1) < this.data.earliest : there > this.data.latest;
    return button;
  }

  table(stop) {
    const table = element("table");
    const head = table.createTHead().insertRow();
    const before = (new Date(this.shown).getUTCDay() - this.data.week_begins + 7) % 7;
    const begin = moved(this.shown, -before);
    for (let at = 0; at < 7; at += 1) {
      const title = element("th", "", this.short.format(Date.parse(moved(begin, at))));
      title.scope = "col";
      head.append(title);
    }
    const body = table.createTBody();
    const last = moved(monthAway(this.shown, 1), -1);
    const tabbed = stop ?? [this.chosen[this.inHand], this.data.today].find((day) => day && beginOf(day) === this.shown) ?? this.shown;
    for (let week = begin; week <= last; week = moved(week, 7)) {
      const line = body.insertRow();
      for (let at = 0; at < 7; at += 1) {
        const day = moved(week, at);
        const cell = line.insertCell();
        if (beginOf(day) === this.shown) cell.append(this.day(day, tabbed));
      }
    }
    return table;
  }

  day(day, tabbed) {
    const { first, last } = this.chosen;
    const button = element("button", "", String(Number(day.slice(8))));
    button.type = "button";
    button.dataset.day = day;
    button.tabIndex = day === tabbed ? 0 : -1;
    button.disabled = day < this.data.earliest || day > this.data.latest;
    button.setAttribute("aria-label", this.named.format(Date.parse(day)));
    button.setAttribute("aria-pressed", String(day === first || day === last));
    button.classList.toggle("within", Boolean(first && last) && first < day && day < last);
    button.classList.toggle("end", day === first || day === last);
    button.classList.toggle("today", day === this.data.today);
    return button;
  }
}

const calendars = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".days");
  if (!calendars.has(root)) calendars.set(root, new Days(root, data));
  calendars.get(root).render(data, setStateValue);
}
