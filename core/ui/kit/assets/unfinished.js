const KEPT = "shipdesk-open:";
const CURRENT = "shipdesk-session";
const TYPED = "shipdesk-typed";

/** What is open in this tab, by the session that knows it; kept in the browser, because a new session knows nothing. */
function noted() {
  const keys = tab.keys().filter((key) => key.startsWith(KEPT));
  return keys.map((key) => ({ session: key.slice(KEPT.length), works: tab.read(key, {}) }));
}

/** What a session that is gone has drawn may be drawn once more before it leaves the screen: that notes nothing. */
function note({ session, kind, work }) {
  if (session !== tab.read(CURRENT)) return;
  const { [kind]: before, ...others } = tab.read(KEPT + session, {});
  const open = work && { ...work, page: location.pathname };
  if (kind === "form" && before && JSON.stringify(before) !== JSON.stringify(open)) tab.forget(TYPED);
  const works = open ? { ...others, [kind]: open } : others;
  if (Object.keys(works).length) tab.write(KEPT + session, works);
  else tab.forget(KEPT + session);
}

/** What was not left on purpose, for another page. */
function left(works, onOnePage) {
  const stays = ([kind, { page }]) => page === location.pathname || !onOnePage.includes(kind);
  return Object.fromEntries(Object.entries(works).filter(stays));
}

/** What is typed into a box of an open form, under the box's key as its class has it: the server hears of it only with the form. */
function typed({ target }) {
  if (!tab.read(KEPT + tab.read(CURRENT), {}).form) return;
  const key = target.closest("[data-testid=stForm]") && target.closest("[class*=st-key-]");
  const name = key && [...key.classList].find((one) => one.startsWith("st-key-"));
  if (name) tab.write(TYPED, { ...tab.read(TYPED, {}), [name]: target.value });
}

class Listener {
  constructor(root) {
    this.seen = new Set();
    this.banner = root.appendChild(Object.assign(document.createElement("div"), { className: "offline", hidden: true }));
    this.banner.setAttribute("role", "alert");
    const unwatch = tab.watch(() => this.changed());
    document.addEventListener("input", typed);
    this.leave = () => {
      unwatch();
      document.removeEventListener("input", typed);
    };
  }

  /** Said on the way down, too: the first run after a return then knows it, and opens again what is still on the screen. */
  changed() {
    if (tab.connected === this.banner.hidden) return;
    this.banner.hidden = tab.connected;
    this.banner.textContent = tab.connected ? "" : this.data.offline;
    this.report();
  }

  render(data, tell) {
    this.data = data;
    this.tell = tell;
    tab.write(CURRENT, data.session);
    if (this.seen.has(data.session)) return;
    if (noted().some(({ session }) => session !== data.session)) this.report();
    this.seen.add(data.session);
  }

  report() {
    const notes = noted().map(({ session, works }) => {
      const reloaded = !this.seen.has(session);
      return { session, reloaded, works: reloaded ? left(works, this.data.on_one_page) : works };
    });
    this.tell("open", { notes, typed: tab.read(TYPED, {}), at: Date.now() });
  }
}

const listeners = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  if ("answered" in data) return data.answered.forEach((session) => tab.forget(KEPT + session));
  if ("kind" in data) return note(data);
  const root = parentElement.querySelector(".link");
  if (!listeners.has(root)) listeners.set(root, new Listener(root));
  const listener = listeners.get(root);
  listener.render(data, setStateValue);
  return () => listener.leave();
}
