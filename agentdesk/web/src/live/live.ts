// The live websocket: one connection, reconnected for as long as the console
// is signed in, and the board it keeps up to date. Lives outside React; views
// read it by useSyncExternalStore (use.ts).
import { backoff } from "./backoff";
import { ServerClock } from "./clock";
import { Seconds } from "./now";
import { watchSleep } from "./sleep";
import { apply, type Board, decode, emptyBoard, type Message } from "./state";

/** A server that says nothing for this long is gone: it promises a beat every 10 s. */
const silence = 25_000;

/**
 * A connection that nobody opens for this long is tried anew, in ms. (Who opens one sends
 * the first packet again after 1, 3 and 7 s: within 8 s a network that is back is never
 * missed for longer than 4.)
 */
const opening = 8_000;

/** After a sleep, or with the network back, the truth must be here within 5 s: no longer wait then, in ms. */
const wakeUp = 3_000;

export type Link =
  | "connecting" // the first connection is on its way
  | "live" // the board is as the server sees it
  | "lost"; // what the page shows is old; reconnecting

/** Whether this page has its agent's phone; undefined until the server says so. */
export type Held = { here: boolean; taken?: boolean } | undefined;

export type Live = { board: Board; link: Link; heardAt: number; phone: Held };

/** What the page knows of its own microphone, phone and network (asyncapi.yaml, health). */
export type Health = {
  microphone: "unknown" | "ready" | "other" | "denied" | "missing" | "insecure";
  line: "starting" | "registered" | "lost" | "refused" | "elsewhere";
  network: "unknown" | "good" | "poor";
};

type Ends = {
  /** The server closed the session; the console shows the sign-in page. */
  signedOut: () => void;
  /** A connection was refused; ask whether the session still holds. */
  refused: () => void;
  /** The page ran again after it stood still for `slept` ms. */
  woke: (slept: number) => void;
};

export class LiveDesk {
  readonly clock = new ServerClock();
  readonly seconds = new Seconds(this.clock);
  private now: Live = { board: emptyBoard, link: "connecting", heardAt: Date.now(), phone: undefined };
  private readonly readers = new Set<() => void>();
  private readonly backs = new Set<() => void>();
  private socket: WebSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private tries = 0;
  private stopped = true;
  private tab: string | undefined;
  private health: Health | undefined;
  private endSleep: (() => void) | undefined;

  constructor(
    private readonly url: string,
    private readonly ends: Ends,
  ) {}

  /** `tab` is this page's own name, given when the page can have its agent's phone. */
  start(tab?: string): void {
    this.stopped = false;
    this.tab = tab;
    this.endSleep = watchSleep((slept) => this.woke(slept));
    window.addEventListener("online", this.netBack);
    document.addEventListener("visibilitychange", this.hurry);
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.endSleep?.();
    window.removeEventListener("online", this.netBack);
    document.removeEventListener("visibilitychange", this.hurry);
    clearTimeout(this.timer);
    this.drop();
  }

  get = (): Live => this.now;

  subscribe = (reader: () => void): (() => void) => {
    this.readers.add(reader);
    return () => this.readers.delete(reader);
  };

  /**
   * Calls back each time the server is there: a new connection has spoken. Also when the
   * page never saw that the old one was dead. Returns the end of it.
   */
  whenBack = (act: () => void): (() => void) => {
    this.backs.add(act);
    return () => this.backs.delete(act);
  };

  /** Tells the server that the screen pop of an offer is on the page. */
  popped(offer: string): void {
    this.say({ type: "popped", offer });
  }

  /** This page is to have the agent's phone from now on. */
  take(): void {
    this.say({ type: "take" });
  }

  /** Keeps the server informed of the page's health: now, when it changes, and with each beat. */
  tell(health: Health): void {
    const { microphone, line, network } = health;
    const old = this.health;
    if (old?.microphone === microphone && old.line === line && old.network === network) return;
    this.health = health;
    this.tellHealth();
  }

  private tellHealth(): void {
    if (this.health && this.tab && this.now.phone) this.say({ type: "health", ...this.health });
  }

  private say(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** Where to connect, and from which state on. */
  private address(): string {
    const { seq, epoch } = this.now.board;
    const query = new URLSearchParams();
    if (seq !== undefined && epoch) {
      query.set("since", String(seq));
      query.set("epoch", epoch);
    }
    if (this.tab) query.set("tab", this.tab);
    return query.size > 0 ? `${this.url}?${query}` : this.url;
  }

  private connect(patience = opening): void {
    clearTimeout(this.timer);
    this.drop();
    const socket = new WebSocket(this.address());
    this.socket = socket;
    let spoke = false;
    socket.onopen = () => this.watch(silence);
    socket.onmessage = (event) => {
      const message = typeof event.data === "string" ? decode(event.data) : undefined;
      if (!message) return;
      const first = !spoke;
      if (first) this.clock.reset();
      spoke = true;
      this.tries = 0;
      this.hear(message);
      if (first && message.type !== "bye") for (const act of this.backs) act();
    };
    socket.onclose = () => {
      if (!spoke) this.ends.refused();
      this.lose();
    };
    this.watch(patience);
  }

  private hear(message: Message): void {
    if ("at" in message) this.clock.hear(Date.parse(message.at), Date.now());
    this.watch(silence);
    if (message.type === "bye") {
      if (message.reason === "signed-out") this.ends.signedOut();
      else this.lose();
      return;
    }
    const phone = message.type === "phone" ? { here: message.here, taken: message.taken } : this.now.phone;
    this.set({ board: apply(this.now.board, message), link: "live", heardAt: Date.now(), phone });
    if (message.type === "beat" || message.type === "phone") this.tellHealth();
  }

  /** Restarts the watch for silence, or for a connection that does not open. */
  private watch(patience: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.lose(), patience);
  }

  private lose(): void {
    this.drop();
    if (this.stopped) return;
    if (this.now.link === "live" || this.tries > 0) this.set({ ...this.now, link: "lost" });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), backoff(this.tries++, Math.random()));
  }

  /** A socket that slept may look open and be dead: a new one, from where the board stands, is sure. */
  private woke(slept: number): void {
    if (this.stopped) return;
    this.connect(wakeUp);
    this.ends.woke(slept);
  }

  /** What looks open may be dead, and what is on its way lost; also on a page that nobody sees. */
  private readonly netBack = (): void => {
    this.tries = 0;
    this.connect(wakeUp);
  };

  /** The page is seen again: do not sit out the wait. */
  private readonly hurry = (): void => {
    if (!document.hidden && this.socket === undefined && !this.stopped) this.connect();
  };

  private drop(): void {
    const socket = this.socket;
    this.socket = undefined;
    if (!socket) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  private set(next: Live): void {
    this.now = next;
    for (const reader of this.readers) reader();
  }
}
