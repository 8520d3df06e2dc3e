// Whether a phone's line lives. A socket may look open and be dead: after a sleep, on
// another network, behind a router that was started anew. Nobody is told of it, so the
// other side is asked; a line that says nothing is opened anew.
import type JsSIP from "jssip";

type UA = InstanceType<typeof JsSIP.UA>;

/** What JsSIP does not declare of its user agent: the socket's owner, and a question. */
type Wire = {
  transport: { connect(): void; disconnect(): void; isConnecting(): boolean };
  sendOptions(to: string, body: undefined, options: { eventHandlers: object }): void;
};

/** How long the line may say nothing before it is taken for dead, in ms. */
const patience = 2_500;

/** The same in a call: one that is opened anew makes the call tell its new address. */
const patienceInCall = 5_500;

/** After that: a page that stood still itself hears first what came meanwhile, in ms. */
const hearing = 500;

export class Pulse {
  private readonly wire: Wire;
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ua: UA,
    private readonly uri: string,
    private readonly inCall: () => boolean,
  ) {
    this.wire = ua as unknown as Wire;
    ua.on("connected", this.rest);
    ua.on("registered", this.rest);
    ua.on("registrationFailed", ({ response }) => response && this.rest());
    ua.on("newRTCSession", this.rest);
    ua.on("disconnected", this.rest); // seen by itself
  }

  /**
   * Something tells that the line may be dead, or that it could be well again: it is tried
   * without a wait, one question at a time. A call that goes on does not notice.
   */
  feel(): void {
    if (this.waiting !== undefined) return;
    const { transport } = this.wire;
    const open = this.ua.isConnected();
    if (!open && !transport.isConnecting()) {
      transport.connect();
      return;
    }
    this.wait(this.inCall() ? patienceInCall : patience);
    if (!open) return; // on its way, perhaps since before the network was back
    if (this.ua.isRegistered()) this.ask();
    else this.ua.register();
  }

  /** The line has spoken, or is not to be felt any more. */
  readonly rest = (): void => {
    clearTimeout(this.waiting);
    this.waiting = undefined;
  };

  private wait(long: number): void {
    this.waiting = setTimeout(() => {
      this.waiting = setTimeout(() => this.anew(), hearing);
    }, long);
  }

  /** Any answer will do: also one that says no comes from somebody who is there. */
  private ask(): void {
    const failed = ({ originator }: { originator: string }) => originator === "remote" && this.rest();
    this.wire.sendOptions(this.uri, undefined, { eventHandlers: { succeeded: this.rest, failed } });
  }

  private anew(): void {
    this.rest();
    this.wire.transport.disconnect();
    this.wire.transport.connect();
  }
}
