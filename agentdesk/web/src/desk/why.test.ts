import { createInstance, type TFunction } from "i18next";
import { describe, expect, it } from "vitest";
import en from "../i18n/en";
import fr from "../i18n/fr";
import type { Why } from "../rest/client";
import { type Names, type Words, whyText } from "./why";

/** The page's own words, without the page. */
function words(lng: "fr" | "en"): Words {
  const i18n = createInstance();
  void i18n.init({
    lng,
    initAsync: false,
    defaultNS: "words",
    resources: { fr: { words: fr }, en: { words: en } },
    interpolation: { escapeValue: false },
  });
  return {
    t: i18n.t as TFunction as never,
    duration: (seconds) => `${seconds} s`,
    label: (_, id) => `<${id}>`,
    tongue: (code) => `(${code})`,
  };
}

const names: Names = { catalogue: undefined, agent: (id) => id.toUpperCase() };

type Case = [Omit<Why, "agent" | "name">, fr: string, en: string, rule?: string];
const cases: Case[] = [
  [
    { verdict: "chosen", rule: "longest-idle", seconds: 72 },
    "libre depuis le plus longtemps (72 s)",
    "idle the longest (72 s)",
  ],
  [
    { verdict: "chosen", rule: "most-skilled", count: 9 },
    "la plus forte compétence (9 points)",
    "the most skilled (9 points)",
  ],
  [
    { verdict: "chosen", rule: "fewest-calls", count: 0 },
    "le moins d’appels pris (0)",
    "fewest calls taken (0)",
  ],
  [
    { verdict: "chosen", rule: "least-talk-time", count: 40 },
    "le moins de temps en ligne (40 s)",
    "least time talked (40 s)",
  ],
  [{ verdict: "chosen", rule: "round-robin", count: 3 }, "à son tour (rang 3)", "their turn (rank 3)"],
  [
    { verdict: "chosen", rule: "linear", count: 1 },
    "première personne libre de la liste (rang 1)",
    "first free on the list (rank 1)",
  ],
  [{ verdict: "chosen", rule: "random" }, "tirage au sort", "drawn at random"],
  [
    { verdict: "chosen", rule: "weighted-random", count: 4 },
    "tirage au sort (poids 4)",
    "drawn at random (weight 4)",
  ],
  [{ verdict: "chosen", rule: "ring-all" }, "tous les téléphones sonnent", "all phones ring"],
  [
    { verdict: "chosen", rule: "ring-progressively" },
    "un téléphone de plus à chaque sonnerie",
    "one more phone at each step",
  ],
  [{ verdict: "chosen", rule: "preferred" }, "choix du menu", "the menu’s choice"],
  [
    { verdict: "chosen", rule: "last-agent" },
    "a parlé à cet appelant la dernière fois",
    "talked to this caller last",
  ],
  [
    { verdict: "chosen", rule: "ticket-owner" },
    "suit le ticket de cet appelant",
    "owns this caller’s ticket",
  ],
  [{ verdict: "chosen", rule: "ticket-owner", ticket: "42" }, "possède le ticket n° 42", "owns ticket #42"],
  [
    { verdict: "offline", rule: "ticket-owner", ticket: "42" },
    "possède le ticket n° 42, mais pas connecté",
    "owns ticket #42, but not signed in",
  ],
  [
    { verdict: "idle-for-less", seconds: 4 },
    "libre depuis moins longtemps (4 s)",
    "idle for a shorter time (4 s)",
  ],
  [{ verdict: "not-ready", reason: "repas" }, "en pause (<repas>)", "not ready (<repas>)"],
  [{ verdict: "not-ready" }, "en pause", "not ready"],
  [{ verdict: "wrap-up", seconds: 12 }, "saisie post-appel, encore 12 s", "wrap-up, 12 s more"],
  [{ verdict: "wrap-up" }, "en saisie post-appel", "in wrap-up"],
  [{ verdict: "offline" }, "pas connecté", "not signed in"],
  [{ verdict: "offered" }, "un appel lui est proposé", "being offered a call"],
  [{ verdict: "connected" }, "en ligne", "on a call"],
  [{ verdict: "lacks-language", language: "en" }, "ne parle pas (en)", "does not speak (en)"],
  [
    { verdict: "lacks-skill", skill: "réseau", have: 4, need: 6 },
    "compétence réseau 4 < 6",
    "skill réseau 4 < 6",
  ],
  [
    { verdict: "lacks-skill", skill: "réseau", have: 4, need: 6, relaxes: 90 },
    "compétence réseau 4 < 6, admis dans 90 s",
    "skill réseau 4 < 6, admitted in 90 s",
  ],
  [
    { verdict: "outside-tier", tier: 2, relaxes: 30 },
    "rang d’appel 2, pas sollicité pour l’instant, admis dans 30 s",
    "tier 2, not asked now, admitted in 30 s",
  ],
  [
    { verdict: "lacks-group", relaxes: 20 },
    "en renfort, pas encore sollicité, admis dans 20 s",
    "reinforcement, not asked yet, admitted in 20 s",
  ],
  [{ verdict: "kept-for", for: "alice" }, "appel gardé pour ALICE", "call kept for ALICE"],
  [{ verdict: "off-queue" }, "au téléphone hors file", "on the phone, off-queue"],
  [{ verdict: "phone-away" }, "téléphone injoignable", "phone away"],
  [
    { verdict: "delayed", seconds: 8 },
    "vient de laisser passer un appel, encore 8 s",
    "has just let a call go by, 8 s more",
  ],
  [{ verdict: "not-due-yet", seconds: 60 }, "rappel prévu dans 60 s", "callback due in 60 s"],
  [
    { verdict: "tried-last" },
    "n’a pas répondu à cet appel : les autres d’abord",
    "did not answer this call: others first",
  ],
  [{ verdict: "ranked-lower", count: 5 }, "classé après", "ranked lower"],
  [{ verdict: "ranked-lower", tier: 1, count: 5 }, "classé après (rang d’appel 1)", "ranked lower (tier 1)"],
  [
    { verdict: "ranked-lower", count: 5 },
    "classé après (5 appels pris)",
    "ranked lower (5 calls taken)",
    "fewest-calls",
  ],
  [
    { verdict: "ranked-lower", count: 5 },
    "classé après (5 points)",
    "ranked lower (5 points)",
    "most-skilled",
  ],
  [
    { verdict: "ranked-lower", count: 5 },
    "classé après (5 s en ligne)",
    "ranked lower (5 s talked)",
    "least-talk-time",
  ],
  [{ verdict: "ranked-lower", count: 5 }, "classé après (rang 5)", "ranked lower (rank 5)", "linear"],
  [{ verdict: "ranked-lower", count: 5 }, "classé après (rang 5)", "ranked lower (rank 5)", "round-robin"],
  [
    { verdict: "ranked-lower", count: 5 },
    "classé après (poids 5)",
    "ranked lower (weight 5)",
    "weighted-random",
  ],
  [
    { verdict: "wrap-up", rule: "last-agent", seconds: 9 },
    "a parlé à cet appelant la dernière fois, mais saisie post-appel, encore 9 s",
    "talked to this caller last, but wrap-up, 9 s more",
  ],
];

describe.each(["fr", "en"] as const)("in %s", (language) => {
  const say = words(language);
  it.each(cases)("says %o", (why, french, english, rule) => {
    const text = whyText(say, { ...names, rule }, { agent: "bo", name: "Bo", ...why });
    expect(text).toBe(language === "fr" ? french : english);
  });
  it("passes on what it does not know", () => {
    const newer = { agent: "bo", name: "Bo", verdict: "asleep" } as unknown as Why;
    expect(whyText(say, names, newer)).toBe("asleep");
  });
});
