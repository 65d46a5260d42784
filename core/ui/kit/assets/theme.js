/**
 * What the server draws has the colours of the theme that it knew: when the system's is another, it is to draw anew. Paper is not, and a
 * dialog is left alone until it is closed: who closes it while the page is drawn would find it open again.
 */
const theme = {
  changed: () => {},

  of: (app) => getComputedStyle(app).colorScheme,

  watch(app) {
    let shown = theme.of(app);
    const observer = new MutationObserver(() => {
      if (theme.of(app) === shown || matchMedia("print").matches || document.querySelector("[data-testid=stDialog]")) return;
      shown = theme.of(app);
      theme.changed(shown);
    });
    observer.observe(app, { attributeFilter: ["class", "data-test-script-state"] });
  },
};

theme.watch(document.querySelector("[data-testid=stApp]"));
