import { beforeEach, expect, it, vi } from "vitest";
import { setDevices } from "./devices";
import { Voice } from "./voice";

class FakeTrack extends EventTarget {
  kind = "audio";
  enabled = true;
  readyState = "live";
  constructor(readonly device: string) {
    super();
  }
  stop() {
    this.readyState = "ended";
  }
  /** The plug is pulled, or the permission taken away. */
  pull() {
    this.stop();
    this.dispatchEvent(new Event("ended"));
  }
}

const streamOf = (track: FakeTrack) => ({ getTracks: () => [track], getAudioTracks: () => [track] });
const plugged = new Set<string>();
let allowed = true;
let opened: FakeTrack[] = [];

const getUserMedia = async ({ audio }: { audio: { deviceId?: { exact: string } } }) => {
  if (!allowed) throw new DOMException("", "NotAllowedError");
  const wanted = audio.deviceId?.exact ?? [...plugged][0];
  if (!wanted || !plugged.has(wanted)) throw new DOMException("", "OverconstrainedError");
  const track = new FakeTrack(wanted);
  opened.push(track);
  return streamOf(track);
};

const gone = vi.fn();
let voice: Voice;
let sender: { track: FakeTrack | undefined; replaceTrack: (track: FakeTrack) => Promise<void> };

async function talk() {
  const { stream } = await voice.open();
  sender = {
    track: stream?.getAudioTracks()[0] as unknown as FakeTrack,
    replaceTrack: async (track) => {
      sender.track = track;
    },
  };
  voice.into({ getSenders: () => [sender] } as unknown as RTCPeerConnection);
}

beforeEach(() => {
  localStorage.clear();
  setDevices({ mic: undefined });
  plugged.clear();
  plugged.add("built-in").add("headset");
  allowed = true;
  opened = [];
  gone.mockClear();
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });
  voice = new Voice(gone);
});

it("changes the microphone while talking, and only its track", async () => {
  await talk();
  expect(sender.track?.device).toBe("built-in");
  expect(voice.good).toBe(true);
  setDevices({ mic: { id: "headset", label: "Casque" } });
  expect(voice.good).toBe(false);
  expect(await voice.renew()).toBe("ready");
  expect(sender.track?.device).toBe("headset");
  expect(opened[0]?.readyState).toBe("ended");
  expect(gone).not.toHaveBeenCalled();
});

it("stays muted over a change of microphone", async () => {
  await talk();
  voice.mute(true);
  await voice.renew();
  expect(sender.track?.enabled).toBe(false);
  voice.mute(false);
  expect(sender.track?.enabled).toBe(true);
});

it("is not muted in the next call", async () => {
  await talk();
  voice.mute(true);
  voice.close();
  await talk();
  expect(sender.track?.enabled).toBe(true);
});

it("tells when the microphone is taken away, and takes it back when it is given again", async () => {
  await talk();
  allowed = false;
  sender.track?.pull();
  expect(gone).toHaveBeenCalledOnce();
  expect(voice.good).toBe(false);
  expect(await voice.renew()).toBe("denied");
  allowed = true;
  expect(await voice.renew()).toBe("ready");
  expect(sender.track?.readyState).toBe("live");
});

it("takes another microphone while the chosen one is unplugged", async () => {
  setDevices({ mic: { id: "headset", label: "Casque" } });
  plugged.delete("headset");
  expect((await voice.open()).mic).toBe("other");
  expect(opened[0]?.device).toBe("built-in");
});

it("keeps no microphone open for a call that is over before it opened", async () => {
  const opening = voice.open();
  voice.close();
  expect((await opening).stream).toBeUndefined();
  expect(opened.every((track) => track.readyState === "ended")).toBe(true);
});
