const AGAIN_MS = 2000;
const PAUSE_MS = 40;
const WIDEST = 1280;
const BAND = 0.6;
const READ_BY_BROWSER = ["code_128", "code_39", "itf", "ean_13", "ean_8", "upc_a", "qr_code", "data_matrix"];
const REFUSALS = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "absent",
  OverconstrainedError: "absent",
  NotReadableError: "busy",
  AbortError: "busy",
  InsecureError: "insecure",
};

/** Codes with the places of their middles, as the browser itself reads them. */
class BrowserReader {
  static async made() {
    const known = (await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
    return READ_BY_BROWSER.every((format) => known.includes(format)) ? new BrowserReader() : null;
  }

  constructor() {
    this.detector = new BarcodeDetector({ formats: READ_BY_BROWSER });
  }

  async read(canvas) {
    const found = await this.detector.detect(canvas);
    return found.map(({ rawValue, boundingBox: { x, y, width, height } }) => ({ text: rawValue, x: x + width / 2, y: y + height / 2 }));
  }

  leave() {}
}

/** The same for the browsers that cannot: the desk's own reader, which works beside the page. */
class OwnReader {
  constructor() {
    this.worker = new Worker(new URL("./own/reading.js", document.baseURI));
  }

  read(canvas) {
    const frame = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Promise((found, failed) => {
      this.worker.onmessage = ({ data }) => (data.failed ? failed(new Error("not read")) : found(data.found));
      this.worker.onerror = failed;
      this.worker.postMessage(frame, [frame.data.buffer]);
    });
  }

  leave() {
    this.worker.terminate();
  }
}

/** A camera as a scanner: `found` hears each code once for each time that it is held before it, `ended` why there is no picture. */
class Camera {
  constructor(video, found, ended) {
    Object.assign(this, { video, found, ended, seen: new Map() });
    this.canvas = document.createElement("canvas");
    this.canvas.getContext("2d", { willReadFrequently: true });
    this.hidden = () => document.hidden && this.stop("hidden");
  }

  async start() {
    try {
      const stream = await this.opened();
      if (this.over) return this.release(stream);
      this.stream = stream;
      this.video.srcObject = stream;
      stream.getVideoTracks()[0].addEventListener("ended", () => this.stop("busy"));
      document.addEventListener("visibilitychange", this.hidden);
      await this.video.play();
      this.look((await BrowserReader.made()) ?? new OwnReader());
    } catch (error) {
      this.stop(REFUSALS[error.name] ?? "unread");
    }
  }

  async opened() {
    if (!navigator.mediaDevices) throw new DOMException("", window.isSecureContext ? "NotFoundError" : "InsecureError");
    const picture = { facingMode: { ideal: "environment" }, width: { ideal: WIDEST }, height: { ideal: 720 } };
    return navigator.mediaDevices.getUserMedia({ video: picture, audio: false });
  }

  /** A browser may promise to read and then not do it. */
  async look(reader) {
    try {
      while (!this.over) {
        if (this.draw()) this.take(await reader.read(this.canvas));
        await new Promise((next) => setTimeout(next, PAUSE_MS));
      }
    } catch {
      if (reader instanceof BrowserReader) this.look(new OwnReader());
      else this.stop("unread");
    } finally {
      reader.leave();
    }
  }

  /** Only the middle is read: that is faster, and where somebody aims. */
  draw() {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width) return false;
    const scale = Math.min(1, WIDEST / width);
    const [wide, high] = [Math.round(width * scale), Math.round(height * BAND * scale)];
    if (this.canvas.width !== wide || this.canvas.height !== high) Object.assign(this.canvas, { width: wide, height: high });
    this.canvas.getContext("2d").drawImage(this.video, 0, (height * (1 - BAND)) / 2, width, height * BAND, 0, 0, wide, high);
    return true;
  }

  /** Of several the one in the middle; once it was read twice in a row, and not again while it stays in sight. */
  take(codes) {
    if (this.over) return;
    const now = performance.now();
    const off = ({ x, y }) => Math.hypot(x - this.canvas.width / 2, y - this.canvas.height / 2);
    const [aimed] = codes.filter(({ text }) => text.trim()).sort((one, other) => off(one) - off(other));
    const text = aimed?.text.trim();
    const sure = text && text === this.before;
    this.before = text;
    if (!sure) return;
    const fresh = !(now - this.seen.get(text) < AGAIN_MS);
    this.seen.set(text, now);
    if (fresh) this.found(text);
  }

  get track() {
    return this.stream?.getVideoTracks()[0];
  }

  get hasTorch() {
    return Boolean(this.track?.getCapabilities?.().torch);
  }

  light(on) {
    return this.track.applyConstraints({ advanced: [{ torch: on }] });
  }

  stop(why = "") {
    if (this.over) return;
    this.over = true;
    document.removeEventListener("visibilitychange", this.hidden);
    if (this.stream) this.release(this.stream);
    this.video.srcObject = null;
    this.ended(why);
  }

  release(stream) {
    for (const track of stream.getTracks()) track.stop();
  }
}

/** The button [Scan with camera], and under it the picture while the camera is on. */
class CameraPanel {
  constructor(words, { found, changed }) {
    Object.assign(this, { words, found, changed });
    this.button = element("button", "start-camera");
    this.button.type = "button";
    this.button.addEventListener("click", () => (this.camera ? this.camera.stop() : this.start()));
    this.node = element("div", "camera");
    this.video = element("video");
    Object.assign(this.video, { muted: true, playsInline: true });
    this.video.setAttribute("aria-label", words.picture);
    this.video.addEventListener("playing", () => this.draw());
    this.torch = element("button", "torch");
    this.torch.type = "button";
    this.torch.append(icon("torch"), element("span", "", words.torch));
    this.torch.addEventListener("click", () => this.light(this.torch.getAttribute("aria-pressed") !== "true"));
    this.view = element("div", "view");
    this.view.append(this.video, element("span", "aim"), this.torch);
    this.said = element("p", "said");
    this.said.setAttribute("role", "status");
    this.node.append(this.view, this.said);
    this.draw();
  }

  get on() {
    return Boolean(this.camera);
  }

  start() {
    const ended = (why) => {
      this.camera = null;
      this.draw(why);
      this.changed();
    };
    this.camera = new Camera(this.video, this.found, ended);
    this.torch.setAttribute("aria-pressed", "false");
    this.draw();
    this.changed();
    this.camera.start();
  }

  async light(on) {
    await this.camera?.light(on).then(
      () => this.torch.setAttribute("aria-pressed", on),
      () => (this.torch.hidden = true),
    );
  }

  draw(why = "") {
    this.view.hidden = !this.on;
    this.torch.hidden = !this.camera?.hasTorch;
    this.button.setAttribute("aria-pressed", this.on);
    this.button.replaceChildren(icon(this.on ? "cross" : "camera"), element("span", "", this.on ? this.words.stop : this.words.start));
    this.said.textContent = this.on ? this.words.aim : (this.words[why] ?? "");
    this.said.className = `said ${why && why !== "hidden" ? "wrong" : ""}`;
  }

  leave() {
    this.camera?.stop();
  }
}
