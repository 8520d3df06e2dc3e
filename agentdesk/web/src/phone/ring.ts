// The ring tone: notes made by WebAudio, no file, at a steady pace until
// stopped, at the volume and on the device chosen for ringing. Browsers allow
// sound only after a gesture on the page; signing in is one, but a page that was
// reloaded may be silent until the first click or key: that is told.
import { devicesNow, playOn, type Ring, subscribeDevices, watchPlugs } from "./devices";

type Note = readonly [startS: number, frequencyHz: number, lengthS: number];
type Pattern = { notes: readonly Note[]; period: number };

/** One ring of each kind; the whole pattern repeats every `period` s. */
const patterns: Record<Ring, Pattern> = {
  chime: {
    notes: [
      [0, 587.33, 0.35],
      [0.22, 783.99, 0.35],
      [0.44, 587.33, 0.35],
      [0.66, 783.99, 0.35],
    ],
    period: 3,
  },
  // France's ringback, 440 Hz 1.5 s, 3.5 s off (ITU-T E.180).
  classic: { notes: [[0, 440, 1.5]], period: 5 },
  soft: {
    notes: [
      [0, 329.63, 0.9],
      [0.5, 415.3, 1.1],
    ],
    period: 3.5,
  },
  bright: {
    notes: [
      [0, 880, 0.14],
      [0.18, 1108.73, 0.14],
      [0.36, 1318.51, 0.3],
    ],
    period: 2,
  },
};

/** Gain at full volume: loud enough for a headset lying on the desk. */
const loudest = 0.5;

/**
 * Sound that came or went is told when it has stayed so for this long, in ms: until then it
 * may only be waking, and the click that woke it is over before anything moves on the page.
 */
const settled = 1_000;

export class RingTone {
  private context: AudioContext | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private output: GainNode | undefined;
  /** Where the sound goes when a ringer is chosen: only an element can be sent to a device everywhere. */
  private way: { player: HTMLAudioElement; end: MediaStreamAudioDestinationNode } | undefined;

  /** `silenced` is told whether the browser makes no sound, once that is known and whenever it changes. */
  constructor(private readonly silenced: (is: boolean) => void) {}

  /** Call once; from then on there is sound, or the first gesture wakes it. */
  arm(): () => void {
    const wake = () => this.wake();
    const gestures = ["pointerdown", "pointerup", "keydown"] as const; // a finger counts as it lifts
    for (const gesture of gestures) addEventListener(gesture, wake, { capture: true });
    const ends = [subscribeDevices, watchPlugs].map((watch) => watch(() => this.route()));
    this.wake();
    return () => {
      for (const gesture of gestures) removeEventListener(gesture, wake, { capture: true });
      for (const end of ends) end();
      this.stop();
      clearTimeout(this.settling);
      void this.context?.close();
      this.context = undefined;
      this.way = undefined;
    };
  }

  start(): void {
    if (this.timer !== undefined) return;
    this.once();
    this.timer = setInterval(() => this.once(), patterns[devicesNow().ring].period * 1_000);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.output?.disconnect(); // notes already begun fall silent at once
    this.output = undefined;
  }

  /** Rings one time, to hear what was chosen. */
  once(): void {
    const context = this.context;
    if (context?.state !== "running") return;
    const { ring, volume } = devicesNow();
    this.output?.disconnect();
    // Loudness is heard by its logarithm: a squared slider feels even.
    this.output = new GainNode(context, { gain: loudest * (volume / 100) ** 2 });
    this.output.connect(this.way?.end ?? context.destination);
    for (const note of patterns[ring].notes) sound(context, this.output, note);
  }

  private wake(): void {
    if (this.context?.state === "running") return;
    this.context ??= this.open();
    this.context.resume().catch(() => {}); // its state tells
    this.route(); // an element, too, is silent until a gesture
  }

  private open(): AudioContext {
    const context = new AudioContext();
    const changed = () => {
      clearTimeout(this.settling);
      this.settling = setTimeout(() => this.silenced(context.state !== "running"), settled);
    };
    changed();
    context.addEventListener("statechange", () => this.context === context && changed());
    return context;
  }

  private route(): void {
    const { ringer } = devicesNow();
    if (!this.context || (!ringer && !this.way)) return;
    if (!this.way) {
      const end = new MediaStreamAudioDestinationNode(this.context);
      const player = new Audio();
      player.srcObject = end.stream;
      this.way = { player, end };
    }
    const { player } = this.way;
    void playOn(player, ringer).then(() => player.play().catch(() => {}));
  }
}

function sound(context: AudioContext, output: GainNode, [start, frequency, length]: Note): void {
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
