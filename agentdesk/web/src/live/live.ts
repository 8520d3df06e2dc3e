// The live websocket: one connection, reconnected for as long as the console
// is signed in, and the board it keeps up to date. Lives outside React; views
// read it by useSyncExternalStore (use.ts).
import { backoff } from "./backoff";
import { ServerClock } from "./clock";
import { Seconds } from "./now";
import { apply, type Board, decode, emptyBoard, type Message } from "./state";

/** A server that says nothing for this long is gone: it promises a beat every 10 s. */
const silence = 25_000;

export type Link =
  | "connecting" // the first connection is on its way
  | "live" // the board is as the server sees it
  | "lost"; // what the page shows is old; reconnecting

export type Live = { board: Board; link: Link; heardAt: number };

type Ends = {
  /** The server closed the session; the console shows the sign-in page. */
  signedOut: () => void;
  /** A connection was refused; ask whether the session still holds. */
  refused: () => void;
};

export class LiveDesk {
  readonly clock = new ServerClock();
  readonly seconds = new Seconds(this.clock);
  private now: Live = { board: emptyBoard, link: "connecting", heardAt: Date.now() };
  private readonly readers = new Set<() => void>();
  private socket: WebSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private tries = 0;
  private stopped = false;

  constructor(
    private readonly url: string,
    private readonly ends: Ends,
  ) {}

  start(): void {
    this.stopped = false;
    window.addEventListener("online", this.hurry);
    document.addEventListener("visibilitychange", this.hurry);
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    window.removeEventListener("online", this.hurry);
    document.removeEventListener("visibilitychange", this.hurry);
    clearTimeout(this.timer);
    this.drop();
  }

  get = (): Live => this.now;

  subscribe = (reader: () => void): (() => void) => {
    this.readers.add(reader);
    return () => this.readers.delete(reader);
  };

  /** Tells the server that the screen pop of an offer is on the page. */
  popped(offer: string): void {
    if (this.socket?.readyState === WebSocket.OPEN)
      this.socket.send(JSON.stringify({ type: "popped", offer }));
  }

  private connect(): void {
    clearTimeout(this.timer);
    this.drop();
    const seq = this.now.board.seq;
    const socket = new WebSocket(seq === undefined ? this.url : `${this.url}?since=${seq}`);
    this.socket = socket;
    let spoke = false;
    socket.onmessage = (event) => {
      const message = typeof event.data === "string" ? decode(event.data) : undefined;
      if (!message) return;
      if (!spoke) this.clock.reset();
      spoke = true;
      this.tries = 0;
      this.hear(message);
    };
    socket.onclose = () => {
      if (!spoke) this.ends.refused();
      this.lose();
    };
    this.watch();
  }

  private hear(message: Message): void {
    if ("at" in message) this.clock.hear(Date.parse(message.at), Date.now());
    this.watch();
    if (message.type === "bye") {
      if (message.reason === "signed-out") this.ends.signedOut();
      else this.lose();
      return;
    }
    this.set({ board: apply(this.now.board, message), link: "live", heardAt: Date.now() });
  }

  /** Restarts the watch for silence; a connection that never opens counts too. */
  private watch(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.lose(), silence);
  }

  private lose(): void {
    this.drop();
    if (this.stopped) return;
    if (this.now.link === "live" || this.tries > 0) this.set({ ...this.now, link: "lost" });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), backoff(this.tries++, Math.random()));
  }

  /** The machine woke up or the network is back: do not sit out the wait. */
  private readonly hurry = (): void => {
    if (!document.hidden && this.socket === undefined && !this.stopped) this.connect();
  };

  private drop(): void {
    const socket = this.socket;
    this.socket = undefined;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  private set(next: Live): void {
    this.now = next;
    for (const reader of this.readers) reader();
  }
}
