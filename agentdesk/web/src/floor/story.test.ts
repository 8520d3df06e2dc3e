import { createInstance, type TFunction } from "i18next";
import { expect, it } from "vitest";
import type { Names } from "../desk/why";
import fr from "../i18n/fr";
import type { CallRecord } from "../rest/record";
import { storyOf } from "./story";

const i18n = createInstance();
void i18n.init({
  lng: "fr",
  initAsync: false,
  defaultNS: "words",
  resources: { fr: { words: fr } },
  interpolation: { escapeValue: false },
});
const say = {
  t: i18n.t as TFunction as never,
  duration: (seconds: number) => `${seconds} s`,
  label: (_: unknown, id: string | undefined) => id ?? "",
  tongue: (code: string) => code,
  time: (moment: string | number) => new Date(moment).toISOString().slice(11, 16),
  dayAndTime: (moment: string | number) => new Date(moment).toISOString().slice(5, 16),
  range: (low: number, high: number) => `${low} à ${high} s`,
};
const names: Names = { catalogue: undefined, agent: (id) => id.toUpperCase() };
const at = (minute: number) => `2026-11-21T09:${String(minute).padStart(2, "0")}:00Z`;
const record = (more: Partial<CallRecord>): CallRecord => ({
  call: "c1",
  seq: 1,
  arrived_at: at(0),
  outcome: "answered",
  ...more,
});
const told = (more: Partial<CallRecord>) =>
  storyOf(say, names, record(more)).map((line) => [line.text, line.more].filter(Boolean).join(" | "));

it("tells of a callback from the wish to the talk", () => {
  expect(
    told({
      queues: [
        {
          queue: "n1",
          entered_at: at(1),
          left_at: at(9),
          cause: "answered",
          waited_ns: 0,
          place: 4,
          low_ns: 60e9,
          high_ns: 120e9,
        },
      ],
      callback: { number: "+33199000042", asked_at: at(2), tries: 2, reached_at: at(9), outcome: "reached" },
      offers: [
        { offer: "o1", agent: "bo", queue: "n1", at: at(5), outcome: "not-reached", callback: true },
        {
          offer: "o2",
          agent: "al",
          queue: "n1",
          at: at(8),
          outcome: "answered",
          callback: true,
          why: [
            { agent: "al", name: "Al", verdict: "chosen", rule: "last-agent" },
            { agent: "bo", name: "Bo", verdict: "kept-for", for: "al" },
          ],
        },
      ],
      talks: [{ agent: "al", queue: "n1", connected_at: at(9), talked_ns: 60e9 }],
      ended_at: at(10),
      cause: "hangup",
    }).slice(1),
  ).toEqual([
    "Entre dans la file n1 | attente annoncée : 60 à 120 s, place 4",
    "Demande à être rappelé au +33 1 99 00 00 42 | essai 2",
    "Proposé à BO | client non joint · Rappel",
    "Proposé à AL | répondu · a parlé à cet appelant la dernière fois · Rappel",
    "Le client est joint",
    "Pris par AL | 60 s",
    "Fin | raccroché",
  ]);
});

it("tells why a queue sent a call on, and where to", () => {
  expect(
    told({
      queues: [
        { queue: "n1", entered_at: at(1), left_at: at(3), cause: "max-wait", waited_ns: 0, place: 2 },
        { queue: "n2", entered_at: at(1), left_at: at(4), cause: "full", waited_ns: 0 },
      ],
      overflows: [
        { queue: "n1", cause: "max-wait", to: "queue", target: "n2", at: at(3) },
        { queue: "n2", cause: "full", to: "voicemail", at: at(4) },
      ],
      resumed: { queue: "n1", from: "c0", entered_at: at(1), at: at(2) },
      preferred: [{ agent: "al", rule: "ticket-owner", until: at(3), at: at(2), ticket: "42" }],
      voicemail: { name: "v", length_ns: 8e9, at: at(5) },
    }).slice(1),
  ).toEqual([
    "Entre dans la file n1 | place 2, attente non annoncée",
    "Entre dans la file n2",
    "Retrouve la place de son appel précédent",
    "Gardé pour AL jusqu’à 09:03 | possède le ticket n° 42",
    "Attente maximale atteinte | vers la file n2",
    "File pleine | vers la messagerie",
    "Laisse un message | 8 s",
  ]);
});

it("tells of a no with its reason, of a phone that went, and of remote support", () => {
  expect(
    told({
      offers: [
        { offer: "o1", agent: "al", queue: "n1", at: at(1), outcome: "rejected", reason: "break-due" },
      ],
      talks: [{ agent: "bo", queue: "n1", connected_at: at(2), talked_ns: 60e9 }],
      phone_losses: [
        { agent: "bo", at: at(3), back_at: at(3), away_ns: 4e9 },
        { agent: "bo", at: at(6) },
      ],
      support: [
        { agent: "bo", tool: "teamviewer", code: "123456789", how: "send", at: at(4) },
        { agent: "bo", tool: "salle", how: "open", at: at(5) },
      ],
    }).slice(1),
  ).toEqual([
    "Proposé à AL | refusé · break-due",
    "Pris par BO | 60 s",
    "BO : téléphone coupé | rétabli après 4 s",
    "BO : assistance à distance teamviewer | 123456789 · envoyé par le ticket",
    "BO : assistance à distance salle | ouvert",
    "BO : téléphone coupé | non rétabli",
  ]);
});

it("keeps how an offer was decided", () => {
  const others = [{ agent: "bo", name: "Bo", verdict: "connected" as const }];
  const passed = [
    { call: "c9", queue: "n2", why: { agent: "al", name: "Al", verdict: "lacks-skill" as const } },
  ];
  const line = storyOf(
    say,
    names,
    record({
      offers: [
        {
          offer: "o1",
          agent: "al",
          queue: "n1",
          at: at(2),
          why: [{ agent: "al", name: "Al", verdict: "chosen", rule: "fewest-calls", count: 2 }, ...others],
          more: 3,
          passed,
        },
      ],
    }),
  )[1];
  expect(line).toMatchObject({
    more: "le moins d’appels pris (2)",
    rule: "fewest-calls",
    others,
    unnamed: 3,
    passed,
  });
});

it("keeps why nobody had a call that left its queue", () => {
  const why = [{ agent: "bo", name: "Bo", verdict: "offline" as const }];
  const left = {
    queue: "n1",
    entered_at: at(1),
    left_at: at(3),
    cause: "abandoned",
    waited_ns: 0,
    why,
    more: 2,
  };
  const line = storyOf(say, names, record({ queues: [left], outcome: "abandoned" })).find(
    ({ nobody }) => nobody,
  );
  expect(line).toMatchObject({ at: at(3), nobody: why, unnamed: 2 });
});

it("tells of a call an agent made, reached or not", () => {
  const made = {
    direction: "out" as const,
    by: "al",
    number: "+33199000001",
    caller: { number: "+33199001001" },
  };
  const offers = [
    { offer: "c1-1", agent: "al", queue: "n1", at: at(1), outcome: "answered", callback: true },
  ];
  expect(
    told({
      ...made,
      offers,
      talks: [{ agent: "al", queue: "n1", connected_at: at(2), talked_ns: 60e9 }],
      ended_at: at(3),
      cause: "hangup",
    }),
  ).toEqual([
    "AL appelle le +33 1 99 00 10 01 | présente le +33 1 99 00 00 01",
    "Sonne d’abord chez AL | répondu",
    "Le client répond à AL | 60 s",
    "Fin | raccroché",
  ]);
  expect(told({ ...made, offers, outcome: "not-reached", ended_at: at(3), cause: "not-reached" })).toEqual([
    "AL appelle le +33 1 99 00 10 01 | présente le +33 1 99 00 00 01",
    "Sonne d’abord chez AL | répondu",
    "Fin | personne n’a été joint",
  ]);
});

it("tells of a promise, and what was noted with it", () => {
  const follow_up = { of: "c0", agent: "bo", at: at(30), note: "VPN ?" };
  expect(told({ direction: "out", caller: { number: "+33199001001" }, follow_up })).toEqual([
    "Promis par BO pour le 11-21T09:30 | VPN ?",
  ]);
});
