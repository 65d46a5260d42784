const SAYS = { modify: "Modify", delete: "Delete" };
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

function wordButton(name, symbol, word, act) {
  const button = iconButton(name, symbol, word, act);
  button.className = "worded";
  button.append(element("span", "", word));
  return button;
}

function show(section) {
  const target = document.querySelector(`.st-key-${section}`);
  target?.scrollIntoView({ behavior: "smooth", block: "start" });
  target?.setAttribute("tabindex", "-1");
  target?.focus({ preventScroll: true });
}

async function copy(button, line, number) {
  const copied = await toClipboard(line, number);
  button.lastChild.textContent = copied ? "Copied" : "Press Ctrl+C";
  setTimeout(() => (button.lastChild.textContent = "Copy"), 1500);
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
  line.replaceChildren(
    element("strong", "", data.carrier),
    element("strong", "number", data.number),
    wordButton("copy", "copy", "Copy", (button) => copy(button, line, data.number)),
    wordButton("view", "view", "View Shipment Details", () => show(data.tracking)),
    iconButton("history", "history", "History", () => show(data.history)),
    ...data.can.map((name) => iconButton(name, DRAWN[name], SAYS[name], press(name))),
  );
  if (focused) line.querySelector(`[data-control="${focused}"]`)?.focus();
}
