/** Where somebody was going when they had to sign in first: kept in this tab only, and only as a path of this desk. */
const GOING_TO = "shipdesk:going-to";
const WHO = "shipdesk:who";
/** The start page, under its own name once it is drawn; a sign-in ends there, or on the page that the person has first. */
const START = ["", "shipments"];
/** The components of a page that is left in this moment must not run on. */
let leaving = false;

export default function ({ data }) {
  if (leaving) return;
  if (!data.who) {
    // Whoever signed out leaves nothing of theirs to the next person at this tab.
    if (data.gone) tab.keys().forEach((key) => key !== GOING_TO && tab.forget(key));
    const here = location.pathname + location.search;
    if (!START.some((page) => here === data.home + page)) tab.write(GOING_TO, here);
    return;
  }
  const before = tab.read(WHO, data.who);
  if (before !== data.who) tab.keys().forEach((key) => tab.forget(key));
  tab.write(WHO, data.who);
  const path = tab.read(GOING_TO, "");
  tab.forget(GOING_TO);
  if (!path || ![...START, data.first].some((page) => location.pathname + location.search === data.home + page)) return;
  const address = new URL(path, location.origin);
  if (address.origin !== location.origin || !address.pathname.startsWith(data.home)) return;
  leaving = true;
  location.replace(address.pathname + address.search);
}
