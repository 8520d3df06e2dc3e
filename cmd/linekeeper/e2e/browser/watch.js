// Runs in every page before the console does, and notes when things reach it:
// the INVITE (the softphone's websocket) and the screen pop (painted). Both are
// milliseconds since the epoch by the page's own clock, so that they compare.
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const seen = { invites: [], pops: [], pwned: 0 };
  Object.defineProperty(window, "e2e", { value: seen });

  // What a hostile caller's script would call.
  window.pwned = () => {
    seen.pwned++;
  };
  window.alert = window.pwned;

  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", ({ data }) => {
        if (typeof data === "string" && data.startsWith("INVITE ")) seen.invites.push(now());
      });
    }
  };

  // A frame callback runs before the paint, a message posted in it after.
  const painted = (done) =>
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(0);
    });
  let shown = null;
  new MutationObserver(() => {
    const pop = document.querySelector("[data-testid=pop]");
    if (pop && pop !== shown) painted(() => seen.pops.push(now()));
    shown = pop;
  }).observe(document, { childList: true, subtree: true });
})();
