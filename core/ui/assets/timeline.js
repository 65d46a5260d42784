function entry({ at, title, text, icon: symbol, hue: colour, right }) {
  const item = element("li", colour ? hue(colour) : "");
  const dot = element("span", "dot");
  dot.append(icon(symbol, 12));
  const body = element("div", "body");
  body.append(element("div", "title", title));
  if (text) body.append(element("div", "text", text));
  item.append(element("span", "at", at), dot, body);
  if (colour) item.setAttribute("aria-current", "step");
  if (right) item.append(element("span", "right", right));
  return item;
}

export default function ({ data, parentElement }) {
  const list = parentElement.querySelector("ol");
  list.setAttribute("aria-label", data.label);
  list.replaceChildren(...data.items.map(entry));
}
