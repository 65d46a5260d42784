const ICONS = {
  "arrow-down": "M7 10l5 5 5-5",
  "arrow-up": "M7 14l5-5 5 5",
  back: "M9 5l-5 5 5 5M4 10h10.5a5 5 0 0 1 0 10H11",
  barcode: "M3.5 6v12M7.5 6v12M11 6v12M14 6v12M17 6v12M20.5 6v12",
  "barcode-off": "M4 8v10M8 12v6M12 16v2M12 6v1.5M16 6v5.5M20 6v9.5M3 3.5l18 17",
  bars: "M9 5v14M15 5v14",
  bin: "M4 6.5h16M9 6.5V4h6v2.5M6 6.5L7 20h10l1-13.5M10 10.5v5.5M14 10.5v5.5",
  bookmark: "M6.5 4h11v16L12 15.7 6.5 20z",
  box: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9M8 5.2l8 4.6",
  bubble: "M12 4c5 0 9 3.1 9 7.3s-4 7.3-9 7.3H3.5L5.4 16C3.9 14.7 3 13.1 3 11.3 3 7.1 7 4 12 4zM8.5 9.7h7M8.5 13h4.5",
  calendar: "M4 6h16v14H4zM4 10.5h16M8.5 3.5V7M15.5 3.5V7",
  "calendar-off": "M4 6h16v14H4zM4 10.5h16M8.5 3.5V7M15.5 3.5V7M10 13.5l4 4M14 13.5l-4 4",
  camera: "M4 8h3.5L9 5.5h6L16.5 8H20v11H4zM12 10a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 1 0 0-6.4",
  check: "M5 12.5l4.5 4.5L19 7.5",
  clock: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17M12 7.5V12l3 2",
  copy: "M10 9h9.5a1 1 0 0 1 1 1v9.5a1 1 0 0 1-1 1H10a1 1 0 0 1-1-1V10a1 1 0 0 1 1-1zM5.5 15h-1a1 1 0 0 1-1-1V4.5a1 1 0 0 1 1-1H14a1 1 0 0 1 1 1v1",
  cross: "M6 6l12 12M18 6L6 18",
  dispatch: "M4 12h11M11 8l4 4-4 4M20 5v14",
  equals: "M5 9h14M5 15h14",
  enter: "M19.5 5.5v7a2 2 0 0 1-2 2H5M9 10l-4.5 4.5L9 19",
  gauge: "M4.5 18a9 9 0 1 1 15 0M12 14l4-5",
  globe: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17M3.5 12h17M12 3.5c3.4 3 3.4 14 0 17M12 3.5c-3.4 3-3.4 14 0 17",
  hash: "M9.5 4l-2 16M16.5 4l-2 16M4.5 9h16M3.5 15h16",
  history: "M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 4v4.5h4.5M12 8v4.5l3 1.8",
  keyboard: "M3 6.5h18v11H3zM6.8 10.3h.01M10.3 10.3h.01M13.8 10.3h.01M17.3 10.3h.01M8 14h8",
  pencil: "M4 20l1-4.2L16.3 4.5a2.2 2.2 0 0 1 3.2 3.2L8.2 19zM14.5 6.5l3 3",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 1 0 0-8M4.5 20c.6-3.5 3.6-5.5 7.5-5.5s6.9 2 7.5 5.5",
  place: "M12 21c-4-4.5-6.5-7.8-6.5-11a6.5 6.5 0 0 1 13 0c0 3.2-2.5 6.5-6.5 11zM12 7.8a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 1 0 0-4.6",
  printer: "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
  question: "M8.5 9a3.5 3.5 0 1 1 5.4 2.9c-1.2.8-1.9 1.5-1.9 2.9M12 18.5v.01",
  redo: "M19.5 12a7.5 7.5 0 1 1-2.3-5.4L19.5 9M19.5 4v5h-5",
  search: "M10.5 4.2a6.3 6.3 0 1 0 0 12.6 6.3 6.3 0 1 0 0-12.6M15.2 15.2l4.8 4.8",
  sort: "M8.5 9.5L12 6l3.5 3.5M8.5 14.5L12 18l3.5-3.5",
  sound: "M4 9.5h3.5L12 5.5v13l-4.5-4H4zM15.5 9a4.5 4.5 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  "sound-off": "M4 9.5h3.5L12 5.5v13l-4.5-4H4zM15.5 9.5l5 5M20.5 9.5l-5 5",
  tag: "M3.5 12.3V4.5a1 1 0 0 1 1-1h7.8l8 8a1.5 1.5 0 0 1 0 2.1l-6.7 6.7a1.5 1.5 0 0 1-2.1 0zM8 8v.01",
  team: "M9 5a3.3 3.3 0 1 0 0 6.6A3.3 3.3 0 1 0 9 5M2.5 19c.5-3.2 3-5 6.5-5s6 1.8 6.5 5M15.5 5.3a3.2 3.2 0 0 1 0 6.1M17.5 14.4c2.2.6 3.6 2.2 4 4.6",
  torch: "M8 3.5h8v3.5l-2 3.5v10h-4v-10L8 7zM12 13v2",
  triangle: "M12 4L2.8 19.5h18.4zM12 10v4.3M12 16.8v.01",
  truck: "M4.3 17.2H2.5V6H14v11.2H8.7M14 9.5h4l3.5 4v3.7h-1.8M15.3 17.2H14M6.5 15a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 1 0 0-4.4M17.5 15a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 1 0 0-4.4",
  wand: "M4 20L15 9M18 3.5v4M16 5.5h4M20 11.5v3M18.5 13h3M9 3.5v3M7.5 5h3",
  way: "M6.5 4.5a2 2 0 1 0 0 4 2 2 0 1 0 0-4M6.5 15.5a2 2 0 1 0 0 4 2 2 0 1 0 0-4M6.5 8.5v7M12 6.5h8M12 17.5h8",
};

const SVG = "http://www.w3.org/2000/svg";
const drawn = new Map();

function icon(name, size = 16) {
  if (!Object.hasOwn(ICONS, name)) return document.createDocumentFragment();
  const id = `${name}/${size}`;
  if (!drawn.has(id)) {
    const svg = document.createElementNS(SVG, "svg");
    const line = document.createElementNS(SVG, "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("width", size);
    svg.setAttribute("height", size);
    svg.setAttribute("aria-hidden", "true");
    line.setAttribute("d", ICONS[name]);
    svg.append(line);
    drawn.set(id, svg);
  }
  return drawn.get(id).cloneNode(true);
}

const HUES = new Set(["gray", "blue", "green", "orange", "red", "yellow", "violet"]);
const hue = (name) => `hue-${HUES.has(name) ? name : "gray"}`;

/** A sentence with its values, as the desk wrote it. */
const filled = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function element(tag, classes = "", text = null) {
  const node = document.createElement(tag);
  if (classes) node.className = classes;
  if (text !== null) node.textContent = text;
  return node;
}

/** Marks the field that is wrong, for the eye and for who does not see it. */
function markWrong(field, wrong) {
  if (wrong) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}
