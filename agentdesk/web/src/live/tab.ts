// This page's own name, by which the server knows it again after a reload
// (asyncapi.yaml, "One page has the phone"). A duplicated tab copies
// sessionStorage; the Web Lock of the name tells, and the copy takes another.

const place = "linekeeper.tab";

/** A page that was reloaded lets go of its lock a moment after the new one asks, in ms. */
const patience = 400;

export async function tabName(): Promise<string> {
  const known = sessionStorage.getItem(place);
  if (known && (await lock(known))) return known;
  const name = newName();
  await lock(name);
  sessionStorage.setItem(place, name);
  return name;
}

/** 128 bits by chance, in letters and digits. (randomUUID needs a secure context.) */
function newName(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
}

/** Holds the name for as long as the page lives; false when another page does. */
function lock(name: string): Promise<boolean> {
  if (!navigator.locks) return Promise.resolve(true); // no secure context: no softphone either
  return new Promise((resolve) => {
    navigator.locks
      .request(`linekeeper.tab.${name}`, { signal: AbortSignal.timeout(patience) }, () => {
        resolve(true);
        return new Promise<never>(() => {}); // until the page goes
      })
      .catch(() => resolve(false));
  });
}
