const SETTLED_MS = 250;

/** Tells what is typed into a box of a form, of which the desk hears otherwise only with the whole form. */
class Typing {
  constructor() {
    this.heard = ({ target }) => target.matches?.(this.box) && this.settle(target);
    document.addEventListener("input", this.heard);
  }

  render({ box }, tell) {
    this.box = box;
    this.tell = tell;
  }

  settle(box) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.tell("number", box.value), SETTLED_MS);
  }

  leave() {
    clearTimeout(this.waiting);
    document.removeEventListener("input", this.heard);
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
