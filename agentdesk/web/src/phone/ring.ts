// The ring tone: two soft notes made by WebAudio, no file, at a steady pace
// until stopped. Browsers allow sound only after a gesture on the page; signing
// in is one, and after a reload the first click or key is.

/** One ring: [start in s, frequency in Hz]; the whole pattern repeats every `period` s. */
const notes: [number, number][] = [
  [0, 587.33],
  [0.22, 783.99],
  [0.44, 587.33],
  [0.66, 783.99],
];
const period = 3;
const length = 0.35;
const loudness = 0.22;

export class RingTone {
  private context: AudioContext | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  private output: GainNode | undefined;

  /** Call once; from then on the first gesture wakes the sound. */
  arm(): () => void {
    const wake = () => {
      this.context ??= new AudioContext();
      if (this.context.state === "suspended") void this.context.resume();
    };
    const gestures = ["pointerdown", "keydown"] as const;
    for (const gesture of gestures) addEventListener(gesture, wake, { capture: true });
    return () => {
      for (const gesture of gestures) removeEventListener(gesture, wake, { capture: true });
      this.stop();
      void this.context?.close();
      this.context = undefined;
    };
  }

  start(): void {
    if (this.timer !== undefined) return;
    this.ring();
    this.timer = setInterval(() => this.ring(), period * 1_000);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.output?.disconnect(); // notes already begun fall silent at once
    this.output = undefined;
  }

  private ring(): void {
    const context = this.context;
    if (context?.state !== "running") return;
    this.output?.disconnect();
    this.output = new GainNode(context, { gain: loudness });
    this.output.connect(context.destination);
    for (const [start, frequency] of notes) this.note(context, this.output, start, frequency);
  }

  private note(context: AudioContext, output: GainNode, start: number, frequency: number): void {
    const at = context.currentTime + start;
    const tone = new OscillatorNode(context, { type: "sine", frequency });
    const swell = new GainNode(context, { gain: 0 });
    swell.gain.setValueAtTime(0, at);
    swell.gain.linearRampToValueAtTime(1, at + 0.02);
    swell.gain.exponentialRampToValueAtTime(0.001, at + length);
    tone.connect(swell).connect(output);
    tone.start(at);
    tone.stop(at + length);
  }
}
