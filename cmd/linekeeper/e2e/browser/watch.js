// Runs in every page before the console does, and notes when things reach it:
// the INVITE (the softphone's websocket) and the screen pop (when it came into the
// document, and when it was painted). All are milliseconds since the epoch by the page's
// own clock, so that they compare. Of each
// websocket it notes when it was tried and when it was over; of each time that the
// softphone asks whether its line lives, when it asked and had its answer; and what links
// the console opens.
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const seen = { invites: [], pops: [], ways: [], asked: [], opened: [], pwned: 0 };
  const sockets = [];
  Object.defineProperty(window, "e2e", { value: seen });

  // Cuts the page's websockets to a path, as a network does. How many there were.
  Object.defineProperty(seen, "cut", {
    value: (path) => {
      const open = sockets.filter((one) => one.readyState === 1 && new URL(one.url).pathname === path);
      for (const one of open) one.close();
      return open.length;
    },
  });

  // What a hostile caller's script would call.
  window.pwned = () => {
    seen.pwned++;
  };
  window.alert = window.pwned;

  // What the console opens beside itself.
  const open = window.open;
  window.open = (url, ...more) => {
    seen.opened.push(String(url));
    return open.call(window, url, ...more);
  };

  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...args) {
      super(...args);
      sockets.push(this);
      const way = { path: new URL(this.url).pathname, tried: now() };
      seen.ways.push(way);
      this.addEventListener("close", () => {
        way.over = now();
      });
      this.addEventListener("message", ({ data }) => {
        if (typeof data !== "string") return;
        if (data.startsWith("INVITE ")) seen.invites.push(now());
        if (/^SIP\/2\.0 (?!401)[^]*^CSeq: \d+ OPTIONS\r$/im.test(data)) seen.asked.at(-1).over = now();
      });
    }
    send(data) {
      // One that is challenged is sent again: it began with the first.
      if (typeof data === "string" && data.startsWith("OPTIONS ") && !/^Authorization:/im.test(data))
        seen.asked.push({ tried: now() });
      super.send(data);
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
    if (pop && pop !== shown) {
      const one = { came: now() };
      seen.pops.push(one);
      painted(() => {
        one.painted = now();
      });
    }
    shown = pop;
  }).observe(document, { childList: true, subtree: true });
})();
