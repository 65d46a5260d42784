/** The focus does not fall to nowhere: when what had it was taken away or shut by a run of the page, what stands in its place gets it. */
const PRESSED = ":is(a[href], button, input, select, textarea, summary, [tabindex='0']):not([tabindex='-1'])";
const PARTS = "[data-testid$=Block], [data-testid=stMainBlockContainer], [role=dialog]";
const SETTLED_MS = [60, 400];

const focus = {
  /** What had the focus last, and where it stood: in each part of the page around it, its place among what can be pressed. */
  last: null,
  /** The same of what had it last outside of a dialog. */
  outside: null,

  can: (node) => node.isConnected && !node.disabled && node.getClientRects().length > 0,
  pressed: (part) => [...part.querySelectorAll(PRESSED)],

  had(event) {
    const [target, ...around] = event.composedPath();
    if (!(target instanceof Element) || target === document.body) return;
    const places = around.filter((part) => part instanceof ShadowRoot || part.matches?.(PARTS)).map((part) => {
      const at = focus.pressed(part).findIndex((node) => around.includes(node) || node === target);
      return [part, Math.max(0, at)];
    });
    focus.last = { node: target, places };
    if (!around.some((part) => part.matches?.("[role=dialog]"))) focus.outside = focus.last;
  },

  /** Who presses beside everything wants it nowhere; a window that is left keeps it. */
  left(event) {
    if (event.relatedTarget || !document.hasFocus()) return;
    const [target] = event.composedPath();
    setTimeout(() => document.activeElement === document.body && focus.can(target) && (focus.last = focus.outside = null));
  },

  mend() {
    const { last, outside } = focus;
    if (document.activeElement !== document.body || !last || focus.can(last.node)) return;
    const back = outside && focus.can(outside.node) && outside.node;
    const main = document.querySelector("[data-testid=stMain]");
    const found = focus.near(last) ?? (back || (outside && focus.near(outside))) ?? main;
    found.focus({ preventScroll: true });
  },

  /** What can be pressed at the same place, or the next to it, in the nearest part that is still there. */
  near({ places }) {
    for (const [part, at] of places) {
      const nodes = part.isConnected ? focus.pressed(part) : [];
      const found = [...nodes.slice(at), ...nodes.slice(0, at).reverse()].find(focus.can);
      if (found) return found;
    }
    return null;
  },

  watch(app) {
    document.addEventListener("focusin", focus.had, true);
    document.addEventListener("focusout", focus.left, true);
    const observer = new MutationObserver(() => {
      if (app.dataset.testScriptState === "notRunning") for (const ms of SETTLED_MS) setTimeout(focus.mend, ms);
    });
    observer.observe(app, { attributeFilter: ["data-test-script-state"] });
  },
};

focus.watch(document.querySelector("[data-testid=stApp]"));
