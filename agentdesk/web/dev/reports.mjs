// The mock's reports: a week of the floor in world.mjs. Yesterday nobody called.
const day = 24 * 3_600_000;

const callbacks = [
  {
    queue: "support-n2",
    asked: 5,
    waiting: 0,
    reached: 4,
    expired: 0,
    cancelled: 1,
    resumed: 0,
    lost: 0,
    tries: 6,
    waited_s: 1_884,
    longest_s: 4_250,
  },
  {
    queue: "support-n1",
    asked: 37,
    waiting: 2,
    reached: 26,
    expired: 4,
    cancelled: 2,
    resumed: 3,
    lost: 0,
    tries: 41,
    waited_s: 742,
    longest_s: 3_105,
  },
  {
    queue: "bench",
    asked: 1,
    waiting: 0,
    reached: 0,
    expired: 1,
    cancelled: 0,
    resumed: 0,
    lost: 0,
    tries: 3,
  },
];

const overflows = [
  { queue: "support-n1", cause: "max-wait", to: "queue", target: "support-n2", calls: 9 },
  { queue: "support-n1", cause: "key", to: "voicemail", calls: 4 },
  { queue: "support-n1", cause: "full", to: "busy", calls: 2 },
  { queue: "support-n2", cause: "join-empty", to: "number", target: "+33199000500", calls: 3 },
  { queue: "support-n2", cause: "empty", to: "flow", target: "accueil", calls: 1 },
];

const waits = [
  {
    queue: "support-n1",
    answered: 34,
    told: 28,
    within: 22,
    sooner: 4,
    later: 2,
    share_percent: 78.6,
    actual_s: 118,
    low_s: 70,
    high_s: 190,
    off_s: 14,
  },
  { queue: "support-n2", answered: 4, told: 0, within: 0, sooner: 0, later: 0 },
];

const reports = { callbacks, overflows, waits };

/** One report of a period, as the server gives it. */
export function report(which, from, to) {
  const days = to ? (Date.parse(to) - Date.parse(from)) / day : 0;
  const yesterday = days > 0 && days < 1.1 && Date.parse(to) <= Date.now();
  return { [which]: yesterday ? [] : reports[which] };
}
