/** Runs the parts that the page will be made of, one after another, once the server was asked for it: until it answers there is nothing to do. */
const asked = new MutationObserver(() => {
  if (!document.querySelector("[data-test-connection-state=CONNECTED]")) return;
  asked.disconnect();
  setTimeout(run);
});

async function run() {
  for (const part of document.querySelectorAll("link[data-run]")) await import(part.href).catch(() => {});
}

asked.observe(document, { subtree: true, childList: true, attributeFilter: ["data-test-connection-state"] });

/** A chart is as wide as on the screen it was drawn for: on paper it is made to fit whole. */
const charts = () => document.querySelectorAll(".stPlotlyChart .main-svg");

addEventListener("beforeprint", () => {
  for (const chart of charts()) {
    const { width, height } = chart.getBoundingClientRect();
    if (width && height) chart.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }
});

addEventListener("afterprint", () => {
  for (const chart of charts()) chart.removeAttribute("viewBox");
});
