/** Says in which language the page is, for screen readers, fonts and hyphenation, and in it what Streamlit says in English only. */
let words = null;

/** The words of Streamlit's names. */
const NAMES = {
  "Navigate to home page": "home", "Expand sidebar": "menu", "Previous page": "previous", "Next page": "next", Pagination: "turning",
  "App pages": "pages", Sidebar: "pages", Close: "close", Dismiss: "close", Open: "list", "Clear all": "clear", "Clear entry": "clear",
  Increment: "increment", Decrement: "decrement", "Add files": "upload", "file upload": "upload", "Show password": "password",
  "Hide password": "hidden", "Selected values": "chosen", Notifications: "notices", Help: "explained",
  "Copy to clipboard": "copy", Copied: "copied",
};

/** Its names that begin with its words and end with what is on the page: where they stand. */
const BEGINNINGS = [
  ["[data-testid=stTooltipIcon]", "Help for ", "help"],
  ["button", "Shortcut ", "shortcut"],
  ["[data-testid^=stPagination]", "Page ", "page"],
  ["[data-tag], [data-testid=stFileChip]", "Remove ", "remove"],
  ["[data-testid=stFileChip]", "Cancel upload of ", "cancel"],
];

/** What it tells screen readers of a list of choices. */
const TOLD = [[/^([\d,]+) options? available\.$/, "options"], [/^(.+), selected$/s, "selected"]];

const isEnglish = () => document.documentElement.lang === "en";
const said = (word, what = "") => words[word].replace("{what}", () => what);

/** Which of our words a name of Streamlit's is, and what of the page is in it. */
function known(node, name) {
  if (Object.hasOwn(NAMES, name)) return { word: NAMES[name] };
  const found = BEGINNINGS.find(([place, begins]) => name.startsWith(begins) && node.closest(place));
  return found && { word: found[2], what: name.slice(found[1].length) };
}

/** What is named as it was is left alone: naming is what is watched. */
function rename(node, name) {
  if (node && node.getAttribute("aria-label") !== name) node.setAttribute("aria-label", name);
}

/** What was named once is named anew when the language is another. */
const named = new WeakMap();

function call(node) {
  const name = node.getAttribute("aria-label");
  const before = named.get(node);
  const meant = before?.name === name ? before : isEnglish() ? null : known(node, name);
  if (!meant) return;
  named.set(node, { ...meant, name: said(meant.word, meant.what) });
  node.dataset.named = meant.word;
  if (node.title === name) node.title = named.get(node).name;
  rename(node, named.get(node).name);
}

function tell(node) {
  for (const [english, word] of isEnglish() ? [] : TOLD) {
    const found = english.exec(node.textContent);
    if (found) node.textContent = said(word, found[1]);
  }
}

/** An icon beside words says nothing that they do not. */
function hush(icon) {
  const pressed = icon.closest("button, a");
  if (!pressed || pressed.hasAttribute("aria-label") || pressed.textContent.trim() !== icon.textContent) icon.ariaHidden = "true";
}

/** Streamlit names a box by its label as it is written for Markdown. */
const unescape = (box) => rename(box, box.getAttribute("aria-label").replace(/\\(?=[^\w\s])/g, ""));

const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

function say() {
  const skip = document.querySelector("[data-testid=stSkipToContent]");
  if (skip && skip.textContent !== words.skip) skip.textContent = words.skip;
  rename(document.querySelector("[data-testid=stTopNav]"), words.pages);
  if (!isEnglish()) rename(document.querySelector(".rc-overflow-item-rest [data-testid=stTopNavSection]"), words.more);
  each("[data-testid=stFileUploaderDropzone] [data-testid=stBaseButton-secondary]", (button) => rename(button, words.upload));
  each("[aria-label]", call);
  each("[data-live-announcer] [role=log] > *", tell);
  each("[role=img][translate=no]:not([aria-hidden])", hush);
  each("[data-testid$=Logo][alt=Logo]", (logo) => (logo.alt = ""));
  each("[role=dialog][aria-label*='\\\\']", unescape);
}

/** Boxes open and are filled without a run of the page. */
const drawn = new MutationObserver(() => words && say());
drawn.observe(document.body, { subtree: true, childList: true, attributeFilter: ["aria-label"] });

export default function ({ data, setTriggerValue }) {
  document.documentElement.lang = data.language;
  words = data.words;
  theme.changed = (now) => setTriggerValue("theme", now);
  for (const name of ["upload", "more"]) document.documentElement.style.setProperty(`--word-${name}`, JSON.stringify(words[name]));
  say();
}
