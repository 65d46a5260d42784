const SILENT = "shipdesk-silent";
/** Each tone's pitch in hertz, when it begins and how long it lasts in seconds; and the vibration beside it in milliseconds. */
const SOUNDS = {
  heard: { tones: [[1320, 0, 0.06]], shake: 30 },
  right: { tones: [[880, 0, 0.08], [1320, 0.09, 0.12]], shake: 60 },
  wrong: { tones: [[220, 0, 0.16], [175, 0.2, 0.26]], shake: [120, 80, 120] },
};

/** Right and wrong for who looks at the parcel and not at the screen; whether they are heard is kept in the browser. */
const sounds = {
  get on() {
    try {
      return !localStorage.getItem(SILENT);
    } catch {
      return true;
    }
  },

  turn(on) {
    try {
      if (on) localStorage.removeItem(SILENT);
      else localStorage.setItem(SILENT, "1");
    } catch {}
  },

  /** Browsers let a page sound only after a press in it. */
  wake() {
    if (!this.on) return;
    this.player ??= globalThis.AudioContext && new AudioContext();
    if (this.player?.state === "suspended") this.player.resume().catch(() => {});
  },

  play(name) {
    if (!this.on) return;
    const { tones, shake } = SOUNDS[name];
    navigator.vibrate?.(shake);
    if (this.player?.state === "running") for (const tone of tones) this.sound(...tone);
  },

  sound(pitch, after, length) {
    const [tone, loudness] = [this.player.createOscillator(), this.player.createGain()];
    const begins = this.player.currentTime + after;
    tone.type = pitch < 400 ? "square" : "sine";
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.12, begins);
    loudness.gain.exponentialRampToValueAtTime(0.001, begins + length);
    tone.connect(loudness).connect(this.player.destination);
    tone.start(begins);
    tone.stop(begins + length);
  },
};
