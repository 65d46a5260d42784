const SETTLED_MS = 250;

/** Tells what is typed into a box of a form, of which the desk hears otherwise only with the whole form. */
class Typing {
  constructor() {
    this.heard = ({ target }) => target.matches?.(this.box) && this.settle(target);
    this.sent = ({ key }) => key === "Enter" && clearTimeout(this.waiting);
  }

  render({ box }, tell) {
    const began = this.box === undefined;
    this.box = box;
    this.tell = tell;
    document.addEventListener("input", this.heard);
    document.addEventListener("keydown", this.sent, true);
    // What stands there already was typed before this was there to hear it, or before its session was lost.
    const there = began && document.querySelector(box);
    if (there?.value) this.settle(there);
  }

  settle(box) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.tell("number", box.value), SETTLED_MS);
  }

  leave() {
    clearTimeout(this.waiting);
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
  return () => typing.leave();
}
