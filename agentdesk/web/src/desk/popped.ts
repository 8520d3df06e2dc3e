// The acknowledgement that a screen pop is on the page: the phone rings after
// it, so it must be neither early (nothing to see yet) nor late.

/** The page is visible but no frame comes (a covered window): do not hold the phone longer. */
const patience = 120;

/**
 * Calls `done` once after what is in the document now was painted. A frame
 * callback runs before the paint and a message posted in it after, sooner than
 * a second frame would. A hidden page paints nothing and gets no frames: there
 * the document is all the page has, so `done` comes at once.
 * Returns the end of it.
 */
export function whenPainted(done: () => void): () => void {
  const channel = new MessageChannel();
  let over = false;
  const end = () => {
    over = true;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", post);
    channel.port1.close();
  };
  const post = () => channel.port2.postMessage(undefined);
  channel.port1.onmessage = () => {
    if (over) return;
    end();
    done();
  };
  const frame = requestAnimationFrame(post);
  const timer = setTimeout(post, patience);
  // Hidden meanwhile: the frame asked for may not come.
  document.addEventListener("visibilitychange", post);
  if (document.hidden) post();
  return end;
}
