// A machine that slept or a tab that the browser put to sleep does not know it:
// its timers just did not run. The gap between them tells.

/** Timers that run this much late were not only busy, in ms. */
const nap = 4_000;
const pace = 1_000;

/**
 * Calls back when the page runs again after its timers stood still, once it can
 * be seen: a hidden page's timers are slowed on purpose and nobody looks.
 * `slept` is in ms. Returns the end of it.
 */
export function watchSleep(woke: (slept: number) => void): () => void {
  let last = Date.now();
  let slept = 0;
  const look = () => {
    const late = Date.now() - last - pace;
    last = Date.now();
    if (late >= nap) slept += late;
    if (document.hidden || slept === 0) return;
    const whole = slept;
    slept = 0;
    woke(whole);
  };
  const timer = setInterval(look, pace);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("resume", look); // Page Lifecycle: the browser froze the tab
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
    document.removeEventListener("resume", look);
  };
}
