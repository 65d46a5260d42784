/** Longer addresses are cut by mail programs that are called with them. */
const LONGEST_ADDRESS = 2000;

const mailOf = (subject, body) =>
  `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body.replace(/\r?\n/g, "\r\n"))}`;

async function toClipboard(box) {
  try {
    await navigator.clipboard.writeText(box.value);
    return true;
  } catch {
    box.focus();
    box.select();
    return document.execCommand("copy");
  }
}

function field(tag, label, value, lang) {
  const box = element(tag);
  box.value = value;
  box.lang = lang;
  const around = element("label", "", label);
  around.append(box);
  return [around, box];
}

/** What was changed, by what the desk had made: the page may draw its place anew. */
const changed = new Map();

/** What was changed in the text stays as long as the desk makes the same text. */
class BuyerMessage {
  constructor(place) {
    this.place = place;
  }

  render(data, tell) {
    this.tell = tell;
    const made = JSON.stringify(data);
    if (made === this.made) return;
    this.made = made;
    const { subject, body } = changed.get(made) ?? data;
    const { lang, words } = data;
    const [about, title] = field("input", words.subject, subject, lang);
    const [around, text] = field("textarea", words.body, body, lang);
    text.rows = Math.min(16, body.split("\n").length + 1);
    const copy = element("button", "act");
    copy.type = "button";
    const word = element("span", "", words.copy);
    copy.append(icon("copy"), word);
    copy.addEventListener("click", async () => {
      word.textContent = (await toClipboard(text)) ? words.copied : words.not_copied;
      setTimeout(() => (word.textContent = words.copy), 1500);
      this.told("copy");
    });
    const mail = element("a", "act");
    mail.append(icon("bubble"), element("span", "", words.mail));
    mail.addEventListener("click", () => this.told("mail"));
    const long = element("span", "long", words.long);
    const address = () => {
      mail.href = mailOf(title.value, text.value);
      long.hidden = mail.href.length <= LONGEST_ADDRESS;
    };
    for (const box of [title, text]) {
      box.addEventListener("input", () => {
        changed.set(made, { subject: title.value, body: text.value });
        address();
      });
    }
    address();
    const acts = element("div", "acts");
    acts.append(copy, mail, long);
    this.place.replaceChildren(about, around, acts);
  }

  /** Taken twice in the same way is told once for each text. */
  told(way) {
    this.tell("taken", `${way} ${Date.now()}`);
  }
}

const messages = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".buyer-message");
  if (!messages.has(place)) messages.set(place, new BuyerMessage(place));
  messages.get(place).render(data, setTriggerValue);
}
