const WIDTH = 100;
const HEIGHT = 30;
const EDGE = 2;
const SVG = "http://www.w3.org/2000/svg";
const HUES = new Set(["green", "red", "gray"]);

function drawn(points, youngFrom) {
  const known = points.flatMap((point, i) => (point === null ? [] : [[i, point]]));
  const low = Math.min(...known.map(([, point]) => point));
  const span = Math.max(...known.map(([, point]) => point)) - low;
  const x = (i) => (points.length > 1 ? (i * WIDTH) / (points.length - 1) : WIDTH / 2);
  const y = (point) => (span ? EDGE + (HEIGHT - 2 * EDGE) * (1 - (point - low) / span) : HEIGHT / 2);
  const path = (part) => (part.length > 1 ? `M${part.map(([i, point]) => `${x(i).toFixed(1)} ${y(point).toFixed(1)}`).join("L")}` : "");
  const full = known.filter(([i]) => youngFrom === null || i < youngFrom);
  return [path(full), path(known.slice(Math.max(0, full.length - 1)))];
}

export default function ({ data, parentElement }) {
  const frame = parentElement.querySelector(".sparkline");
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", data.label);
  drawn(data.points, data.youngFrom ?? null).forEach((path, part) => {
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", path);
    line.setAttribute("vector-effect", "non-scaling-stroke");
    line.setAttribute("class", part ? "young" : "full");
    svg.append(line);
  });
  frame.className = `sparkline ${HUES.has(data.hue) ? data.hue : "gray"}`;
  frame.replaceChildren(svg);
}
