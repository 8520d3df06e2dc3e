// Who works by keys does not lose their place when what they pressed goes from the page,
// with its row, its card or its stage: the focus comes to what stands nearest. What is
// over the page (a dialog, a menu) gives the focus back by itself as it closes; where it
// cannot, as what had opened it is gone or another one stood there before, it comes to
// where it was on the page itself. What was said (say.tsx, Notices.tsx) lies over all of
// that: whoever comes by its buttons has left nothing.

/** The elements around one another, from the inside out. */
type Path = readonly Element[];

const saidOverAll = "[data-react-aria-top-layer]";

/** Looks after the focus until the returned end is called; `page` is what lies under dialogs and menus. */
export function keepFocus(page: Element): () => void {
  let onPage: Path = [];
  let under: Path = [];
  let path: Path = [];
  const follow = ({ target }: FocusEvent) => {
    if (!(target instanceof Element)) return;
    const said = target.closest(saidOverAll);
    if (said) path = [...around(target, said.parentElement), ...under];
    else if (page.contains(target)) path = under = onPage = around(target);
    else path = under = [...around(target), ...onPage];
  };
  const wait = twoFrames(() => isLost(path) && placeOn(path)?.focus({ preventScroll: true }));
  const watcher = new MutationObserver(() => isLost(path) && wait.begin());
  document.addEventListener("focusin", follow);
  watcher.observe(document.body, { childList: true, subtree: true });
  return () => {
    document.removeEventListener("focusin", follow);
    watcher.disconnect();
    wait.end();
  };
}

/** Whoever clicks beside everything, or works elsewhere, has lost nothing. */
const isLost = ([last]: Path): boolean =>
  last !== undefined && !last.isConnected && document.activeElement === document.body;

function around(element: Element, end: Element | null = document.body): Path {
  const path: Element[] = [];
  for (let one: Element | null = element; one && one !== end; one = one.parentElement) path.push(one);
  return path;
}

const mayHaveFocus = "a[href], button, input, select, textarea, summary, [tabindex]";

/** The first of a path that is still there and can have the focus, or the card or the page in it. */
function placeOn(path: Path): HTMLElement | undefined {
  for (const one of path.filter((one) => one.isConnected)) {
    const place = one.matches(mayHaveFocus)
      ? one
      : (one.querySelector("section[tabindex]") ?? one.querySelector("main"));
    if (place instanceof HTMLElement) return place;
  }
  return undefined;
}

/** Overlays give the focus back a frame after they went: they come first. */
function twoFrames(act: () => void) {
  let frame = 0;
  const next = (left: number) => {
    frame = requestAnimationFrame(() => {
      frame = 0;
      if (left > 1) next(left - 1);
      else act();
    });
  };
  return { begin: () => void (frame || next(2)), end: () => cancelAnimationFrame(frame) };
}
