// The agent's voice in one call: the microphone while it is open, and the way
// to change it while talking. A microphone that is pulled out or taken away
// never ends the call: it is opened again as soon as there is one.
import { type Device, devicesNow } from "./devices";
import { closeStream, type Mic, openMicrophone } from "./microphone";

export class Voice {
  private stream: MediaStream | undefined;
  private sender: RTCRtpSender | undefined;
  private device: Device | undefined;
  private muted = false;
  private turn = 0; // each opening or closing is one; a late answer of an older one is put away

  /** `gone` is called when an open microphone ends by itself. */
  constructor(private readonly gone: () => void) {}

  /** The microphone is open and gives sound, from the device that is chosen. */
  get good(): boolean {
    const track = this.stream?.getAudioTracks()[0];
    return track?.readyState === "live" && this.device?.id === devicesNow().mic?.id;
  }

  get on(): boolean {
    return this.sender !== undefined;
  }

  /** Opens the chosen microphone for a call about to be answered. */
  async open(): Promise<{ mic: Mic; stream?: MediaStream | undefined }> {
    const turn = ++this.turn;
    const device = devicesNow().mic;
    const grant = await openMicrophone(device);
    if (turn !== this.turn) {
      closeStream(grant.stream);
      return { mic: grant.mic };
    }
    if (grant.stream) this.take(grant.stream, device);
    return grant;
  }

  /** The connection the voice goes into, once there is one. */
  into(peer: RTCPeerConnection): void {
    this.sender = peer.getSenders().find((sender) => sender.track?.kind === "audio");
  }

  /** Opens the microphone again and puts it in the place of the one before, without a new offer. */
  async renew(): Promise<Mic> {
    const { mic, stream } = await this.open();
    const track = stream?.getAudioTracks()[0];
    if (track) await this.sender?.replaceTrack(track);
    return mic;
  }

  mute(muted: boolean): void {
    this.muted = muted;
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = !muted;
  }

  close(): void {
    this.turn++;
    closeStream(this.stream);
    this.stream = undefined;
    this.sender = undefined;
    this.muted = false;
  }

  private take(stream: MediaStream, device: Device | undefined): void {
    closeStream(this.stream);
    this.stream = stream;
    this.device = device;
    for (const track of stream.getAudioTracks()) {
      track.enabled = !this.muted;
      // stop() ends a track without this event: only the browser or the plug does.
      track.addEventListener("ended", () => this.stream === stream && this.gone());
    }
  }
}
