/** Says in which language the page is, for screen readers, fonts and hyphenation, and in it what Streamlit says in English only. */
let words = null;

/** The words of Streamlit's names of what is pressed. */
const NAMES = {
  "Navigate to home page": "home", "Expand sidebar": "menu", "Previous page": "previous", "Next page": "next", Pagination: "turning",
  "App pages": "pages", Sidebar: "pages", Close: "close", Open: "list", "Clear all": "clear", "Clear entry": "clear",
  Increment: "increment", Decrement: "decrement", "Add files": "upload", "Show password": "password",
};

const isEnglish = () => document.documentElement.lang === "en";

function say() {
  const skip = document.querySelector("[data-testid=stSkipToContent]");
  if (skip && skip.textContent !== words.skip) skip.textContent = words.skip;
  document.querySelector("[data-testid=stTopNav]")?.setAttribute("aria-label", words.pages);
  if (!isEnglish()) document.querySelector(".rc-overflow-item-rest [data-testid=stTopNavSection]")?.setAttribute("aria-label", words.more);
  for (const [english, name] of Object.entries(NAMES))
    for (const node of document.querySelectorAll(`${isEnglish() ? "" : `[aria-label="${english}"], `}[data-named=${name}]`)) {
      node.dataset.named = name;
      if (node.getAttribute("aria-label") !== words[name]) node.setAttribute("aria-label", words[name]);
    }
}

const drawn = new MutationObserver(() => words && say());
drawn.observe(document.querySelector("[data-testid=stApp]"), { attributeFilter: ["data-test-script-state"] });
addEventListener("resize", () => setTimeout(() => words && say(), 100)); // Another width has other controls.

export default function ({ data }) {
  document.documentElement.lang = data.language;
  words = data.words;
  for (const name of ["upload", "more"]) document.documentElement.style.setProperty(`--word-${name}`, JSON.stringify(words[name]));
  say();
}
