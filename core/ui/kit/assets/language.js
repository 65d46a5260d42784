/** Says in which language the page is, for screen readers, fonts and hyphenation. */
export default function ({ data }) {
  document.documentElement.lang = data.language;
}
