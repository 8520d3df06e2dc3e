// The agent's softphone: SIP over the console's own origin (JsSIP), one call at
// a time, answered only by the person. Lives outside React.
import type JsSIP from "jssip";
import type { Phone } from "../rest/client";
import { closeStream, type Mic, openMicrophone, tryMicrophone, watchMicrophone } from "./microphone";
import { type Hold, holdPhone } from "./owner";
import { RingTone } from "./ring";

type UA = InstanceType<typeof JsSIP.UA>;
type Session = ReturnType<UA["call"]>;

export type Line =
  | "starting"
  | "registered"
  | "lost" // no connection; it comes back by itself
  | "refused" // Asterisk does not take our name or secret
  | "elsewhere"; // another tab of this browser has the phone

export type PhoneCall = {
  id: string;
  number: string;
  name: string;
  stage: "ringing" | "answering" | "talking";
  audio: "connecting" | "on" | "broken";
  muted: boolean;
};

export type PhoneState = { line: Line; mic: Mic; call: PhoneCall | undefined };

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

export class Softphone {
  private now: PhoneState = { line: "starting", mic: "unknown", call: undefined };
  private readonly readers = new Set<() => void>();
  private readonly tone = new RingTone();
  private readonly speaker = new Audio();
  private readonly ends: (() => void)[] = [];
  private hold: Hold | undefined;
  private ua: UA | undefined;
  private session: Session | undefined;
  private voice: MediaStream | undefined; // the microphone, while a call has it
  private answerNext = false; // the person answered before the INVITE came
  private moved = false; // the line was lost in a call: Asterisk knows us at the old socket
  private stopped = false;

  constructor(private readonly phone: Phone) {}

  get = (): PhoneState => this.now;

  subscribe = (reader: () => void): (() => void) => {
    this.readers.add(reader);
    return () => this.readers.delete(reader);
  };

  start(): void {
    this.stopped = false;
    const checkMic = () => void tryMicrophone().then((mic) => this.set({ mic }));
    const again = () => this.wake();
    const leave = () => this.ua?.stop(); // closing the page hangs up: no leg stays behind
    addEventListener("online", again);
    addEventListener("pagehide", leave);
    addEventListener("beforeunload", this.askBeforeLeaving);
    document.addEventListener("visibilitychange", again);
    this.ends.push(
      this.tone.arm(),
      watchMicrophone(checkMic),
      () => removeEventListener("online", again),
      () => removeEventListener("pagehide", leave),
      () => removeEventListener("beforeunload", this.askBeforeLeaving),
      () => document.removeEventListener("visibilitychange", again),
    );
    checkMic();
    this.hold = holdPhone(this.phone.uri ?? "", {
      held: () => void this.register(),
      elsewhere: () => this.yieldLine(),
    });
  }

  stop(): void {
    this.stopped = true;
    for (const end of this.ends.splice(0)) end();
    this.hold?.release();
    this.hangUp();
    this.ua?.stop();
    this.ua = undefined;
  }

  /** Makes this tab the one that has the phone. */
  takeOver(): void {
    this.hold?.takeOver();
  }

  /** Answers the ringing call, or the next that rings: the pop is quicker than the phone. */
  answer(): void {
    this.answerNext = true;
    if (this.now.call?.stage === "ringing") void this.pickUp();
  }

  /** Takes back an answer given before the call rang. */
  forget(): void {
    this.answerNext = false;
  }

  hangUp(): void {
    this.answerNext = false;
    if (this.session && !this.session.isEnded()) this.session.terminate();
  }

  setMuted(muted: boolean): void {
    if (muted) this.session?.mute({ audio: true });
    else this.session?.unmute({ audio: true });
    this.setCall({ muted });
  }

  /** Sends one digit as RFC 4733. */
  dial(digit: string): void {
    if (!this.session?.isEstablished()) return;
    this.session.sendDTMF(digit, { transportType: "RFC2833" as never, duration: 120 });
  }

  private readonly askBeforeLeaving = (event: BeforeUnloadEvent): void => {
    if (this.now.call?.stage === "talking") event.preventDefault();
  };

  /** The network is back or the machine woke up: do not wait for the next refresh. */
  private wake(): void {
    if (!document.hidden && this.ua?.isConnected() && !this.ua.isRegistered()) this.ua.register();
  }

  private async register(): Promise<void> {
    if (this.ua || this.stopped) return;
    this.set({ line: "starting" });
    const { default: sip } = await import("jssip").catch(() => ({ default: undefined }));
    if (this.stopped || this.ua) return;
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
      connection_recovery_max_interval: 5,
      user_agent: "Linekeeper console",
    });
    this.ua = ua;
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

  /** Another tab took the phone: a call going on here is finished here. */
  private yieldLine(): void {
    const ua = this.ua;
    this.ua = undefined;
    this.set({ line: "elsewhere" });
    if (!ua) return;
    if (this.session?.isEstablished()) this.session.on("ended", () => ua.stop());
    else ua.stop();
  }

  private ring(session: Session): void {
    if ((session.direction as string) !== "incoming") return;
    if (this.session) {
      session.terminate({ status_code: 486 }); // one call at a time
      return;
    }
    this.session = session;
    const from = session.remote_identity;
    this.set({
      call: {
        id: session.id,
        number: from.uri.user,
        name: from.display_name ?? "",
        stage: "ringing",
        audio: "connecting",
        muted: false,
      },
    });
    session.on("peerconnection", ({ peerconnection }) => this.listen(peerconnection));
    session.on("confirmed", () => this.setCall({ stage: "talking" }));
    session.on("ended", () => this.over(session));
    session.on("failed", () => this.over(session));
    // The INVITE is answered only after JsSIP sent its 180.
    session.on("progress", () => {
      if (this.answerNext) void this.pickUp();
      else this.tone.start();
    });
  }

  private async pickUp(): Promise<void> {
    const session = this.session;
    this.answerNext = false;
    if (!session || this.now.call?.stage !== "ringing") return;
    this.tone.stop();
    this.setCall({ stage: "answering" });
    const grant = await openMicrophone();
    this.set({ mic: grant.mic });
    if (this.session !== session || session.isEnded())
      return grant.mic === "ready" ? closeStream(grant.stream) : undefined;
    if (grant.mic !== "ready") return this.setCall({ stage: "ringing" }); // the desk shows why
    this.voice = grant.stream;
    session.answer({ mediaStream: grant.stream, pcConfig: { iceServers: [] } });
  }

  private listen(peer: RTCPeerConnection): void {
    window.linekeeperPeer = peer;
    peer.addEventListener("track", ({ streams, track }) => {
      this.speaker.srcObject = streams[0] ?? new MediaStream([track]);
      void this.speaker.play().catch(() => this.setCall({ audio: "broken" }));
    });
    peer.addEventListener("connectionstatechange", () => {
      if (peer.connectionState === "connected") this.setCall({ audio: "on" });
      if (peer.connectionState === "disconnected" || peer.connectionState === "failed")
        this.setCall({ audio: "broken" });
    });
  }

  private over(session: Session): void {
    if (this.session !== session) return;
    this.session = undefined;
    this.tone.stop();
    this.speaker.srcObject = null;
    closeStream(this.voice);
    this.voice = undefined;
    delete window.linekeeperPeer;
    this.set({ call: undefined });
  }

  private setCall(change: Partial<PhoneCall>): void {
    if (this.now.call) this.set({ call: { ...this.now.call, ...change } });
  }

  private set(change: Partial<PhoneState>): void {
    this.now = { ...this.now, ...change };
    for (const reader of this.readers) reader();
  }
}

function socketAddress(path: string): string {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
