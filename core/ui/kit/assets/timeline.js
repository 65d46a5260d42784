function chip({ word, icon: symbol, hue: colour }, words) {
  const node = element("span", `chip ${hue(colour)}`);
  node.append(icon(symbol, 12), element("span", "", word));
  node.setAttribute("role", "img");
  node.setAttribute("aria-label", filled(words.status, { status: word }));
  return node;
}

function heading(title, moved, words) {
  const said = moved && moved.word === title;
  const line = element("div", "title", said ? "" : title);
  if (moved && !said) line.append(" ", element("span", "arrow", "→"), " ");
  if (moved) line.append(chip(moved, words));
  return line;
}

function moment(at, assumed) {
  const node = element("span", "at");
  const words = element("span", assumed ? "assumed" : "", at);
  if (assumed) words.title = assumed;
  node.append(words);
  return node;
}

function entry({ at, assumed, title, moved, text, icon: symbol, hue: colour, faint, right }, words) {
  const item = element("li", [colour ? hue(colour) : "", faint ? "faint" : ""].join(" ").trim());
  const dot = element("span", "dot");
  dot.append(icon(symbol, 12));
  const body = element("div", "body");
  body.append(heading(title, moved, words));
  if (text) body.append(element("div", "text", text));
  item.append(moment(at, assumed), dot, body);
  if (colour) item.setAttribute("aria-current", "step");
  if (right) item.append(element("span", "right", right));
  return item;
}

/** Drawn again only when it says something else: a selected text stays selected while the page looks for news. */
const said = new WeakMap();

export default function ({ data, parentElement }) {
  const list = parentElement.querySelector("ol");
  const now = JSON.stringify(data);
  if (said.get(list) === now) return;
  said.set(list, now);
  list.setAttribute("aria-label", data.label);
  list.replaceChildren(...data.items.map((item) => entry(item, data.words)));
}
