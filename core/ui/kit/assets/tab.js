/** What this browser tab keeps when its page is loaded anew; nothing where the browser allows no keeping. */
const tab = {
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
    return this.app.dataset.testConnectionState === "CONNECTED";
  },

  /** Calls whenever the connection may have changed; the answer ends that. */
  watch(changed) {
    const observer = new MutationObserver(changed);
    observer.observe(this.app, { attributeFilter: ["data-test-connection-state"] });
    return () => observer.disconnect();
  },
};
