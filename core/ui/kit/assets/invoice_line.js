const DRAWN = { modify: "pencil", delete: "bin" };

function iconButton(name, symbol, label, act) {
  const button = element("button", "icon");
  button.type = "button";
  button.dataset.control = name;
  button.title = label;
  button.setAttribute("aria-label", label);
  button.append(icon(symbol));
  button.addEventListener("click", () => act(button));
  return button;
}

/** What one may not do is drawn and can be reached, but not pressed; it says why. */
function lockedFor(why, button) {
  if (!why) return button;
  button.setAttribute("aria-disabled", "true");
  button.title = why;
  button.addEventListener("click", (event) => event.stopImmediatePropagation(), true);
  return button;
}

function wordButton(name, symbol, word, act) {
  const button = iconButton(name, symbol, word, act);
  button.className = "worded";
  button.append(element("span", "", word));
  return button;
}

function unfolding(button, unfolded) {
  button.setAttribute("aria-expanded", button.dataset.control === unfolded);
  return button;
}

/** What a press opened comes into sight and gets the focus once it is drawn, which may be after the line. */
function show(opens, tries = 100) {
  const target = document.querySelector(opens);
  if (!target) return tries && setTimeout(() => show(opens, tries - 1), 30);
  if (!target.matches("button, input")) target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
  if (target.matches("input")) target.select();
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  const growing = new ResizeObserver(() => {
    const cut = target.getBoundingClientRect().bottom > innerHeight;
    target.scrollIntoView({ behavior, block: cut ? "start" : "nearest" });
  });
  growing.observe(target);
  setTimeout(() => growing.disconnect(), 1500);
}

const shown = new Set();

async function copy(button, line, { number, words }) {
  const copied = await toClipboard(line, number);
  button.lastChild.textContent = copied ? words.copied : words.not_copied;
  setTimeout(() => (button.lastChild.textContent = words.copy), 1500);
}

async function toClipboard(line, text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const range = document.createRange();
    range.selectNodeContents(line.querySelector(".number"));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return document.execCommand("copy");
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const line = parentElement.querySelector(".invoice-line");
  const focused = line.contains(document.activeElement) ? document.activeElement.dataset.control : null;
  const press = (name) => () => setTriggerValue("pressed", name);
  const number = [
    element("strong", "", data.carrier),
    element("strong", "number", data.number),
    wordButton("copy", "copy", data.words.copy, (button) => copy(button, line, data)),
  ];
  line.replaceChildren(
    ...(data.number ? number : [element("span", "none", data.words.none)]),
    unfolding(wordButton("view", "way", data.words.view, press("view")), data.unfolded),
    unfolding(iconButton("history", "history", data.words.history, press("history")), data.unfolded),
    ...data.can.map((name) => lockedFor(data.locked, iconButton(name, DRAWN[name], data.words[name], press(name)))),
  );
  if (focused) line.querySelector(`[data-control="${focused}"]`)?.focus();
  if (!data.opens || shown.has(data.press)) return;
  shown.add(data.press);
  show(data.opens);
}
