// How well the sound travels, from the browser's own counters (W3C webrtc-stats).

/** Counters so far, both ways. */
export type Counters = { received: number; lost: number; farLost: number; roundTripMs: number };

/** What of a talk's sound is bad: percent of packets lost, and how long they travel there and back. */
export type Poor = { loss: number; roundTripMs: number };

/** From here on speech suffers: percent of packets, and ms (asyncapi.yaml, Network). */
const tooLossy = 3;
const tooSlow = 300;

/** Reads the counters of a report; undefined when no sound has come yet. */
export function countersOf(report: Iterable<Record<string, unknown>>): Counters | undefined {
  const counters: Counters = { received: 0, lost: 0, farLost: 0, roundTripMs: 0 };
  let heard = false;
  for (const one of report) {
    if (one.kind !== "audio") continue;
    if (one.type === "inbound-rtp") {
      heard = true;
      counters.received += Number(one.packetsReceived ?? 0);
      counters.lost += Number(one.packetsLost ?? 0);
    }
    // What the far side told of our sound in its last RTCP report (RFC 3550, 6.4.1).
    if (one.type === "remote-inbound-rtp") {
      counters.farLost = Number(one.fractionLost ?? 0) * 100;
      counters.roundTripMs = Number(one.roundTripTime ?? 0) * 1_000;
    }
  }
  return heard ? counters : undefined;
}

/** Between two looks: the worse of both ways; undefined while speech does not suffer. */
export function poorBetween(before: Counters, now: Counters): Poor | undefined {
  const lost = Math.max(0, now.lost - before.lost);
  const all = lost + Math.max(0, now.received - before.received);
  const loss = Math.round(Math.max(all > 0 ? (lost / all) * 100 : 0, now.farLost));
  const roundTripMs = Math.round(now.roundTripMs);
  return loss >= tooLossy || roundTripMs >= tooSlow ? { loss, roundTripMs } : undefined;
}

/** Looks every 2 s until ended; two looks in a row decide, so that one hiccup is not told. */
export function watchQuality(peer: RTCPeerConnection, told: (poor: Poor | undefined) => void): () => void {
  let before: Counters | undefined;
  let bad = 0;
  const timer = setInterval(async () => {
    const report = await peer.getStats().catch(() => undefined);
    const now = report && countersOf([...report.values()]);
    if (before && now) {
      const poor = poorBetween(before, now);
      bad = poor ? Math.min(2, bad + 1) : Math.max(0, bad - 1);
      if (poor && bad === 2) told(poor);
      else if (bad === 0) told(undefined);
    }
    before = now;
  }, 2_000);
  return () => clearInterval(timer);
}
