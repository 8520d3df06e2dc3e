// The mock's calls that agents make and promise, and what was recorded.
import { ago, ahead, callId, waitingId } from "./world.mjs";

export const outRefusal = {
  fr: "Les numéros surtaxés ne sont pas autorisés. Demandez à votre administrateur s’il le faut vraiment.",
  en: "Premium-rate numbers are not allowed. Ask your administrator if it really has to be.",
};

/** A call of an agent's that rings at the customer's. */
export const dialled = (number, by = "alice") => ({
  id: callId,
  state: "offered",
  direction: "out",
  by,
  number: "+33199000001",
  caller: { number },
  arrived_at: ago(6),
  queue: "support-n1",
  offer: { id: `${callId}-1`, agent: by, at: ago(5), ring_s: 30, callback: true },
});

const promise = (more = {}) => ({
  of: "01935000-0000-7000-8000-000000000001",
  agent: "alice",
  at: ahead(5_400),
  note: "Le pilote d’affichage est à l’essai chez elle : demander si l’écran revient après la veille.",
  mine: true,
  ...more,
});

/** The promise comes due: bruno's, taken by alice. */
export const promised = () => ({
  direction: "out",
  number: "+33199000001",
  menu: undefined,
  attributes: undefined,
  arrived_at: ago(7_300),
  callback: {
    number: "+33199000042",
    mode: "agent-first",
    by: "agent",
    asked_at: ago(40),
    not_before: ago(40),
  },
  follow_up: promise({ agent: "bruno", at: ago(40), mine: false }),
});

export const promises = () => [
  {
    call: waitingId(8),
    queue: "support-n1",
    place: 1,
    entered_at: ago(600),
    priority: 0,
    caller: { number: "+33199000042", name: "DURAND M" },
    contact: { id: "c42", name: "Marie Durand" },
    callback: {
      number: "+33199000042",
      mode: "agent-first",
      by: "agent",
      asked_at: ahead(5_400),
      not_before: ahead(5_400),
    },
    follow_up: promise(),
  },
  {
    call: waitingId(9),
    queue: "support-n1",
    place: 2,
    entered_at: ago(300),
    priority: 0,
    caller: { number: "+33199004242" },
    callback: { number: "+33199004242", mode: "agent-first", by: "agent", asked_at: ahead(80_000), tries: 1 },
    follow_up: promise({ at: ahead(80_000), until: ahead(88_000), mine: false, note: undefined }),
  },
];

const ns = (seconds) => seconds * 1e9;
const record = (n, since, more) => ({
  call: `01935b7e-0000-7000-8000-0000000001${n}`,
  seq: 100 + n,
  node: "lab",
  direction: "out",
  by: "alice",
  number: "+33199000001",
  arrived_at: ago(since),
  ...more,
});
const offer = (outcome, since) => [
  { offer: "out-1", agent: "alice", queue: "support-n1", at: ago(since), outcome, callback: true },
];

export const outRecords = () => [
  record(21, 240, {
    caller: { number: "+33199004007" },
    ended_at: ago(205),
    outcome: "not-reached",
    cause: "not-reached",
    code: 17,
    offers: offer("answered", 239),
  }),
  record(22, 700, {
    caller: { number: "+33199000042", name: "DURAND M" },
    contact: { id: "c42", name: "Marie Durand" },
    ended_at: ago(520),
    outcome: "answered",
    cause: "hangup",
    offers: offer("answered", 699),
    talks: [
      { agent: "alice", queue: "support-n1", connected_at: ago(690), ended_at: ago(520), talked_ns: ns(170) },
    ],
    wrap_ups: [{ agent: "alice", disposition: "resolved", at: ago(500), took_ns: ns(20) }],
    recordings: [
      { part: 1, agent: "alice", queue: "support-n1", began_at: ago(688), length_ns: ns(94) },
      { part: 2, agent: "alice", queue: "support-n1", began_at: ago(580), length_ns: ns(60) },
      { part: 3, agent: "bruno", queue: "support-n1", began_at: ago(560), length_ns: ns(20) },
    ],
  }),
];

/** A minute of a soft tone, 8 kHz stereo, as the store has its files. */
export function wav(seconds = 60) {
  const frames = 8_000 * seconds;
  const file = Buffer.alloc(44 + frames * 4);
  file.write("RIFF", 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8);
  for (const [at, n] of [
    [16, 16],
    [24, 8_000],
    [28, 32_000],
    [40, frames * 4],
  ])
    file.writeUInt32LE(n, at);
  for (const [at, n] of [
    [20, 1],
    [22, 2],
    [32, 4],
    [34, 16],
  ])
    file.writeUInt16LE(n, at);
  file.write("data", 36);
  for (let n = 0; n < frames; n++)
    for (const side of [0, 2])
      file.writeInt16LE(Math.round(1_500 * Math.sin(n / (8 + side))), 44 + n * 4 + side);
  return file;
}

/** The parts the viewer may hear: an agent their own. */
export const parts = (me, deleted) =>
  [
    { part: 1, agent: "alice", queue: "support-n1", began_at: ago(688), length_ms: 94_000, bytes: 3_008_044 },
    { part: 2, agent: "alice", queue: "support-n1", began_at: ago(580), length_ms: 60_000, bytes: 1_920_044 },
    { part: 3, agent: "bruno", queue: "support-n1", began_at: ago(560), length_ms: 20_000, bytes: 640_044 },
  ]
    .map((part) => ({ ...part, deleted: deleted.has(part.part) }))
    .filter((part) => me.role !== "agent" || part.agent === me.agent);
