/** The focus does not fall to nowhere: when what had it was taken away or shut by a run of the page, what stands in its place gets it. */
const PRESSED = "a[href], button, input, select, textarea, summary, [tabindex='0']";
const SETTLED_MS = [60, 400];

const focus = {
  /** What had the focus last, and where it stood: in each part of the page around it, its place among what can be pressed. */
  last: null,
  /** The same of what had it last outside of a dialog. */
  outside: null,

  can: (node) => node.isConnected && !node.disabled && node.getClientRects().length > 0,
  pressed: (part) => [...part.querySelectorAll(PRESSED)],

  had({ target }) {
    if (!(target instanceof Element) || target === document.body) return;
    const places = [];
    for (let part = target.parentElement; part && part !== document.body; part = part.parentElement) {
      if (part.matches("[data-testid$=Block], [data-testid=stMainBlockContainer], [role=dialog]")) {
        places.push([part, focus.pressed(part).findIndex((node) => node === target || target.contains(node))]);
      }
    }
    focus.last = { node: target, places };
    if (!target.closest("[role=dialog]")) focus.outside = focus.last;
  },

  /** Who presses beside everything wants it nowhere; a window that is left keeps it. */
  left({ target, relatedTarget }) {
    if (relatedTarget || !document.hasFocus()) return;
    setTimeout(() => document.activeElement === document.body && focus.can(target) && (focus.last = focus.outside = null));
  },

  mend() {
    const { last, outside } = focus;
    if (document.activeElement !== document.body || !last || focus.can(last.node)) return;
    if (outside && focus.can(outside.node)) return outside.node.focus({ preventScroll: true });
    for (const [part, at] of [...last.places, ...(outside?.places ?? [])]) {
      const nodes = part.isConnected ? focus.pressed(part) : [];
      const near = [...nodes.slice(Math.max(0, at)), ...nodes.slice(0, Math.max(0, at)).reverse()].find(focus.can);
      if (near) return near.focus({ preventScroll: true });
    }
    document.querySelector("[data-testid=stMain]")?.focus({ preventScroll: true });
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
