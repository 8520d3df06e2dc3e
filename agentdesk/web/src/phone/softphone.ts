// The agent's softphone: SIP over the console's own origin (JsSIP), one call at
// a time, answered only by the person. Lives outside React.
import type JsSIP from "jssip";
import { watchSleep } from "../live/sleep";
import type { Phone } from "../rest/client";
import { devicesNow, playOn, subscribeDevices, watchPlugs } from "./devices";
import { dropLeg, keepLeg, leftLeg } from "./leg";
import { canHear, type Mic, tryMicrophone, watchMicrophone } from "./microphone";
import { Pulse } from "./pulse";
import { type Poor, watchQuality } from "./quality";
import { RingTone } from "./ring";
import { Voice } from "./voice";

type UA = InstanceType<typeof JsSIP.UA>;
type Session = ReturnType<UA["call"]>;

export type Line =
  | "starting"
  | "registered"
  | "lost" // no connection; it comes back by itself
  | "refused" // Asterisk does not take our name or secret
  | "elsewhere"; // another page has the phone

export type PhoneCall = {
  id: string;
  number: string;
  name: string;
  stage: "ringing" | "answering" | "talking";
  audio: "connecting" | "on" | "broken";
  /** How bad the sound is, while speech suffers from it. */
  poor: Poor | undefined;
  muted: boolean;
};

export type PhoneState = {
  line: Line;
  mic: Mic;
  /** The browser makes no sound before a click or a key: a call would not be heard ringing. */
  silenced: boolean;
  call: PhoneCall | undefined;
};

declare global {
  interface Window {
    /**
     * Diagnostic handle: the peer connection of the softphone's current call,
     * for getStats() in the browser's tools and in end-to-end tests.
     */
    linekeeperPeer?: RTCPeerConnection;
  }
}

/** A call that is not answered nor withdrawn for this long is answered busy. */
const ringLimit = 90;

/** How long the end of a call may come behind the ring of the next, in ms. */
const overtaken = 2_000;

/**
 * Sent with the BYE of a page that goes: temporary failure (Q.850), so that the
 * call can be told from one that a person ended, and be given back to the phone
 * when the page is back.
 */
const pageGone = 'Reason: Q.850;cause=41;text="page gone"';

export class Softphone {
  private now: PhoneState = { line: "starting", mic: "unknown", silenced: false, call: undefined };
  private readonly readers = new Set<() => void>();
  private readonly tone = new RingTone((silenced) => this.set({ silenced }));
  private readonly speaker = new Audio();
  private readonly ends: (() => void)[] = [];
  private ua: UA | undefined;
  private pulse: Pulse | undefined; // of our newest line
  private letGo: UA | undefined; // without registration, until the call that goes on here has ended
  private session: Session | undefined;
  private readonly voice = new Voice(() => void this.lookAtMicrophone());
  private wanted = false; // the person answered: before the INVITE came, or while the microphone was denied
  private talksOn: string | undefined; // the queue's call the board says this person is in
  private moved = false; // the line was lost in a call: Asterisk knows us at the old socket
  private leaving = false; // the page goes
  private stopped = false;
  private told = false; // the board's word on our voice
  private muting = 0; // questions to the server that are open
  private asked: Promise<unknown> = Promise.resolve(); // the last of them
  private measuring: (() => void) | undefined;

  constructor(private readonly phone: Phone) {}

  get = (): PhoneState => this.now;

  subscribe = (reader: () => void): (() => void) => {
    this.readers.add(reader);
    return () => this.readers.delete(reader);
  };

  start(): void {
    this.stopped = false;
    const checkMic = () => void this.lookAtMicrophone();
    const again = () => this.wake();
    const seen = () => document.hidden || this.wake();
    const leave = () => this.leave();
    const network = networkOf(navigator);
    const moved = () => navigator.onLine && this.wake(); // to no network: then its return tells
    addEventListener("online", again);
    network?.addEventListener("change", moved);
    addEventListener("pagehide", leave);
    addEventListener("beforeunload", this.askBeforeLeaving);
    document.addEventListener("visibilitychange", seen);
    this.ends.push(
      this.tone.arm(),
      watchMicrophone(checkMic),
      subscribeDevices(() => this.devicesChanged()),
      watchPlugs(() => this.route()),
      watchSleep(again),
      () => removeEventListener("online", again),
      () => network?.removeEventListener("change", moved),
      () => removeEventListener("pagehide", leave),
      () => removeEventListener("beforeunload", this.askBeforeLeaving),
      () => document.removeEventListener("visibilitychange", seen),
    );
    checkMic();
    this.route();
  }

  stop(): void {
    this.stopped = true;
    for (const end of this.ends.splice(0)) end();
    this.pulse?.rest();
    this.hangUp();
    this.ua?.stop();
    this.letGo?.stop();
    this.ua = this.letGo = undefined;
  }

  /** This page has the phone, or another has it: then a call going on here is finished here. */
  have(here: boolean): void {
    if (here) void this.register();
    else this.yieldLine();
  }

  /** Answers the ringing call, or the next that rings: the pop is quicker than the phone. */
  answer(): void {
    this.wanted = true;
    if (this.now.call?.stage === "ringing") void this.pickUp();
  }

  /** Takes back an answer given before the call rang. */
  forget(): void {
    this.wanted = false;
  }

  /** Tells which queue's call its person is in, so that its leg is known again when it comes back. */
  belongsTo(call: string | undefined): void {
    this.talksOn = call;
    if (call && this.now.call?.stage === "talking") keepLeg(call);
    if (this.now.call?.stage === "ringing" && this.comesBack()) void this.pickUp();
  }

  hangUp(): void {
    this.wanted = false;
    dropLeg();
    if (this.session && !this.session.isEnded()) this.session.terminate();
  }

  setMuted(muted: boolean): void {
    if (muted) this.session?.mute({ audio: true });
    else this.session?.unmute({ audio: true });
    this.voice.mute(muted);
    this.setCall({ muted });
  }

  /**
   * Mutes here at once and asks the server to do so for everybody, one question
   * after the other. A voice that is to be kept stays kept if the server does not
   * answer; one that is to be heard again is not while the server keeps it. True
   * when it is as it was wished.
   */
  async mute(muted: boolean, question: () => Promise<boolean>): Promise<boolean> {
    this.setMuted(muted);
    this.muting++;
    const turn = this.asked.then(question);
    this.asked = turn;
    const done = await turn;
    this.muting--;
    if (done || this.muting > 0) return true;
    this.setMuted(muted || this.told);
    return muted || !this.told;
  }

  /** The board says whether this person's voice is kept from the others: true on every page of theirs. */
  follow(muted: boolean): void {
    this.told = muted;
    if (this.muting === 0 && this.now.call && this.now.call.muted !== muted) this.setMuted(muted);
  }

  /** Rings one time, to hear what was chosen. */
  ringOnce(): void {
    this.tone.once();
  }

  /** Sends one digit as RFC 4733. */
  dial(digit: string): void {
    if (!this.session?.isEstablished()) return;
    this.session.sendDTMF(digit, { transportType: "RFC2833" as never, duration: 120 });
  }

  private readonly askBeforeLeaving = (event: BeforeUnloadEvent): void => {
    if (this.now.call?.stage === "talking") event.preventDefault();
  };

  private leave(): void {
    this.leaving = true;
    if (this.session?.isEstablished()) this.session.terminate({ extraHeaders: [pageGone] });
    this.ua?.stop(); // no leg stays behind
    this.letGo?.stop();
  }

  /**
   * The network or the server is back or another one, the page ran again or is seen again: a
   * line that is lost does not wait for its next try, and one that looks well is asked.
   */
  wake(): void {
    if (this.ua) this.pulse?.feel();
  }

  private devicesChanged(): void {
    this.route();
    void this.lookAtMicrophone();
  }

  /** Has the others heard on the speaker chosen. */
  private route(): void {
    void playOn(this.speaker, devicesNow().speaker);
  }

  /** Tells how the microphone is; in a call, one that fell silent or is no longer the chosen one is opened anew. */
  private async lookAtMicrophone(): Promise<void> {
    const well = !this.voice.on || (this.voice.good && canHear(this.now.mic));
    const mic = well ? await tryMicrophone(devicesNow().mic) : await this.voice.renew();
    this.set({ mic });
    if (this.wanted && canHear(mic) && this.now.call?.stage === "ringing") void this.pickUp();
  }

  /** The ring is for the call this tab had: its page was reloaded, or its network lost, while talking. */
  private comesBack(): boolean {
    return this.talksOn !== undefined && leftLeg() === this.talksOn;
  }

  private async register(): Promise<void> {
    if (this.ua || this.stopped) return;
    if (this.letGo) {
      // The phone is back while its last call still goes on here.
      this.ua = this.letGo;
      this.letGo = undefined;
      this.ua.register();
      return;
    }
    this.set({ line: "starting" });
    const { default: sip } = await import("jssip").catch(() => ({ default: undefined }));
    // Another page may have taken the phone while this one fetched its code.
    if (this.stopped || this.ua || this.now.line === "elsewhere") return;
    if (!sip) return this.set({ line: "lost" });
    const socket = new sip.WebSocketInterface(socketAddress(this.phone.path ?? "/sip"));
    const ua = new sip.UA({
      sockets: [socket],
      uri: this.phone.uri ?? "",
      authorization_user: this.phone.user ?? "",
      password: this.phone.secret ?? "",
      register: true,
      register_expires: 300,
      session_timers: false,
      no_answer_timeout: ringLimit,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 3,
      user_agent: "Linekeeper console",
    });
    this.ua = ua;
    this.pulse = new Pulse(ua, this.phone.uri ?? "", () => this.session !== undefined);
    ua.on("registered", () => {
      this.set({ line: "registered" });
      this.sayWhereWeAre();
    });
    ua.on("unregistered", () => this.ua === ua && this.set({ line: "lost" }));
    ua.on("disconnected", () => {
      if (this.session) this.moved = true;
      if (this.ua === ua) this.set({ line: "lost" });
    });
    ua.on("registrationFailed", ({ response }) => {
      this.set({ line: response ? "refused" : "lost" });
    });
    ua.on("newRTCSession", ({ session }: { session: Session }) => this.ring(session));
    ua.start();
  }

  /**
   * The audio of a call goes on while the controller restarts, but Asterisk would
   * send the call's end to a socket that is no more. A re-INVITE tells it the new
   * one (RFC 3261 §12.2, target refresh); one that is refused ends the call here.
   */
  private sayWhereWeAre(): void {
    if (!this.moved) return;
    this.moved = false;
    if (this.session?.isEstablished()) this.session.renegotiate();
    else this.session?.terminate(); // it rang: nothing we say can reach that ring
  }

  private yieldLine(): void {
    const ua = this.ua;
    this.ua = undefined;
    this.pulse?.rest();
    this.set({ line: "elsewhere" });
    if (!ua) return;
    if (!this.session?.isEstablished()) {
      ua.stop();
      return;
    }
    ua.unregister(); // our own contact alone: no refresh of ours takes the other page's away
    this.letGo = ua;
    this.session.on("ended", () => {
      if (this.letGo !== ua) return;
      this.letGo = undefined;
      ua.stop();
    });
  }

  private ring(session: Session): void {
    if ((session.direction as string) !== "incoming") return;
    if (this.session) this.ringAfter(this.session, session);
    else this.take(session, false);
  }

  /**
   * One call at a time. But after a sleep, or on a new line, the ring of the next call may
   * overtake the end of the one before: that is waited for, before the line is busy.
   */
  private ringAfter(before: Session, session: Session): void {
    const busy = setTimeout(() => session.terminate({ status_code: 486 }), overtaken);
    const over = () => {
      clearTimeout(busy);
      if (session.isEnded()) return;
      if (this.session) session.terminate({ status_code: 486 });
      else this.take(session, true);
    };
    session.on("failed", () => clearTimeout(busy));
    before.on("ended", over);
    before.on("failed", over);
  }

  /** `rings`: its caller is told so already. */
  private take(session: Session, rings: boolean): void {
    this.session = session;
    const from = session.remote_identity;
    this.set({
      call: {
        id: session.id,
        number: from.uri.user,
        name: from.display_name ?? "",
        stage: "ringing",
        audio: "connecting",
        poor: undefined,
        muted: false,
      },
    });
    this.told = false;
    session.on("peerconnection", ({ peerconnection }) => this.listen(peerconnection));
    session.on("confirmed", () => {
      this.setCall({ stage: "talking" });
      if (this.talksOn) keepLeg(this.talksOn);
    });
    session.on("ended", ({ cause }) => this.over(session, cause));
    session.on("failed", () => this.over(session));
    // The INVITE is answered only after JsSIP sent its 180.
    const sound = () => {
      if (this.wanted || this.comesBack()) void this.pickUp();
      else this.tone.start();
    };
    if (rings) sound();
    else session.on("progress", sound);
  }

  private async pickUp(): Promise<void> {
    const session = this.session;
    this.wanted = false;
    if (!session || this.now.call?.stage !== "ringing") return;
    this.tone.stop();
    this.setCall({ stage: "answering" });
    const { mic, stream } = await this.voice.open();
    this.set({ mic });
    if (this.session !== session || session.isEnded()) return this.session ? undefined : this.voice.close();
    if (!stream) {
      this.wanted = true; // answered as soon as the microphone is given; the desk says what is wrong
      return this.setCall({ stage: "ringing" });
    }
    session.answer({ mediaStream: stream, pcConfig: { iceServers: [] } });
  }

  private listen(peer: RTCPeerConnection): void {
    window.linekeeperPeer = peer;
    peer.addEventListener("track", ({ streams, track }) => {
      this.speaker.srcObject = streams[0] ?? new MediaStream([track]);
      void this.speaker.play().catch(() => this.setCall({ audio: "broken" }));
    });
    peer.addEventListener("connectionstatechange", () => {
      if (peer.connectionState === "connected") this.heard(peer);
      if (peer.connectionState === "disconnected" || peer.connectionState === "failed")
        this.setCall({ audio: "broken" });
    });
  }

  private heard(peer: RTCPeerConnection): void {
    this.setCall({ audio: "on" });
    this.voice.into(peer);
    this.measuring?.();
    this.measuring = watchQuality(peer, (poor) => this.setPoor(poor));
  }

  private over(session: Session, cause?: string): void {
    if (this.session !== session) return;
    this.session = undefined;
    // An orderly end is the end; what broke off, or goes with the page, may come back.
    if (cause === "Terminated" && !this.leaving) dropLeg();
    this.tone.stop();
    this.measuring?.();
    this.measuring = undefined;
    this.speaker.srcObject = null;
    this.voice.close();
    delete window.linekeeperPeer;
    this.set({ call: undefined });
  }

  private setCall(change: Partial<PhoneCall>): void {
    if (this.now.call) this.set({ call: { ...this.now.call, ...change } });
  }

  private setPoor(poor: Poor | undefined): void {
    if (poor || this.now.call?.poor) this.setCall({ poor });
  }

  private set(change: Partial<PhoneState>): void {
    this.now = { ...this.now, ...change };
    for (const reader of this.readers) reader();
  }
}

/** Tells when the machine is on another network, or on a better or worse one; not every browser has it. */
const networkOf = (browser: Navigator): EventTarget | undefined =>
  (browser as { connection?: EventTarget }).connection;

function socketAddress(path: string): string {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
