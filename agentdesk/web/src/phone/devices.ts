// Which microphone, speaker and ringer this browser uses, how it rings and
// whether it notifies. Kept per browser: devices belong to a place, not to a
// person. Lives outside React.
import { useSyncExternalStore } from "react";

/** A device as it was when chosen; its label tells which one is missing when it is not plugged in. */
export type Device = { id: string; label: string };

export const rings = ["chime", "classic", "soft", "bright"] as const;
export type Ring = (typeof rings)[number];

export type Devices = {
  /** Undefined: the system's own choice. */
  mic: Device | undefined;
  speaker: Device | undefined;
  ringer: Device | undefined;
  ring: Ring;
  /** 0 to 100. */
  volume: number;
  /** Tell of calls by desktop notification when the page is hidden. */
  notify: boolean;
};

export const firstDevices: Devices = {
  mic: undefined,
  speaker: undefined,
  ringer: undefined,
  ring: "chime",
  volume: 60,
  notify: false,
};

const place = "linekeeper.devices";

/** Reads what is kept, each part by itself: one that is not understood is as at first. */
export function readDevices(text: string | null): Devices {
  let kept: Record<string, unknown> = {};
  try {
    const raw: unknown = JSON.parse(text ?? "{}");
    if (raw && typeof raw === "object") kept = raw as Record<string, unknown>;
  } catch {
    // not ours, or cut short
  }
  const volume = Number(kept.volume ?? firstDevices.volume);
  return {
    mic: deviceOf(kept.mic),
    speaker: deviceOf(kept.speaker),
    ringer: deviceOf(kept.ringer),
    ring: rings.find((one) => one === kept.ring) ?? firstDevices.ring,
    volume: Number.isFinite(volume) ? Math.min(100, Math.max(0, Math.round(volume))) : firstDevices.volume,
    notify: kept.notify === true,
  };
}

function deviceOf(raw: unknown): Device | undefined {
  if (!raw || typeof raw !== "object" || !("id" in raw) || typeof raw.id !== "string" || !raw.id)
    return undefined;
  return { id: raw.id, label: "label" in raw && typeof raw.label === "string" ? raw.label : "" };
}

let now: Devices | undefined;
const readers = new Set<() => void>();

export const devicesNow = (): Devices => {
  now ??= readDevices(localStorage.getItem(place));
  return now;
};

export function subscribeDevices(reader: () => void): () => void {
  if (readers.size === 0) addEventListener("storage", stored);
  readers.add(reader);
  return () => {
    readers.delete(reader);
    if (readers.size === 0) removeEventListener("storage", stored);
  };
}

/** Another tab of this browser chose. */
function stored(event: StorageEvent): void {
  if (event.key !== place) return;
  now = readDevices(event.newValue);
  tell();
}

export function setDevices(change: Partial<Devices>): void {
  now = { ...devicesNow(), ...change };
  localStorage.setItem(place, JSON.stringify(now));
  tell();
}

function tell(): void {
  for (const reader of readers) reader();
}

export const useDevices = (): Devices => useSyncExternalStore(subscribeDevices, devicesNow);

export type Plugged = { mics: Device[]; speakers: Device[] };

/**
 * What is plugged in, without the browser's doubles for "default" and
 * "communications". Before the microphone is allowed browsers hide what there is.
 */
export async function listDevices(): Promise<Plugged> {
  const all = await whatThereIs();
  const of = (kind: MediaDeviceKind) =>
    all
      .filter((one) => one.kind === kind && !["", "default", "communications"].includes(one.deviceId))
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { mics: of("audioinput"), speakers: of("audiooutput") };
}

const whatThereIs = async (): Promise<MediaDeviceInfo[]> =>
  (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];

/** Calls back whenever something was plugged in or out. Returns the end of it. */
export function watchPlugs(changed: () => void): () => void {
  const watch = new AbortController();
  navigator.mediaDevices?.addEventListener("devicechange", changed, { signal: watch.signal });
  return () => watch.abort();
}

/** Whether this browser lets a page choose where sound comes out. */
export const choosesOutput = (): boolean => "setSinkId" in HTMLMediaElement.prototype;

/** Sends an element's sound to a device; to the system's own choice while that one is not plugged in. */
export async function playOn(element: HTMLMediaElement, device: Device | undefined): Promise<void> {
  if (!choosesOutput()) return;
  const id = device && !(await isGone(device)) ? device.id : "";
  await element.setSinkId(id).catch(() => element.setSinkId("").catch(() => {}));
}

/**
 * Whether a device is seen to be unplugged. It must be looked for: an element that is
 * on it already stays there without a word, and is heard by nobody. Where the browser
 * hides what there is, the device is to be tried.
 */
async function isGone({ id }: Device): Promise<boolean> {
  const outputs = (await whatThereIs()).filter(({ kind, deviceId }) => kind === "audiooutput" && deviceId);
  return outputs.length > 0 && !outputs.some(({ deviceId }) => deviceId === id);
}
