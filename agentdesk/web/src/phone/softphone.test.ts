import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setDevices } from "./devices";
import { leftLeg } from "./leg";
import { Softphone } from "./softphone";

/** JsSIP's session as far as the softphone uses one. */
class FakeSession {
  id = `s${Math.random()}`;
  direction = "incoming";
  remote_identity = { uri: { user: "+33199000042" }, display_name: "Marie" };
  heard: Record<string, ((event: unknown) => void)[]> = {};
  established = false;
  over = false;
  ended: { extraHeaders?: string[] } | undefined;
  answered = 0;
  on(name: string, act: (event: unknown) => void) {
    this.heard[name] = [...(this.heard[name] ?? []), act];
  }
  emit(name: string, event: unknown = {}) {
    for (const act of this.heard[name] ?? []) act(event);
  }
  isEstablished = () => this.established;
  isEnded = () => this.over;
  renegotiate = vi.fn();
  mute = vi.fn();
  unmute = vi.fn();
  answer() {
    this.answered++;
    this.established = true;
    this.emit("confirmed");
  }
  terminate(options: { extraHeaders?: string[] } = {}) {
    this.ended = options;
    this.finish("Terminated");
  }
  finish(cause: string) {
    this.over = true;
    this.established = false;
    this.emit("ended", { cause });
  }
}

class FakeUA {
  static all: FakeUA[] = [];
  heard: Record<string, ((event: never) => void)[]> = {};
  registered = false;
  registers = 0;
  stopped = false;
  transport = { connect: vi.fn(), disconnect: vi.fn(), isConnecting: () => false };
  sendOptions = vi.fn();
  constructor() {
    FakeUA.all.push(this);
  }
  on(name: string, act: (event: never) => void) {
    this.heard[name] = [...(this.heard[name] ?? []), act];
  }
  emit(name: string, event: unknown = {}) {
    for (const act of this.heard[name] ?? []) act(event as never);
  }
  start() {
    this.register();
  }
  register() {
    this.registers++;
    this.registered = true;
    this.emit("registered");
  }
  unregister() {
    this.registered = false;
  }
  stop() {
    this.stopped = true;
    this.registered = false;
  }
  isConnected = () => true;
  isRegistered = () => this.registered;
  ring() {
    const session = new FakeSession();
    this.emit("newRTCSession", { session });
    session.emit("progress");
    return session;
  }
}

/** A browser's before any gesture. */
class SilentContext extends EventTarget {
  state = "suspended";
  resume = () => new Promise(() => {});
  close = async () => {};
}

vi.mock("jssip", () => ({ default: { UA: FakeUA, WebSocketInterface: class {} } }));

let allowed = true;
const connection = new EventTarget();
const track = () =>
  Object.assign(new EventTarget(), { kind: "audio", readyState: "live", stop() {}, enabled: true });
const stream = () => {
  const one = track();
  return { getTracks: () => [one], getAudioTracks: () => [one] };
};
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const ua = () => FakeUA.all.at(-1) as FakeUA;
let phone: Softphone;

async function registered() {
  phone = new Softphone({
    kind: "webrtc",
    uri: "sip:alice@linekeeper",
    user: "alice",
    secret: "s",
    path: "/sip",
  });
  phone.start();
  phone.have(true);
  await settled();
  await vi.waitFor(() => expect(phone.get().line).toBe("registered"));
}

beforeEach(async () => {
  sessionStorage.clear();
  FakeUA.all = [];
  allowed = true;
  const mediaDevices = Object.assign(new EventTarget(), {
    getUserMedia: async () => {
      if (!allowed) throw new DOMException("", "NotAllowedError");
      return stream();
    },
  });
  vi.stubGlobal("AudioContext", SilentContext);
  vi.stubGlobal("navigator", { ...navigator, mediaDevices, connection, onLine: true });
  await registered();
});
afterEach(() => {
  phone.stop();
  vi.unstubAllGlobals();
});

describe("two rings", () => {
  it("takes the next call whose ring overtook the end of the one before", async () => {
    await registered();
    const first = ua().ring();
    phone.answer();
    await vi.waitFor(() => expect(phone.get().call?.stage).toBe("talking"));
    const next = ua().ring();
    expect(phone.get().call?.id).toBe(first.id);
    first.finish("Terminated");
    expect(phone.get().call).toMatchObject({ id: next.id, stage: "ringing" });
    phone.answer();
    await vi.waitFor(() => expect(next.answered).toBe(1));
    expect(next.ended).toBeUndefined();
  });

  it("is busy for the next while a call goes on", async () => {
    await registered();
    const first = ua().ring();
    phone.answer();
    await vi.waitFor(() => expect(phone.get().call?.stage).toBe("talking"));
    vi.useFakeTimers();
    const next = ua().ring();
    vi.advanceTimersByTime(2_000);
    vi.useRealTimers();
    expect(next.ended).toEqual({ status_code: 486 });
    expect(phone.get().call).toMatchObject({ id: first.id, stage: "talking" });
  });
});

describe("a call", () => {
  it("rings until the person answers", async () => {
    const call = ua().ring();
    expect(phone.get().call?.stage).toBe("ringing");
    await settled();
    expect(call.answered).toBe(0);
    phone.answer();
    await settled();
    expect(phone.get().call?.stage).toBe("talking");
  });

  it("is answered at once when the person was quicker than the phone", async () => {
    phone.answer();
    const call = ua().ring();
    await settled();
    expect(call.answered).toBe(1);
  });

  it("keeps ringing without a microphone, and is answered when it is given back", async () => {
    allowed = false;
    const call = ua().ring();
    phone.answer();
    await settled();
    expect(phone.get()).toMatchObject({ mic: "denied", call: { stage: "ringing" } });
    allowed = true;
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    await settled();
    await settled();
    expect(call.answered).toBe(1);
    expect(phone.get().mic).toBe("ready");
  });
});

describe("the speaker", () => {
  const headset = { id: "headset", label: "Casque" };
  const { prototype } = HTMLMediaElement;
  afterEach(() => {
    Reflect.deleteProperty(prototype, "setSinkId");
    setDevices({ speaker: undefined });
  });

  it("is the system's own while the one chosen is unplugged, and that one again when it is back", async () => {
    const on: string[] = [];
    const plug = async (...ids: string[]) => {
      const outputs = ids.map((deviceId) => ({ kind: "audiooutput", deviceId, label: deviceId }));
      Object.assign(navigator.mediaDevices, { enumerateDevices: async () => outputs });
      navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
      await settled();
    };
    prototype.setSinkId = async (id) => void on.push(id);
    await plug("default", "headset");
    setDevices({ speaker: headset });
    await settled();
    expect(on.at(-1)).toBe("headset");
    await plug("default");
    expect(on.at(-1)).toBe("");
    await plug("default", "headset");
    expect(on.at(-1)).toBe("headset");
  });
});

describe("a page that goes while talking", () => {
  async function talkOn(call: string) {
    phone.belongsTo(call);
    const session = ua().ring();
    phone.answer();
    await settled();
    return session;
  }

  it("says that no person hung up, and remembers the call", async () => {
    const session = await talkOn("c1");
    dispatchEvent(new Event("pagehide"));
    expect(session.ended?.extraHeaders?.[0]).toContain("Q.850;cause=41");
    expect(leftLeg()).toBe("c1");
  });

  it("takes the phone up again by itself for that call, once it is back", async () => {
    await talkOn("c1");
    dispatchEvent(new Event("pagehide"));
    await registered();
    phone.belongsTo("c1");
    const again = ua().ring();
    await settled();
    expect(again.answered).toBe(1);
  });

  it("also when the phone rings before the board is here", async () => {
    await talkOn("c1");
    dispatchEvent(new Event("pagehide"));
    await registered();
    const again = ua().ring();
    await settled();
    expect(again.answered).toBe(0);
    phone.belongsTo("c1");
    await settled();
    expect(again.answered).toBe(1);
  });

  it("lets any other call ring", async () => {
    await talkOn("c1");
    dispatchEvent(new Event("pagehide"));
    await registered();
    phone.belongsTo("c2");
    const other = ua().ring();
    await settled();
    expect(other.answered).toBe(0);
  });

  it("lets the next call ring when the person had hung up", async () => {
    await talkOn("c1");
    phone.hangUp();
    expect(leftLeg()).toBeUndefined();
  });

  it("takes a leg back that broke off without an orderly end", async () => {
    const session = await talkOn("c1");
    session.finish("Request Timeout");
    const again = ua().ring();
    await settled();
    expect(again.answered).toBe(1);
  });
});

it("opens a line that is lost as soon as the network or the server is back", () => {
  ua().isConnected = () => false;
  phone.wake();
  dispatchEvent(new Event("online"));
  expect(ua().transport.connect).toHaveBeenCalledTimes(2);
});

describe("a line that looks well is asked whether it is", () => {
  it.each<[string, () => void]>([
    ["when the network is back", () => dispatchEvent(new Event("online"))],
    ["on another network", () => connection.dispatchEvent(new Event("change"))],
    ["when the page is seen again", () => document.dispatchEvent(new Event("visibilitychange"))],
    ["when the board is back", () => phone.wake()],
    [
      "after a sleep",
      () => {
        vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
        document.dispatchEvent(new Event("resume"));
      },
    ],
  ])("%s", (_, happens) => {
    happens();
    expect(ua().sendOptions).toHaveBeenCalledOnce();
    expect(ua().sendOptions.mock.lastCall?.[0]).toBe("sip:alice@linekeeper");
    expect(ua().transport.disconnect).not.toHaveBeenCalled();
  });

  it("but not for a page that nobody sees", () => {
    vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    document.dispatchEvent(new Event("visibilitychange"));
    expect(ua().sendOptions).not.toHaveBeenCalled();
  });

  it("nor when the network goes", () => {
    vi.stubGlobal("navigator", { ...navigator, connection, onLine: false });
    connection.dispatchEvent(new Event("change"));
    expect(ua().sendOptions).not.toHaveBeenCalled();
  });

  it("nor once it is let go, or the phone has stopped", () => {
    vi.useFakeTimers();
    const line = ua();
    phone.wake();
    phone.have(false);
    phone.wake();
    phone.stop();
    connection.dispatchEvent(new Event("change"));
    vi.advanceTimersByTime(60_000);
    expect(line.sendOptions).toHaveBeenCalledOnce();
    expect(line.transport.connect).not.toHaveBeenCalled();
    vi.useRealTimers();
  });

  it("in a call too, which goes on when the line was dead and is opened anew", async () => {
    const session = ua().ring();
    phone.answer();
    await settled();
    vi.useFakeTimers();
    phone.wake();
    vi.advanceTimersByTime(5_999);
    expect(ua().transport.disconnect).not.toHaveBeenCalled();
    ua().transport.disconnect.mockImplementation(() => ua().emit("disconnected"));
    vi.advanceTimersByTime(1);
    vi.useRealTimers();
    expect(ua().transport.connect).toHaveBeenCalledOnce();
    expect(session.over).toBe(false);
    expect(session.renegotiate).not.toHaveBeenCalled();
    ua().register();
    expect(session.renegotiate).toHaveBeenCalledOnce(); // Asterisk learns where we are
    expect(phone.get()).toMatchObject({ line: "registered", call: { stage: "talking" } });
  });
});

describe("another page takes the phone", () => {
  it("and this one lets go at once when nobody talks", () => {
    phone.have(false);
    expect(phone.get().line).toBe("elsewhere");
    expect(ua().stopped).toBe(true);
  });

  it("also while this one is still on its way to register", async () => {
    phone.stop();
    FakeUA.all = [];
    phone = new Softphone({
      kind: "webrtc",
      uri: "sip:alice@linekeeper",
      user: "alice",
      secret: "s",
      path: "/sip",
    });
    phone.start();
    phone.have(true);
    phone.have(false);
    await settled();
    await settled();
    expect(FakeUA.all).toHaveLength(0);
    expect(phone.get().line).toBe("elsewhere");
  });

  it("but a call that goes on here goes on, and the registration alone is let go", async () => {
    const session = ua().ring();
    phone.answer();
    await settled();
    phone.have(false);
    expect(session.over).toBe(false);
    expect(ua()).toMatchObject({ stopped: false, registered: false });
    session.finish("Terminated");
    expect(ua().stopped).toBe(true);
  });

  it("and gives it back while that call still goes on: the same line registers again", async () => {
    ua().ring();
    phone.answer();
    await settled();
    phone.have(false);
    phone.have(true);
    expect(FakeUA.all).toHaveLength(1);
    expect(ua()).toMatchObject({ stopped: false, registered: true });
    expect(phone.get().line).toBe("registered");
  });
});

describe("the voice of its person", () => {
  const answer = (done: boolean) => () => Promise.resolve(done);
  const muted = () => phone.get().call?.muted;
  let session: FakeSession;
  beforeEach(async () => {
    session = ua().ring();
    phone.answer();
    await settled();
  });

  it("is kept here at once, before the server has answered", async () => {
    let done = (_: boolean) => {};
    const asked = phone.mute(true, () => new Promise((resolve) => (done = resolve)));
    expect(muted()).toBe(true);
    expect(session.mute).toHaveBeenCalled();
    await settled();
    done(true);
    expect(await asked).toBe(true);
  });

  it("is as the board says, also when another page or a page before has muted it", () => {
    phone.follow(true);
    expect(muted()).toBe(true);
    phone.follow(false);
    expect(muted()).toBe(false);
  });

  it("does not follow a word that is older than what was asked for meanwhile", async () => {
    const on = phone.mute(true, answer(true));
    const off = phone.mute(false, answer(true));
    phone.follow(true);
    expect(muted()).toBe(false);
    await Promise.all([on, off]);
    phone.follow(false);
    expect(muted()).toBe(false);
  });

  it("is asked for in the order it was wished", async () => {
    const asked: string[] = [];
    let first = (_: boolean) => {};
    const on = phone.mute(true, () => {
      asked.push("on");
      return new Promise((resolve) => (first = resolve));
    });
    const off = phone.mute(false, () => Promise.resolve(asked.push("off") > 0));
    await settled();
    expect(asked).toEqual(["on"]);
    first(true);
    await Promise.all([on, off]);
    expect(asked).toEqual(["on", "off"]);
  });

  it("stays kept when the server does not answer", async () => {
    expect(await phone.mute(true, answer(false))).toBe(true);
    expect(muted()).toBe(true);
  });

  it("is not said to be heard while the server keeps it", async () => {
    phone.follow(true);
    expect(await phone.mute(false, answer(false))).toBe(false);
    expect(muted()).toBe(true);
  });

  it("is heard again in the next call", async () => {
    phone.follow(true);
    session.finish("Terminated");
    ua().ring();
    phone.answer();
    await settled();
    expect(muted()).toBe(false);
    expect(await phone.mute(false, answer(false))).toBe(true);
  });
});
