export default function ({ data, parentElement }) {
  const host = parentElement.host ?? parentElement;
  const button = parentElement.querySelector("button");
  const show = (open) => {
    host.toggleAttribute("data-open", open);
    button.setAttribute("aria-expanded", open);
  };
  const title = document.createElement("span");
  title.textContent = data.title;
  button.replaceChildren(title, icon("arrow-down"));
  button.onclick = () => show(!host.hasAttribute("data-open"));
  show(host.hasAttribute("data-open"));
}
