function cell(name, text, scope) {
  const node = element(name, "", text);
  if (scope) node.scope = scope;
  return node;
}

function line(cells) {
  const row = element("tr");
  row.append(...cells);
  return row;
}

/** Drawn again only when it says something else: what is scrolled stays so while the page looks for news. */
const said = new WeakMap();

export default function ({ data, parentElement }) {
  const folded = parentElement.querySelector("details");
  const now = JSON.stringify(data);
  if (said.get(folded) === now) return;
  said.set(folded, now);
  const [summary, scroller] = folded.children;
  summary.replaceChildren(data.words.table, element("span", "unseen", `: ${data.title}`));
  scroller.setAttribute("aria-label", data.title);
  const head = element("thead");
  head.append(line(data.heads.map((text) => cell("th", text, "col"))));
  const body = element("tbody");
  body.append(...data.rows.map(([name, ...others]) => line([cell("th", name, "row"), ...others.map((text) => cell("td", text))])));
  const table = element("table");
  table.append(element("caption", "unseen", data.title), head, body);
  scroller.replaceChildren(table);
}
