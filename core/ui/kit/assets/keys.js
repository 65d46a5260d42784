/** Keys without a modifier. One counts when nothing is typed for a moment before and after it: what a scanner types comes faster than
 * any hand, and does nothing. While somebody types into a field, or a dialog is open, none does. */
const QUIET_MS = 80;
const LATE_MS = 15;
const SECOND_WITHIN_MS = 1500;
const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "NumLock", "Fn", "Hyper", "Super"]);
const FIELDS =
  "textarea, select, canvas, iframe, [contenteditable]:not([contenteditable=false]), [role=textbox], [role=searchbox], [role=combobox], [role=listbox], " +
  "[role=option], [role=menu], [role=menuitem], [role=grid], [role=gridcell], [role=slider], [role=spinbutton], [role=application], " +
  "input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=reset])";
const OPEN = "[role=dialog], dialog[open], :popover-open";

/** What was pressed, whatever the keyboard is switched to: the letter or sign itself, or, where it types another script, the one printed
 * on the key. */
function pressed({ key, code, shiftKey }) {
  const sign = key.length === 1 ? key.normalize("NFKC").toLowerCase() : "";
  const plain = /^[!-~]$/.test(sign) ? sign : code === "Slash" ? (shiftKey ? "?" : "/") : /^Key[A-Z]$/.test(code) ? code[3].toLowerCase() : "";
  return shiftKey && /[a-z]/.test(plain) ? "" : plain;
}

const typing = (event) => {
  const at = event.composedPath()[0];
  return event.isComposing || (at instanceof Element && at.closest(FIELDS) !== null);
};

class Keys {
  constructor(press) {
    this.press = press;
    this.known = new Set();
    this.first = this.wanted = "";
    this.last = -Infinity;
    const heard = (event) => this.heard(event);
    window.addEventListener("keydown", heard, true);
    this.leave = () => {
      window.removeEventListener("keydown", heard, true);
      this.drop();
    };
  }

  /** From now on these keys, such as "/" or "g s", are told to `press`; of none nothing is. */
  take(keys) {
    this.known = new Set(keys);
  }

  heard(event) {
    if (!event.key || MODIFIERS.has(event.key)) return;
    const alone = event.timeStamp - this.last >= QUIET_MS;
    this.last = event.timeStamp;
    // The page was busy: the key before had its quiet, though nobody came to say so.
    if (alone && this.wanted) this.settle(this.wanted);
    clearTimeout(this.waiting);
    const one = alone && !event.repeat && this.free(event) ? pressed(event) : "";
    const wanted = this.meant(one);
    if (!wanted) return this.drop();
    // The browser would open a box of its own under this one.
    if (one === "/") event.preventDefault();
    this.wait(wanted);
  }

  free(event) {
    return !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented && !typing(event) && !document.querySelector(OPEN);
  }

  /** What this key would make, with the first one before it; "" for nothing. */
  meant(one) {
    if (!one) return "";
    const both = `${this.first} ${one}`;
    if (this.first && this.known.has(both)) return both;
    return this.known.has(one) || [...this.known].some((key) => key.startsWith(`${one} `)) ? one : "";
  }

  /** A late timer means that the page was busy: keys may still stand in line, so the pause is measured again. */
  wait(wanted) {
    this.wanted = wanted;
    const due = performance.now() + QUIET_MS;
    this.waiting = setTimeout(() => {
      if (performance.now() - due > LATE_MS) return this.wait(wanted);
      this.settle(wanted);
    }, QUIET_MS);
  }

  settle(wanted) {
    this.drop();
    if (this.known.has(wanted)) return this.press(wanted);
    this.first = wanted;
    this.forgetting = setTimeout(() => this.drop(), SECOND_WITHIN_MS);
  }

  drop() {
    clearTimeout(this.waiting);
    clearTimeout(this.forgetting);
    this.first = this.wanted = "";
  }
}
