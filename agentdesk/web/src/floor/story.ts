// A record as the story it is: one line for each thing that happened, in order.
import { type Names, personalText, type Words, whyText } from "../desk/why";
import { phoneNumber, type Say } from "../i18n/format";
import type { Passed, Why } from "../rest/client";
import type { CallRecord } from "../rest/record";
import { known, leaveText, sentOnText } from "./left";

export type StoryLine = {
  at: string;
  text: string;
  more?: string | undefined;
  /** Of an offer: the rule it was decided by, who else was looked at, and what was left ahead. */
  rule?: string | undefined;
  others?: Why[] | undefined;
  passed?: Passed[] | undefined;
  /** Of a queue left without an offer: what kept each agent from the call. */
  nobody?: Why[] | undefined;
  /** How many agents there were besides those in others or nobody. */
  unnamed?: number | undefined;
};

type Telling = Words & Pick<Say, "time" | "dayAndTime" | "range">;
type Visit = NonNullable<CallRecord["queues"]>[number];
type Offer = NonNullable<CallRecord["offers"]>[number];

/** The ends of an offer that have words. */
export const offerEnds = [
  "answered",
  "ring-no-answer",
  "rejected",
  "caller-gone",
  "unreachable",
  "withdrawn",
  "lost",
  "answered-elsewhere",
  "not-reached",
] as const;
const ends = ["hangup", "flow", "lost-sight", "node-lost", "refused", "fault", "callback"] as const;

export function storyOf(say: Telling, names: Names, record: CallRecord): StoryLine[] {
  const { t } = say;
  const lines: StoryLine[] = [beginning(say, names, record)];
  for (const step of record.menu ?? []) lines.push({ at: step.at, text: t("calls.menuChoice", step) });
  lines.push(...inLine(say, names, record), ...calledBack(say, record));
  for (const offer of record.offers ?? [])
    lines.push(offer.agent === record.by ? ownPhone(say, names, offer) : offerLine(say, names, offer));
  for (const talk of record.talks ?? [])
    lines.push({
      at: talk.connected_at,
      text: t(talk === record.talks?.[0] && talk.agent === record.by ? "dial.reached" : "calls.connected", {
        agent: names.agent(talk.agent),
      }),
      more: say.duration(talk.talked_ns / 1e9),
    });
  lines.push(...aids(say, names, record));
  if (record.voicemail)
    lines.push({
      at: record.voicemail.at,
      text: t("calls.voicemail"),
      more: say.duration(record.voicemail.length_ns / 1e9),
    });
  for (const wrap of record.wrap_ups ?? [])
    lines.push({
      at: wrap.at,
      text: t("calls.wrapped", {
        agent: names.agent(wrap.agent),
        disposition: say.label(names.catalogue?.dispositions, wrap.disposition) || t("common.none"),
      }),
    });
  if (record.ended_at) {
    const end = known(ends, record.cause);
    lines.push({
      at: record.ended_at,
      text: t("calls.ended"),
      more: end ? t(`calls.end.${end}`) : record.cause === "not-reached" ? t("dial.end") : record.cause,
    });
  }
  // Two things of one moment keep the order they are written in above.
  return lines.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** How it began: somebody rang us, an agent called them, or had promised to. */
function beginning({ t, dayAndTime }: Telling, names: Names, record: CallRecord): StoryLine {
  const { arrived_at: at, follow_up: promise } = record;
  const shown = t("dial.shown", { number: phoneNumber(record.number) });
  const number = phoneNumber(record.caller?.number);
  if (record.by) {
    const text = t("dial.made", { agent: names.agent(record.by), number });
    return { at, text, more: record.number ? shown : undefined };
  }
  if (promise)
    return {
      at,
      text: t("promise.by", { agent: names.agent(promise.agent), time: dayAndTime(promise.at) }),
      more: promise.note,
    };
  return { at, text: t("pop.arrived"), more: t("pop.dialled", { number: phoneNumber(record.number) }) };
}

/** Who calls has their own phone rung first. */
function ownPhone({ t }: Telling, names: Names, offer: Offer): StoryLine {
  const end = known(offerEnds, offer.outcome);
  const more = end === "caller-gone" ? undefined : end ? t(`calls.offer.${end}`) : offer.outcome;
  return { at: offer.at, text: t("dial.ownPhone", { agent: names.agent(offer.agent) }), more };
}

/** Queues entered and left, what was told of the wait, for whom the call was kept. */
function inLine(say: Telling, names: Names, record: CallRecord): StoryLine[] {
  const { t, label } = say;
  const lines: StoryLine[] = [];
  const left: StoryLine[] = [];
  const queueName = (id: string) => label(names.catalogue?.queues, id);
  for (const visit of record.queues ?? []) {
    lines.push({
      at: visit.entered_at,
      text: t("calls.entered", { queue: queueName(visit.queue) }),
      more: toldText(say, visit),
    });
    const text = leaveText(say, visit.cause);
    if (text && visit.left_at)
      left.push({
        at: visit.left_at,
        text,
        nobody: visit.why,
        unnamed: visit.more,
      });
  }
  for (const over of record.overflows ?? []) {
    const line = left.find(({ at, more }) => at === over.at && !more);
    const more = sentOnText(say, names.catalogue, over.to, over.target);
    if (line) line.more = more;
    else if (more) left.push({ at: over.at, text: more });
  }
  lines.push(...left);
  if (record.resumed) lines.push({ at: record.resumed.at, text: t("calls.resumedPlace") });
  for (const kept of record.preferred ?? [])
    lines.push({
      at: kept.at,
      text: t("calls.keptFor", { agent: names.agent(kept.agent), time: say.time(kept.until) }),
      more: personalText(say, kept.rule, kept.ticket),
    });
  return lines;
}

function toldText({ t, range }: Telling, visit: Visit): string | undefined {
  if (!visit.place) return undefined;
  const place = String(visit.place);
  return visit.high_ns
    ? t("calls.told", { range: range((visit.low_ns ?? 0) / 1e9, visit.high_ns / 1e9), place })
    : t("calls.untold", { place });
}

function calledBack({ t }: Telling, { callback }: CallRecord): StoryLine[] {
  if (!callback) return [];
  const lines: StoryLine[] = [
    {
      at: callback.asked_at,
      text: t("calls.askedBack", { number: phoneNumber(callback.number) }),
      more: callback.tries ? t("callback.tries", { tries: String(callback.tries) }) : undefined,
    },
  ];
  if (callback.reached_at) lines.push({ at: callback.reached_at, text: t("calls.reached") });
  return lines;
}

/** A phone that went in mid-call, and the remote-support links that were used. */
function aids(say: Telling, names: Names, record: CallRecord): StoryLine[] {
  const { t } = say;
  const lost = (record.phone_losses ?? []).map(({ agent, at, back_at, away_ns }) => ({
    at,
    text: t("phoneLost.story", { agent: names.agent(agent) }),
    more: back_at
      ? t("phoneLost.back", { duration: say.duration((away_ns ?? 0) / 1e9) })
      : t("phoneLost.notBack"),
  }));
  const used = (record.support ?? []).map(({ agent, tool, code, how, at }) => ({
    at,
    text: t("support.story", { agent: names.agent(agent), tool: say.label(names.catalogue?.support, tool) }),
    more: [code, t(`support.how.${how}`)].filter(Boolean).join(" · "),
  }));
  return [...lost, ...used];
}

function offerLine(say: Telling, names: Names, offer: Offer): StoryLine {
  const end = known(offerEnds, offer.outcome);
  const [chosen, ...others] = offer.why ?? [];
  const more = [
    end ? say.t(`calls.offer.${end}`) : offer.outcome,
    offer.reason && say.label(names.catalogue?.rejections, offer.reason),
    chosen && whyText(say, names, chosen),
    offer.callback && say.t("callback.word"),
  ].filter(Boolean);
  return {
    at: offer.at,
    text: say.t("calls.offered", { agent: names.agent(offer.agent) }),
    more: more.join(" · "),
    rule: chosen?.rule,
    others,
    unnamed: offer.more,
    passed: offer.passed,
  };
}
