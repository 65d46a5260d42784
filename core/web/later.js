/** Stands in for a large part of the page: it is run once all that is read first is drawn, and its place is in sight or soon will be. */
const NEAR = "400px";
const WAITING = ".stMain [data-testid=stSkeleton]";

const places = () => [...document.querySelectorAll(WAITING)];
const isDrawn = () =>
  document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning" &&
  places().length > 0 &&
  !document.querySelector(".stMain .stBidiComponent > * > [data-testid^=stBidiComponent]:not([data-drawn])");

const until = (holds) =>
  new Promise((done) => {
    const look = () => (holds() ? done() : setTimeout(look, 50));
    look();
  });
const inSight = () =>
  new Promise((done) => {
    const seen = new IntersectionObserver((found) => found.some((one) => one.isIntersecting) && done(seen.disconnect()), { rootMargin: NEAR });
    places().forEach((place) => seen.observe(place));
  });
const atLeisure = () => new Promise((done) => (window.requestIdleCallback ? requestIdleCallback(done, { timeout: 500 }) : setTimeout(done, 50)));
const patience = new Promise((done) => setTimeout(done, 4000));

await Promise.race([until(isDrawn), patience]);
await inSight();
await atLeisure();
export default (await import(`${import.meta.url}?whole`)).default;
