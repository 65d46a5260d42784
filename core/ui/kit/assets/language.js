/** Says in which language the page is, for screen readers, fonts and hyphenation, and in it what Streamlit says in English only. */
let words = null;

function say() {
  const skip = document.querySelector("[data-testid=stSkipToContent]");
  if (skip && skip.textContent !== words.skip) skip.textContent = words.skip;
  document.querySelector("[data-testid=stTopNav]")?.setAttribute("aria-label", words.pages);
}

const drawn = new MutationObserver(() => words && say());
drawn.observe(document.querySelector("[data-testid=stApp]"), { attributeFilter: ["data-test-script-state"] });

export default function ({ data }) {
  document.documentElement.lang = data.language;
  words = data.words;
  say();
}
