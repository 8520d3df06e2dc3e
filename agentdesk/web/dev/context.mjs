// The mock's world around one call: articles, the script, notes, what may be
// done on it, and whose page has something wrong.
import { ago, callId, history } from "./world.mjs";

const found = (id, title, snippet = [], more = {}) => ({
  base: "linekeeper",
  id,
  language: "fr",
  title,
  snippet,
  ...more,
});
const english = { language: "en" };
const articles = {
  fr: [
    found("ecran-noir", "Écran externe noir au retour de veille"),
    found("station-accueil", "Station d’accueil : pilotes et câbles"),
    found("veille", "Régler la mise en veille", [], { base: "wiki", url: "https://wiki.exemple.fr/veille" }),
    found("pilotes", "Mettre à jour les pilotes"),
  ],
  en: [
    found("ecran-noir", "External screen black after sleep", [], english),
    found("station-accueil", "Docking station: drivers and cables", [], english),
    found("pilotes", "Updating drivers", [], english),
    found("veille", "Setting sleep mode", [], {
      ...english,
      base: "wiki",
      url: "https://wiki.exemple.fr/veille",
    }),
  ],
};

export const search = (words) => ({
  articles: /zzz/.test(words)
    ? []
    : [
        found("ecran-noir", "Écran externe noir au retour de veille", [
          { text: "Quand l’" },
          { text: "écran", hit: true },
          { text: " reste " },
          { text: "noir", hit: true },
          { text: " après la veille, débrancher la station d’accueil dix secondes…" },
        ]),
      ],
  missing: /wiki/.test(words) ? [{ source: "articles/wiki", reason: "slow" }] : [],
});

export const article = (id) => ({
  base: "linekeeper",
  id,
  language: "fr",
  languages: ["fr", "en"],
  title: "Écran externe noir au retour de veille",
  keywords: ["écran", "veille"],
  categories: ["incident"],
  queues: ["support-n1"],
  body: [
    "L’écran externe reste **noir** quand le portable sort de veille, alors que l’écran interne s’allume.",
    "",
    "## Tout de suite",
    "",
    "1. Débrancher la station d’accueil, attendre dix secondes, la rebrancher.",
    "2. Touches `Windows` + `P`, choisir *Étendre*.",
    "3. Relever le modèle de la station sous l’appareil.",
    "",
    "## Pour de bon",
    "",
    "Mettre à jour le pilote d’affichage, voir [la page du fabricant](https://pilotes.exemple.fr/).",
    "",
    "> Ne pas forcer l’arrêt pendant la mise à jour.",
  ].join("\n"),
});

const step = (id, fr, en, more = {}) => ({ id, fr, en, check: true, ...more });

export const script = {
  id: "accueil-n1",
  fr: "Accueil niveau 1",
  en: "First-line greeting",
  steps: [
    step("hello", "« Support informatique, bonjour. »", "“IT support, hello.”", { check: false }),
    step("identity", "Nom, service et lieu redits", "Name, department and site repeated", { verifies: true }),
    step("impact", "Une personne ou plusieurs ?", "One person or several?"),
    step("since", "Depuis quand, qu’est-ce qui a changé ?", "Since when, what has changed?"),
    step("number", "Numéro de ticket donné", "Ticket number given"),
  ],
};

/** What the context of the call tells, in the reader's language; the note is the mock's own. */
export const context = (language) => ({
  call: callId,
  caller: { number: "+33199000042", name: "DURAND M" },
  verified: "number",
  numbers: ["+33199000042", "+33199000142", "+33199000242", "+442079460142"],
  category: "incident",
  history: history(),
  script,
  articles: articles[language] ?? articles.fr,
  missing: [],
});

/** What is wrong with whose page. */
export const consoles = () => [
  { agent: "david", since: ago(40), microphone: "denied" },
  { agent: "bruno", since: ago(12), network: "poor" },
  { agent: "chloe", since: ago(75), asleep: true },
];

/** What a colleague wrote on the call before. */
export const otherNotes = () => [
  {
    agent: "bruno",
    name: "Bruno Lefèvre",
    text: "Écran noir au retour de veille.\nStation changée hier, pilote pas à jour. Déjà redémarré deux fois.",
    done: ["identity"],
    saved_at: ago(140),
  },
];

/** What alice may do on her call, as Call.possible (agentdesk/act.go) has it. */
export const acts = (call) => {
  const parties = call.parties ?? [];
  const joined = parties.filter((one) => one.state !== "ringing");
  if (call.phone_lost_since) return [...(parties.length === 0 ? ["transfer"] : []), "hangup"];
  const held = call.hold !== undefined || joined.some((one) => one.state === "held");
  const heard = call.hold === undefined || joined.some((one) => one.state === "in");
  const can = {
    hold: heard,
    resume: held,
    mute: true,
    keys: true,
    transfer: parties.length === 0,
    invite: joined.length === parties.length,
    swap: joined.length > 0 && held && heard,
    merge: joined.length > 0 && held,
    complete: parties.length === 1,
    drop: parties.length > 0,
    hangup: true,
  };
  return Object.keys(can).filter((act) => can[act]);
};

/** A party once all were brought together. */
export const joined = ({ consult: _, ...party }) => ({ ...party, state: "in" });

/** Farid is asked for advice: the caller hears music. */
export const consult = () => ({
  hold: { by: "alice", since: ago(47) },
  parties: [
    {
      id: "p1",
      kind: "agent",
      target: "farid",
      name: "Farid Benali",
      by: "alice",
      state: "in",
      since: ago(31),
      consult: true,
    },
  ],
});

export const refusal = {
  fr: "Ce numéro n’est pas sur la liste des numéros permis. Demandez à votre superviseur.",
  en: "This number is not on the list of allowed numbers. Ask your supervisor.",
};
