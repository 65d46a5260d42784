const WIDTH = 100;
const HEIGHT = 30;
const EDGE = 2;
const SVG = "http://www.w3.org/2000/svg";
const HUES = new Set(["green", "red", "gray"]);

function path(points) {
  const known = points.filter((point) => point !== null);
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  const x = (i) => (points.length > 1 ? (i * WIDTH) / (points.length - 1) : WIDTH / 2);
  const y = (point) => (span ? EDGE + (HEIGHT - 2 * EDGE) * (1 - (point - low) / span) : HEIGHT / 2);
  const steps = points.flatMap((point, i) => (point === null ? [] : [`${x(i).toFixed(1)} ${y(point).toFixed(1)}`]));
  return steps.length > 1 ? `M${steps.join("L")}` : "";
}

export default function ({ data, parentElement }) {
  const frame = parentElement.querySelector(".sparkline");
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", data.label);
  line.setAttribute("d", path(data.points));
  line.setAttribute("vector-effect", "non-scaling-stroke");
  svg.append(line);
  frame.className = `sparkline ${HUES.has(data.hue) ? data.hue : "gray"}`;
  frame.replaceChildren(svg);
}
