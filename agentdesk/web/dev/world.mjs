// The mock's floor: the lab's people and queues, a day already under way.
const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
const ahead = (seconds) => ago(-seconds);
const level = (percent, target = 20) => ({
  ...(percent === undefined ? {} : { percent }),
  target_s: target,
  goal_percent: 80,
  formula: `answered ≤ ${target} s ÷ (answered + abandoned > 5 s)`,
});
const label = (id, fr, en) => ({ id, fr, en });

export const callId = "01935b7e-0000-7000-8000-000000000042";
export const offerId = `${callId}-1`;

export const catalogue = {
  queues: [
    label("support-n1", "Support niveau 1", "First-line support"),
    label("support-n2", "Experts", "Second line"),
  ],
  reasons: [
    label("pause", "Pause", "Break"),
    label("repas", "Repas", "Lunch"),
    label("formation", "Formation", "Training"),
    label("technique", "Problème technique", "Technical problem"),
    label("ring-no-answer", "Sans réponse", "No answer"),
    label("rejected", "Appel refusé", "Call rejected"),
  ],
  dispositions: [
    label("resolved", "Résolu", "Resolved"),
    label("escalated", "Escaladé", "Escalated"),
    label("follow-up", "À suivre", "Follow-up"),
    label("known-incident", "Incident connu", "Known incident"),
    label("information", "Renseignement", "Information"),
    label("wrong-number", "Erreur de numéro", "Wrong number"),
    label("no-one", "Personne en ligne", "Nobody on the line"),
  ],
};

export const accounts = {
  alice: { name: "alice", display_name: "Alice Moreau", role: "agent", language: "fr", agent: "alice" },
  bruno: { name: "bruno", display_name: "Bruno Lefèvre", role: "agent", language: "fr", agent: "bruno" },
  hugo: { name: "hugo", display_name: "Hugo Perrin", role: "supervisor", language: "fr" },
};

export const phones = {
  alice: { kind: "webrtc", uri: "sip:alice@linekeeper", user: "alice", secret: "secret", path: "/sip" },
  bruno: { kind: "sip" },
};

const agent = (id, name, state, since, more = {}) => ({
  id,
  name,
  state,
  since: ago(since),
  queues: ["support-n1"],
  handled: 0,
  missed: 0,
  ...more,
});

export const agents = () => [
  agent("alice", "Alice Moreau", "not-ready", 65, { reason: "repas", handled: 7, missed: 1 }),
  agent("bruno", "Bruno Lefèvre", "connected", 252, { handled: 9 }),
  agent("chloe", "Chloé Garnier", "wrap-up", 21, { handled: 6, until: ahead(39) }),
  agent("david", "David Okafor", "ready", 48, { handled: 8 }),
  agent("emma", "Emma Rousseau", "not-ready", 731, { reason: "ring-no-answer", handled: 3, missed: 2 }),
  agent("farid", "Farid Benali", "ready", 1290, { handled: 2, queues: ["support-n2"] }),
  {
    ...agent("gaelle", "Gaëlle Le Goff", "offline", 0, { queues: ["support-n2", "support-n1"] }),
    since: "0001-01-01T00:00:00Z",
  },
];

export const queues = () => [
  {
    id: "support-n1",
    name: "Support niveau 1",
    waiting: 3,
    oldest: ago(72),
    ready: 1,
    talking: 2,
    offered: 41,
    answered: 34,
    abandoned: 3,
    short_abandoned: 1,
    average_wait_s: 14.2,
    longest_wait_s: 95,
    level: level(86.5),
  },
  {
    id: "support-n2",
    name: "Experts",
    waiting: 0,
    ready: 1,
    talking: 0,
    offered: 5,
    answered: 4,
    abandoned: 1,
    short_abandoned: 0,
    average_wait_s: 31,
    longest_wait_s: 80,
    level: level(60, 60),
  },
];

export const call = (state, more = {}) => ({
  id: callId,
  state,
  number: "0199000001",
  caller: { number: "+33199000042", name: "DURAND M" },
  contact: {
    id: "c42",
    name: "Marie Durand",
    email: "marie.durand@exemple.fr",
    site: "Lyon Part-Dieu",
    language: "fr",
    vip: true,
  },
  language: "fr",
  arrived_at: ago(95),
  menu: [{ menu: "menu-support", digit: "1", choice: "Incident", at: ago(83) }],
  attributes: { category: "incident" },
  queue: "support-n1",
  entered_at: ago(72),
  place: 1,
  ...more,
});

export const offer = () => ({
  id: offerId,
  agent: "alice",
  at: ago(4),
  ring_s: 20,
  why: [
    { agent: "alice", name: "Alice Moreau", verdict: "chosen", rule: "longest-idle", seconds: 72 },
    { agent: "bruno", name: "Bruno Lefèvre", verdict: "connected" },
    { agent: "david", name: "David Okafor", verdict: "lacks-language", language: "fr" },
    { agent: "emma", name: "Emma Rousseau", verdict: "not-ready", reason: "ring-no-answer" },
  ],
});

const ticket = (number, subject, more = {}) => ({
  system: "rt",
  ticket: number,
  subject,
  status: "open",
  queue: "Support",
  created_at: ago(90_000),
  url: `http://127.0.0.1:8090/Ticket/Display.html?id=${number}`,
  ...more,
});

export const tickets = () => [
  ticket("1482", "Écran externe noir après mise en veille", { due_at: ahead(9_000) }),
  ticket("1467", "Accès au dossier Comptabilité", { status: "stalled" }),
];

export const history = () => [
  {
    call: "01935000-0000-7000-8000-000000000001",
    arrived_at: ago(90_000),
    queue: "support-n1",
    agent: "bruno",
    outcome: "answered",
    disposition: "follow-up",
    note: "Écran externe noir. Pilote à mettre à jour, rappel jeudi.",
    waited_s: 18,
    talked_s: 342,
    tickets: [ticket("1482", "Écran externe noir")],
  },
  {
    call: "01935000-0000-7000-8000-000000000002",
    arrived_at: ago(610_000),
    queue: "support-n1",
    outcome: "abandoned",
    waited_s: 71,
    talked_s: 0,
  },
];

const ns = (seconds) => seconds * 1e9;
const record = (n, since, name, outcome, more = {}) => ({
  call: `01935b7e-0000-7000-8000-0000000001${String(n).padStart(2, "0")}`,
  seq: 100 + n,
  node: "lab",
  number: "0199000001",
  caller: { number: `+3319900${String(4000 + n)}`, name },
  arrived_at: ago(since),
  ended_at: ago(since - 200),
  outcome,
  ...more,
});

export const records = () => [
  record(1, 900, "Paul Mercier", "answered", {
    menu: [{ menu: "menu-support", digit: "1", choice: "Incident", at: ago(890) }],
    queues: [
      { queue: "support-n1", entered_at: ago(885), left_at: ago(870), cause: "answered", waited_ns: ns(15) },
    ],
    offers: [
      {
        offer: "o1",
        agent: "alice",
        queue: "support-n1",
        at: ago(875),
        ended_at: ago(870),
        outcome: "answered",
        why: [{ agent: "alice", name: "Alice Moreau", verdict: "chosen", rule: "longest-idle", seconds: 40 }],
      },
    ],
    talks: [
      { agent: "alice", queue: "support-n1", connected_at: ago(870), ended_at: ago(705), talked_ns: ns(165) },
    ],
    wrap_ups: [
      {
        agent: "alice",
        disposition: "resolved",
        note: "Mot de passe réinitialisé.\nRappelé la règle des 12 caractères.",
        at: ago(690),
        took_ns: ns(15),
      },
    ],
    tickets: [
      {
        system: "rt",
        ticket: "1490",
        subject: "Incident – Paul Mercier",
        url: "http://127.0.0.1:8090/Ticket/Display.html?id=1490",
        created: true,
      },
    ],
  }),
  record(2, 1600, "Inès Faure", "abandoned", {
    queues: [{ queue: "support-n1", entered_at: ago(1590), waited_ns: ns(48), cause: "abandoned" }],
  }),
  record(3, 2400, "Tom Weiss", "in-flow"),
  record(4, 3100, "", "answered", {
    queues: [{ queue: "support-n1", entered_at: ago(3090), waited_ns: ns(6), cause: "answered" }],
    talks: [{ agent: "alice", queue: "support-n1", connected_at: ago(3084), talked_ns: ns(412) }],
    wrap_ups: [{ agent: "alice", disposition: "known-incident", at: ago(2660), took_ns: ns(20) }],
  }),
];
