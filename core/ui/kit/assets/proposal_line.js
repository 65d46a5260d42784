const SETTLED_MS = 250;
const COMPANY = "input[role=combobox]";
const NUMBER = "[data-testid=stForm] input";
const SAVE = "[data-testid=stForm] [data-testid=stFormSubmitButton] button";

/** Tells what is typed into the box of the number, of which the desk hears otherwise only with the whole form. */
class Typing {
  constructor() {
    this.heard = ({ target }) => {
      if (!target.matches?.(`${this.form} ${NUMBER}`)) return;
      markWrong(target, false);
      this.settle(target);
    };
    this.sent = (event) => event.key === "Enter" && this.entered(event);
  }

  render({ form, wrong, answer }, tell) {
    const began = this.form === undefined;
    this.form = form;
    this.tell = tell;
    document.addEventListener("input", this.heard);
    document.addEventListener("keydown", this.sent, true);
    // What stands there already was typed before this was there to hear it, or before its session was lost.
    const there = began && document.querySelector(`${form} ${NUMBER}`);
    if (there?.value) this.settle(there);
    if (answer === this.answer) return;
    this.answer = answer;
    for (const [name, box] of Object.entries({ carrier: COMPANY, invoice_no: NUMBER })) this.mark(box, name === wrong);
  }

  mark(box, wrong) {
    const field = document.querySelector(`${this.form} ${box}`);
    if (!field) return;
    markWrong(field, wrong);
    if (wrong) field.focus();
    if (wrong && box === NUMBER) field.select();
  }

  settle(box) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.tell("number", box.value), SETTLED_MS);
  }

  /** A box asks whether an Enter sends its form when it is drawn, which may be before the button is: that Enter would be lost. */
  entered(event) {
    clearTimeout(this.waiting);
    const { target, isComposing, altKey, ctrlKey, metaKey, shiftKey } = event;
    if (!target.matches?.(`${this.form} ${NUMBER}`) || isComposing || altKey || ctrlKey || metaKey || shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat) return;
    this.early?.disconnect();
    if (this.button) return this.button.click();
    this.early = new MutationObserver(() => {
      if (!this.button) return;
      this.early.disconnect();
      this.button.click();
    });
    this.early.observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
  }

  get button() {
    return document.querySelector(`${this.form} ${SAVE}:not(:disabled)`);
  }

  leave() {
    clearTimeout(this.waiting);
    this.early?.disconnect();
    document.removeEventListener("input", this.heard);
    document.removeEventListener("keydown", this.sent, true);
  }
}

const typings = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const line = parentElement.querySelector(".proposal-line");
  if (!typings.has(line)) typings.set(line, new Typing());
  const typing = typings.get(line);
  typing.render(data, setStateValue);
  if (line.textContent !== data.said) line.textContent = data.said;
  line.title = data.means;
  return () => typing.leave();
}
