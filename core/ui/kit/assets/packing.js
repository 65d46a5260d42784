const MODULE_MM = 0.33;
const MARGIN = 10;
const BAR_MM = 13;
const PRINTED = "shipdesk-printed";

/** The widths of bars and gaps in turn as a picture, as wide on paper as scanners like it. */
function barcode(widths, text) {
  const svg = document.createElementNS(SVG, "svg");
  let at = MARGIN;
  const bars = [];
  [...widths].forEach((width, place) => {
    if (place % 2 === 0) bars.push(`M${at} 0h${width}v1h-${width}z`);
    at += Number(width);
  });
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", bars.join(""));
  svg.append(path);
  svg.setAttribute("class", "bars");
  svg.setAttribute("viewBox", `0 0 ${at + MARGIN} 1`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.style.width = `${(at + MARGIN) * MODULE_MM}mm`;
  svg.style.height = `${BAR_MM}mm`;
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", text);
  return svg;
}

function headOf({ id, bars, order, sending }) {
  const head = element("header");
  const number = element("div", "no");
  if (bars) number.append(barcode(bars, id));
  number.append(element("h2", "", id));
  const facts = element("div", "facts");
  facts.append(element("div", "", order), element("div", "muted", sending));
  head.append(facts, number);
  return head;
}

function goods({ items, total }, words) {
  const table = element("table");
  const heads = element("tr");
  for (const [name, classes] of [["", "tick"], [words.quantity, "amount"], [words.goods, ""], [words.product, "muted"]]) {
    const cell = element("th", classes, name);
    cell.scope = "col";
    heads.append(cell);
  }
  const rows = items.map(({ quantity, name, product }) => {
    const row = element("tr");
    const tick = element("td", "tick");
    tick.append(element("span", "box"));
    row.append(tick, element("td", "amount", quantity), element("td", "", name), element("td", "muted", product));
    return row;
  });
  const [head, body, foot] = [element("thead"), element("tbody"), element("tfoot")];
  head.append(heads);
  body.append(...rows);
  if (items.length > 1) {
    const sum = element("tr");
    sum.append(element("td", "tick"), element("td", "amount", total), element("th", "", words.total), element("td"));
    foot.append(sum);
  }
  table.append(head, body, foot);
  return table;
}

function parcel(shipment, words) {
  const part = element("section");
  part.setAttribute("aria-label", shipment.id);
  const columns = element("div", "columns");
  const recipient = element("div", "recipient");
  recipient.append(element("div", "label", words.recipient), ...shipment.recipient.map((line) => element("div", "line", line)));
  const packed = element("div", "packed");
  packed.append(goods(shipment, words));
  if (shipment.request) {
    const request = element("div", "request");
    request.append(element("span", "label", words.request), element("div", "line", shipment.request));
    packed.append(request);
  }
  columns.append(recipient, packed);
  part.append(headOf(shipment), columns);
  return part;
}

/** Asks where to print, once for each press that led here. */
async function printed(pressed) {
  if (!pressed || tab.read(PRINTED) === pressed) return;
  tab.write(PRINTED, pressed);
  await document.fonts.ready;
  requestAnimationFrame(() => setTimeout(() => window.print()));
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".packing");
  const button = element("button", "print");
  button.type = "button";
  button.append(icon("printer"), element("span", "", data.words.print));
  button.addEventListener("click", () => window.print());
  root.classList.toggle("apart", data.apart);
  root.replaceChildren(button, ...data.shipments.map((shipment) => parcel(shipment, data.words)));
  printed(data.pressed);
}
