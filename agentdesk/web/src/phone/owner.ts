// One account has one phone. Of several tabs one holds it (Web Locks); the
// others say so and can take it over, so that no call rings where nobody looks.

export type Hold = { takeOver: () => void; release: () => void };

type Turns = {
  /** This tab has the phone now. */
  held: () => void;
  /** Another tab has it; we take our turn when that one closes. */
  elsewhere: () => void;
};

/** Asks for the phone of an account until released. */
export function holdPhone(account: string, turns: Turns): Hold {
  const name = `linekeeper.phone.${account}`;
  // Without locks (no secure context) the browser gives no microphone either.
  if (!navigator.locks) {
    turns.held();
    return { takeOver: () => {}, release: () => {} };
  }
  let letGo: (() => void) | undefined;
  let waiting = new AbortController();

  const keep = () =>
    new Promise<void>((resolve) => {
      letGo = resolve;
      turns.held();
    });
  const wait = () => {
    waiting = new AbortController();
    navigator.locks.request(name, { signal: waiting.signal }, keep).catch(lost);
  };
  // The promise of a held lock fails when another tab steals it.
  const lost = () => {
    if (!letGo || waiting.signal.aborted) return;
    letGo = undefined;
    turns.elsewhere();
    wait();
  };
  navigator.locks
    .request(name, { ifAvailable: true }, (lock) => {
      if (lock) return keep();
      turns.elsewhere();
      wait();
      return undefined;
    })
    .catch(lost);

  return {
    takeOver: () => {
      waiting.abort();
      waiting = new AbortController();
      navigator.locks.request(name, { steal: true }, keep).catch(lost);
    },
    release: () => {
      waiting.abort();
      letGo?.();
      letGo = undefined;
    },
  };
}
