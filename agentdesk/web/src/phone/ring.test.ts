import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { firstDevices, setDevices } from "./devices";
import { RingTone } from "./ring";

/** A node of the sound's way: what it leads to, if anything. */
class FakeNode {
  to: FakeNode | undefined;
  connect(to: FakeNode) {
    this.to = to;
    return to;
  }
  disconnect() {
    this.to = undefined;
  }
}

class FakeGain extends FakeNode {
  gain;
  constructor(_: FakeContext, { gain }: { gain: number }) {
    super();
    const ramp = () => {};
    this.gain = {
      value: gain,
      setValueAtTime: ramp,
      linearRampToValueAtTime: ramp,
      exponentialRampToValueAtTime: ramp,
    };
  }
}

class FakeTone extends FakeNode {
  constructor(
    _: FakeContext,
    readonly pitch: { frequency: number },
  ) {
    super();
    tones.push(this);
  }
  start = vi.fn();
  stop = vi.fn();
}

/** The system's own choice. */
class FakeSpeakers extends FakeNode {}

/** The way into an element. */
class FakeEnd extends FakeNode {
  stream = this;
}

/** A browser's: it runs from a gesture on, or at once where the browser lets it. */
class FakeContext extends EventTarget {
  state = "suspended";
  currentTime = 0;
  destination = new FakeSpeakers();
  resume = async () => {
    if (allowed) this.turn("running");
  };
  close = vi.fn();
  constructor() {
    super();
    contexts.push(this);
  }
  turn(state: string) {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
}

/** A browser's audio element: one that is on a device stays there when that is unplugged. */
class FakePlayer {
  sinkId = "";
  srcObject: unknown;
  playing = false;
  constructor() {
    players.push(this);
  }
  async setSinkId(id: string) {
    if (id === this.sinkId) return;
    if (id && !plugged.has(id)) throw new DOMException("", "NotFoundError");
    this.sinkId = id;
  }
  play = async () => {
    if (!allowed) throw new DOMException("", "NotAllowedError");
    this.playing = true;
  };
}

let tones: FakeTone[] = [];
let players: FakePlayer[] = [];
let contexts: FakeContext[] = [];
/** Whether the browser makes sound: before a gesture it may not. */
let allowed: boolean;
const silenced = vi.fn<(is: boolean) => void>();
let mediaDevices: EventTarget;
let tone: RingTone;
let disarm: () => void;
const plugged = new Set<string>();
const bell = { id: "bell", label: "Sonnette" };

/** What is plugged in is another set now. */
async function plug(...ids: string[]) {
  plugged.clear();
  for (const id of ids) plugged.add(id);
  mediaDevices.dispatchEvent(new Event("devicechange"));
  await vi.advanceTimersByTimeAsync(0);
}

/** The devices chosen, and told to the browser. */
async function choose(change: Parameters<typeof setDevices>[0]) {
  setDevices(change);
  await vi.advanceTimersByTimeAsync(0);
}

/** Where the last note is heard: on a device, on the system's own choice, or nowhere. */
function heardOn(): string | undefined {
  let at: FakeNode | undefined = tones.at(-1);
  while (at?.to) at = at.to;
  if (at instanceof FakeSpeakers) return "system";
  const player = at && players.find(({ srcObject }) => srcObject === at);
  if (!player?.playing) return undefined;
  return plugged.has(player.sinkId || "default") ? player.sinkId || "system" : undefined;
}

/** How loud the last ring is. */
const loud = () => (tones.at(-1)?.to?.to as FakeGain | undefined)?.gain.value;
function gesture() {
  allowed = true;
  dispatchEvent(new Event("pointerdown"));
}

beforeEach(async () => {
  vi.useFakeTimers();
  localStorage.clear();
  setDevices(firstDevices);
  tones = [];
  players = [];
  contexts = [];
  allowed = false;
  silenced.mockClear();
  mediaDevices = Object.assign(new EventTarget(), {
    enumerateDevices: async () =>
      [...plugged].map((deviceId) => ({ kind: "audiooutput", deviceId, label: deviceId })),
  });
  vi.stubGlobal("navigator", { mediaDevices });
  vi.stubGlobal("AudioContext", FakeContext);
  vi.stubGlobal("GainNode", FakeGain);
  vi.stubGlobal("OscillatorNode", FakeTone);
  vi.stubGlobal("MediaStreamAudioDestinationNode", FakeEnd);
  vi.stubGlobal("HTMLMediaElement", FakePlayer);
  vi.stubGlobal("Audio", FakePlayer);
  await plug("default", "headset", "bell");
  tone = new RingTone(silenced);
  disarm = tone.arm();
});
afterEach(() => {
  disarm();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("the ring", () => {
  it("goes on at its pace until it is stopped, and is silent at once", async () => {
    gesture();
    tone.start();
    expect(tones).toHaveLength(4);
    expect(heardOn()).toBe("system");
    await vi.advanceTimersByTimeAsync(3_000);
    expect(tones).toHaveLength(8);
    tone.stop();
    expect(heardOn()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tones).toHaveLength(8);
  });

  it("is the one ring when it is started twice", async () => {
    gesture();
    tone.start();
    tone.start();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(tones).toHaveLength(8);
  });

  it("is heard from the first gesture on, when the page had none before", async () => {
    tone.start();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(tones).toHaveLength(0);
    gesture();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(tones).toHaveLength(4);
  });

  it("is the one chosen, as loud as chosen", async () => {
    gesture();
    await choose({ ring: "classic", volume: 50 });
    tone.start();
    expect(tones.map(({ pitch }) => pitch.frequency)).toEqual([440]);
    expect(loud()).toBeCloseTo(0.125);
    await choose({ volume: 0 });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(tones).toHaveLength(2);
    expect(loud()).toBe(0);
  });

  it("ends with its page", async () => {
    gesture();
    tone.start();
    disarm();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tones).toHaveLength(4);
    expect(heardOn()).toBeUndefined();
  });
});

describe("a browser that makes no sound", () => {
  const settles = () => vi.advanceTimersByTimeAsync(1_000);

  it("is told of after a reload, until there is a click or a key", async () => {
    await settles();
    expect(silenced.mock.calls).toEqual([[true]]);
    gesture();
    await settles();
    expect(silenced.mock.calls).toEqual([[true], [false]]);
  });

  it("is not told of where sound is allowed, and the first ring is heard", async () => {
    disarm();
    allowed = true;
    disarm = tone.arm();
    await settles();
    expect(silenced.mock.calls).toEqual([[false]]);
    tone.start();
    expect(heardOn()).toBe("system");
  });

  it("is not told of while the sound only wakes", async () => {
    await vi.advanceTimersByTimeAsync(900);
    gesture();
    await settles();
    expect(silenced.mock.calls).toEqual([[false]]);
  });

  it("lets a click end before the page moves under it", async () => {
    await settles();
    gesture();
    await vi.advanceTimersByTimeAsync(500);
    expect(silenced.mock.lastCall).toEqual([true]);
  });

  it("is told of when it takes the sound away later", async () => {
    gesture();
    await settles();
    contexts.at(-1)?.turn("interrupted");
    await settles();
    expect(silenced.mock.lastCall).toEqual([true]);
    gesture();
    await settles();
    expect(silenced.mock.lastCall).toEqual([false]);
  });

  it("is no matter of a page that has gone", async () => {
    disarm();
    contexts.at(-1)?.turn("closed");
    await settles();
    expect(silenced).not.toHaveBeenCalled();
  });
});

describe("the ringer", () => {
  it("rings on the device chosen before the page woke", async () => {
    await choose({ ringer: bell });
    gesture();
    await vi.advanceTimersByTimeAsync(0);
    tone.once();
    expect(heardOn()).toBe("bell");
  });

  it("changes in mid-ring, with the next of its notes", async () => {
    gesture();
    tone.start();
    await choose({ ringer: bell });
    expect(heardOn()).toBe("system");
    await vi.advanceTimersByTimeAsync(3_000);
    expect(heardOn()).toBe("bell");
    await choose({ ringer: undefined });
    expect(heardOn()).toBe("system");
  });

  it("is the system's own while the one chosen is not plugged in", async () => {
    await plug("default", "headset");
    await choose({ ringer: bell });
    gesture();
    await vi.advanceTimersByTimeAsync(0);
    tone.start();
    expect(heardOn()).toBe("system");
    await plug("default", "headset", "bell");
    expect(heardOn()).toBe("bell");
  });

  it("rings on where it can be heard when it is unplugged", async () => {
    await choose({ ringer: bell });
    gesture();
    await vi.advanceTimersByTimeAsync(0);
    tone.start();
    expect(heardOn()).toBe("bell");
    await plug("default", "headset");
    expect(heardOn()).toBe("system");
  });

  it("is tried where the browser hides what there is", async () => {
    await choose({ ringer: bell });
    Object.assign(mediaDevices, { enumerateDevices: async () => [{ kind: "audiooutput", deviceId: "" }] });
    gesture();
    await vi.advanceTimersByTimeAsync(0);
    tone.once();
    expect(heardOn()).toBe("bell");
  });
});
