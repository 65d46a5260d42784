const DOUBT = "shipdesk-doubt";
const ANSWERS_WITHIN_MS = 5000;
const ASKED_AGAIN_MS = 3000;

/** What this browser tab keeps when its page is loaded anew; nothing where the browser allows no keeping. */
const tab = {
  away: false,

  read(key, otherwise) {
    try {
      return JSON.parse(sessionStorage.getItem(key)) ?? otherwise;
    } catch {
      return otherwise;
    }
  },

  write(key, value) {
    try {
      sessionStorage.setItem(key, JSON.stringify(value));
    } catch {}
  },

  forget(key) {
    try {
      sessionStorage.removeItem(key);
    } catch {}
  },

  keys() {
    try {
      return Object.keys(sessionStorage);
    } catch {
      return [];
    }
  },

  get app() {
    return document.querySelector("[data-testid=stApp]");
  },

  get connected() {
    return !this.away && this.app.dataset.testConnectionState === "CONNECTED";
  },

  /** A line that is dead looks open for long: whoever waits too long for an answer has everybody ask whether the server is there. */
  doubt() {
    window.dispatchEvent(new Event(DOUBT));
  },

  reachable() {
    const asked = fetch(new URL("./_stcore/health", document.baseURI), { cache: "no-store", signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
    return asked.then(({ ok }) => ok, () => false);
  },

  /** Calls whenever the connection may have changed; the answer ends that. */
  watch(changed) {
    let timer = 0;
    const observer = new MutationObserver(changed);
    observer.observe(this.app, { attributeFilter: ["data-test-connection-state"] });
    const ask = async () => {
      clearTimeout(timer);
      const before = this.away;
      this.away = !(await this.reachable());
      if (this.away && timer !== null) timer = setTimeout(ask, ASKED_AGAIN_MS);
      if (this.away !== before) changed();
    };
    const doubts = [DOUBT, "online", "offline"];
    for (const doubt of doubts) window.addEventListener(doubt, ask);
    return () => {
      clearTimeout(timer);
      timer = null;
      observer.disconnect();
      for (const doubt of doubts) window.removeEventListener(doubt, ask);
    };
  },
};
