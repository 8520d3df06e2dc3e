// The microphone, asked for before it is needed: a browser that takes the
// permission away must show on the desk at once, not at the next call.

export type Mic =
  | "unknown" // not asked yet
  | "ready"
  | "denied" // the person or the browser said no
  | "missing" // there is none
  | "insecure"; // the page is not served over https, the browser gives none

const wish: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  video: false,
};

export type Grant = { mic: "ready"; stream: MediaStream } | { mic: Exclude<Mic, "ready"> };

/** Opens the microphone; whoever gets a stream stops its tracks. */
export async function openMicrophone(): Promise<Grant> {
  if (!navigator.mediaDevices) return { mic: "insecure" };
  try {
    return { mic: "ready", stream: await navigator.mediaDevices.getUserMedia(wish) };
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    return { mic: name === "NotAllowedError" || name === "SecurityError" ? "denied" : "missing" };
  }
}

export function closeStream(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Tries the microphone once, without keeping it. */
export async function tryMicrophone(): Promise<Mic> {
  const grant = await openMicrophone();
  if (grant.mic === "ready") closeStream(grant.stream);
  return grant.mic;
}

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
