const first = 250;
const last = 3_000;

/**
 * How long to wait before the n-th try to reconnect (from 0), in ms: doubling
 * from 250 ms to 3 s, the upper half of it by chance, so that a hall full of
 * consoles does not come back as one. `chance` is in [0, 1). A page promises to
 * be right within 5 s of its server's return: what is not waited here is for
 * connecting and drawing.
 */
export function backoff(tries: number, chance: number): number {
  const full = Math.min(last, first * 2 ** Math.min(tries, 10));
  return full / 2 + (chance * full) / 2;
}
