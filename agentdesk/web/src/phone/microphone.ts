// The microphone, asked for before it is needed: a browser that takes the
// permission away must show on the desk at once, not at the next call.
import type { Device } from "./devices";

export type Mic =
  | "unknown" // not asked yet
  | "ready"
  | "other" // the chosen one is not there; the system's own is used
  | "denied" // the person or the browser said no
  | "missing" // there is none
  | "insecure"; // the page is not served over https, the browser gives none

/** One that can be heard. */
export type Open = "ready" | "other";

const wish = (device?: Device): MediaStreamConstraints => ({
  audio: {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...(device ? { deviceId: { exact: device.id } } : {}),
  },
  video: false,
});

export type Grant = { mic: Open; stream: MediaStream } | { mic: Exclude<Mic, Open>; stream?: undefined };

/** Opens the microphone chosen, or the system's own without it; whoever gets a stream stops its tracks. */
export async function openMicrophone(device: Device | undefined): Promise<Grant> {
  if (!navigator.mediaDevices) return { mic: "insecure" };
  const grant = await open(device);
  if (!device || grant.mic !== "missing") return grant;
  const other = await open(undefined);
  return other.stream ? { ...other, mic: "other" } : other;
}

async function open(device: Device | undefined): Promise<Grant> {
  try {
    return { mic: "ready", stream: await navigator.mediaDevices.getUserMedia(wish(device)) };
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    return { mic: name === "NotAllowedError" || name === "SecurityError" ? "denied" : "missing" };
  }
}

export function closeStream(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Tries the microphone once, without keeping it. */
export async function tryMicrophone(device: Device | undefined): Promise<Mic> {
  const grant = await openMicrophone(device);
  closeStream(grant.stream);
  return grant.mic;
}

export const canHear = (mic: Mic): mic is Open => mic === "ready" || mic === "other";

/** Calls back whenever the permission or the devices change. Returns the end of it. */
export function watchMicrophone(changed: () => void): () => void {
  const watch = new AbortController();
  navigator.mediaDevices?.addEventListener("devicechange", changed, { signal: watch.signal });
  navigator.permissions
    ?.query({ name: "microphone" as PermissionName })
    .then((status) => status.addEventListener("change", changed, { signal: watch.signal }))
    .catch(() => {}); // a browser without that name: the next call tells
  return () => watch.abort();
}
