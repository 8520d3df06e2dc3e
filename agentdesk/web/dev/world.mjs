// The mock's floor: the lab's people and queues, a day already under way.
import { catalogueOfHand } from "./hand.mjs";

export const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
export const ahead = (seconds) => ago(-seconds);
const level = (percent, target = 20, counted = 0) => ({
  ...(percent === undefined ? {} : { percent }),
  target_s: target,
  goal_percent: 80,
  of: "abandoned",
  abandoned_after_s: 5,
  counted,
  formula: `answered ≤ ${target} s ÷ (answered + abandoned > 5 s)`,
});
const label = (id, fr, en) => ({ id, fr, en });

export const callId = "01935b7e-0000-7000-8000-000000000042";
export const offerId = `${callId}-1`;

export const catalogue = {
  region: "FR",
  ...catalogueOfHand,
  queues: [
    label("support-n1", "Support niveau 1", "First-line support"),
    label("support-n2", "Experts", "Second line"),
    label("bench", "Banc d’essai", "Bench"),
  ],
  skills: [label("reseau", "Réseau", "Network"), label("serveurs", "Serveurs", "Servers")],
  flows: ["accueil", "satisfaction"],
  ticket_queues: { "support-n2": "Escalade" },
  reasons: [
    label("pause", "Pause", "Break"),
    label("repas", "Repas", "Lunch"),
    label("formation", "Formation", "Training"),
    label("technique", "Problème technique", "Technical problem"),
    label("ring-no-answer", "Sans réponse", "No answer"),
    label("rejected", "Appel refusé", "Call rejected"),
    label("unreachable", "Téléphone injoignable", "Phone unreachable"),
    label("phone-lost", "Téléphone coupé en appel", "Phone cut off in a call"),
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
  alice: {
    name: "alice",
    display_name: "Alice Moreau",
    role: "agent",
    language: "fr",
    agent: "alice",
    method: "password",
  },
  bruno: { name: "bruno", display_name: "Bruno Lefèvre", role: "agent", language: "fr", agent: "bruno" },
  chloe: { name: "chloe", display_name: "Chloé Garnier", role: "agent", language: "fr", agent: "chloe" },
  hugo: { name: "hugo", display_name: "Hugo Perrin", role: "supervisor", language: "fr" },
  admin: { name: "admin", display_name: "Admin", role: "administrator", language: "fr", method: "password" },
  neuf: {
    name: "neuf",
    display_name: "Nour Neuville",
    role: "agent",
    language: "fr",
    method: "password",
    must_change_password: true,
  },
};

export const phones = {
  alice: { kind: "webrtc", uri: "sip:alice@linekeeper", user: "alice", secret: "secret", path: "/sip" },
  bruno: { kind: "sip" },
  chloe: { kind: "webrtc", uri: "sip:chloe@linekeeper", user: "chloe", secret: "secret", path: "/sip" },
};

/** The console and the desk phone beside it. */
export const both = (console = "there", desk = "there") => ({
  devices: [
    { kind: "console", state: console },
    { kind: "desk", state: desk },
  ],
});

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
  agent("chloe", "Chloé Garnier", "wrap-up", 21, { handled: 6, until: ahead(39), ...both() }),
  agent("david", "David Okafor", "ready", 48, { handled: 8, ...both("there", "away") }),
  agent("emma", "Emma Rousseau", "not-ready", 731, {
    reason: "pause",
    handled: 3,
    missed: 2,
    limit: ago(131),
    ...both("away", "there"),
  }),
  agent("farid", "Farid Benali", "ready", 1290, { handled: 2, queues: ["support-n2"], phone: "away" }),
  agent("ines", "Inès Delmas", "ready", 95, { handled: 5, phone: "off-queue" }),
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
    oldest: ago(412),
    ready: 1,
    away: 1,
    callbacks: 2,
    oldest_callback: ago(1260),
    turned_away: 2,
    sent_on: 1,
    left_by_key: 3,
    callbacks_asked: 7,
    callbacks_done: 4,
    callbacks_lost: 1,
    talking: 2,
    offered: 41,
    answered: 34,
    abandoned: 3,
    short_abandoned: 1,
    average_wait_s: 14.2,
    longest_wait_s: 95,
    level: level(86.5, 20, 37),
  },
  {
    id: "support-n2",
    name: "Experts",
    waiting: 0,
    ready: 0,
    away: 1,
    callbacks: 0,
    talking: 0,
    offered: 5,
    answered: 4,
    abandoned: 1,
    short_abandoned: 0,
    average_wait_s: 31,
    longest_wait_s: 80,
    level: level(60, 60, 5),
  },
  bench,
];

const bench = {
  id: "bench",
  name: "Banc d’essai",
  waiting: 0,
  ready: 0,
  talking: 0,
  offered: 0,
  answered: 0,
  abandoned: 0,
  level: level(undefined),
};

export const waitingId = (n) => `01935b7e-0000-7000-8000-00000000020${n}`;
const kept = () => ({ agent: "bruno", rule: "last-agent", until: ahead(38) });
const place = (n, since, name, more = {}) => ({
  call: waitingId(n),
  queue: "support-n1",
  place: n,
  entered_at: ago(since),
  priority: 0,
  wait: { place: n + 1, low_s: 120, high_s: 300, at: ago(since) },
  caller: { number: `+3319900${5000 + n}`, name },
  ...more,
});

/** Who waits in support-n1. */
export const line = () => [
  place(1, 412, "Karim Belkacem", { kept_for: "bruno", priority: 2 }),
  place(2, 1260, "Marie Durand", {
    contact: { id: "c42", name: "Marie Durand" },
    wait: { place: 5, low_s: 300, high_s: 660, at: ago(1260) },
    callback: {
      number: "+33199000042",
      mode: "agent-first",
      by: "key",
      asked_at: ago(1150),
      tries: 1,
      again: ahead(140),
    },
  }),
  place(3, 145, "", { offered_to: ["david"], caller: { number: "+33199005003" } }),
  place(4, 900, "Paul Mercier", {
    wait: undefined,
    callback: {
      number: "+33199005004",
      mode: "customer-first",
      by: "rule",
      asked_at: ago(700),
      not_after: ahead(5400),
    },
  }),
  place(5, 21, "Zoé Lambert", { wait: { place: 5, low_s: 40, high_s: 85, at: ago(21) } }),
  place(6, 640, "Samira Haddad", {
    wait: undefined,
    callback: {
      number: "+33199005006",
      mode: "agent-first",
      by: "agent",
      asked_at: ahead(1800),
      not_before: ahead(1800),
    },
    follow_up: {
      of: callId,
      agent: "bruno",
      at: ahead(1800),
      until: ahead(9000),
      note: "Dire si le certificat est renouvelé.",
    },
  }),
];

/** The same, as the live board has them. */
export const waiting = () =>
  line().map(({ call: id, queue, place, entered_at, priority, wait, caller, contact, callback }) => ({
    id,
    state: "waiting",
    number: "0199000001",
    arrived_at: entered_at,
    queue,
    place,
    entered_at,
    priority,
    wait,
    caller,
    contact,
    callback,
    ...(place === 1 ? { kept: [kept()] } : {}),
  }));

export const why = (call) => ({
  call,
  queue: "support-n1",
  now: [
    {
      agent: "bruno",
      name: "Bruno Lefèvre",
      verdict: "connected",
      rule: "last-agent",
    },
    { agent: "david", name: "David Okafor", verdict: "kept-for", for: "bruno" },
    {
      agent: "alice",
      name: "Alice Moreau",
      verdict: "lacks-skill",
      skill: "réseau",
      have: 4,
      need: 6,
      relaxes: 90,
    },
    { agent: "ines", name: "Inès Delmas", verdict: "off-queue" },
    { agent: "chloe", name: "Chloé Garnier", verdict: "wrap-up", seconds: 39 },
    { agent: "emma", name: "Emma Rousseau", verdict: "not-ready", reason: "pause" },
    { agent: "farid", name: "Farid Benali", verdict: "lacks-group", relaxes: 48 },
    { agent: "gaelle", name: "Gaëlle Le Goff", verdict: "offline" },
  ],
  offers: [
    {
      id: `${call}-1`,
      agent: "emma",
      queue: "support-n1",
      at: ago(300),
      outcome: "ring-no-answer",
      why: [{ agent: "emma", name: "Emma Rousseau", verdict: "chosen", rule: "longest-idle", seconds: 204 }],
    },
  ],
});

/** A callback, agent first: alice is asked to take it. */
export const callback = (more = {}) => ({
  number: "+33199000042",
  mode: "agent-first",
  by: "key",
  asked_at: ago(1150),
  tries: 0,
  ...more,
});

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
    { agent: "bruno", name: "Bruno Lefèvre", verdict: "connected", rule: "last-agent" },
    { agent: "david", name: "David Okafor", verdict: "lacks-language", language: "fr" },
    { agent: "emma", name: "Emma Rousseau", verdict: "not-ready", reason: "pause" },
    {
      agent: "ines",
      name: "Inès Delmas",
      verdict: "lacks-skill",
      skill: "réseau",
      have: 4,
      need: 6,
      relaxes: 90,
    },
  ],
  passed: [
    {
      call: waitingId(1),
      queue: "support-n2",
      why: {
        agent: "alice",
        name: "Alice Moreau",
        verdict: "lacks-skill",
        skill: "serveurs",
        have: 3,
        need: 7,
        relaxes: 60,
      },
    },
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
    number: "+33199000042",
    recorded: 1,
    tickets: [ticket("1482", "Écran externe noir")],
  },
  {
    call: "01935000-0000-7000-8000-000000000002",
    arrived_at: ago(610_000),
    queue: "support-n1",
    outcome: "abandoned",
    waited_s: 71,
    talked_s: 0,
    number: "+33199000042",
  },
  {
    call: "01935000-0000-7000-8000-000000000003",
    arrived_at: ago(700_000),
    queue: "support-n1",
    agent: "alice",
    outcome: "not-reached",
    direction: "out",
    waited_s: 0,
    talked_s: 0,
    number: "+33199004242",
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
        offer: "o0",
        agent: "david",
        queue: "support-n1",
        at: ago(883),
        ended_at: ago(876),
        outcome: "rejected",
        reason: "not-mine",
      },
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
    phone_losses: [{ agent: "alice", code: 41, at: ago(800), back_at: ago(796), away_ns: ns(4) }],
    support: [{ agent: "alice", tool: "teamviewer", code: "123456789", how: "open", at: ago(780) }],
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
  record(5, 1300, "Marie Durand", "answered", {
    queues: [
      {
        queue: "support-n1",
        entered_at: ago(1290),
        left_at: ago(1010),
        cause: "answered",
        waited_ns: ns(280),
        place: 4,
        low_ns: ns(120),
        high_ns: ns(300),
        callback: true,
      },
    ],
    preferred: [{ agent: "bruno", rule: "last-agent", until: ago(1260), at: ago(1289) }],
    callback: {
      queue: "support-n1",
      number: "+33199000042",
      mode: "agent-first",
      by: "key",
      asked_at: ago(1200),
      tries: 2,
      reached_at: ago(1012),
      outcome: "reached",
    },
    offers: [
      {
        offer: "o5-1",
        agent: "emma",
        queue: "support-n1",
        at: ago(1100),
        outcome: "not-reached",
        callback: true,
        why: [{ agent: "emma", name: "Emma Rousseau", verdict: "chosen", rule: "fewest-calls", count: 3 }],
      },
      {
        offer: "o5-2",
        agent: "alice",
        queue: "support-n1",
        at: ago(1025),
        outcome: "answered",
        callback: true,
        why: offer().why,
        passed: offer().passed,
      },
    ],
    talks: [{ agent: "alice", queue: "support-n1", connected_at: ago(1010), talked_ns: ns(180) }],
    wrap_ups: [{ agent: "alice", disposition: "resolved", at: ago(820), took_ns: ns(10) }],
    ended_at: ago(830),
    cause: "hangup",
  }),
  record(6, 1500, "Léo Nguyen", "overflow", {
    queues: [{ queue: "support-n1", entered_at: ago(1490), left_at: ago(1490), waited_ns: 0, cause: "full" }],
    overflows: [{ queue: "support-n1", cause: "full", to: "busy", at: ago(1490) }],
    cause: "flow",
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
