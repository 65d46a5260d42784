/** Says in which language the page is, for screen readers, fonts and hyphenation, and in it what Streamlit says in English only. */
const PLACES = { skip: "[data-testid=stSkipToContent]" };

export default function ({ data }) {
  document.documentElement.lang = data.language;
  for (const [name, place] of Object.entries(PLACES)) {
    const node = document.querySelector(place);
    if (node && node.textContent !== data.words[name]) node.textContent = data.words[name];
  }
  document.querySelector("[data-testid=stTopNav]")?.setAttribute("aria-label", data.words.pages);
}
