import { useEffect, useState } from "react";
import { AskAgain } from "../frame/AskAgain";
import { Icon } from "../frame/Icon";
import { Opener } from "../frame/Opener";
import { failureText, sayDone, sayFailed } from "../frame/say";
import { useSigned } from "../frame/session";
import { phoneNumber, useSay } from "../i18n/format";
import { useAgent } from "../live/use";
import { ask, type FollowUp, rest, type Standing } from "../rest/client";
import { useAsked } from "../rest/useAsked";
import { RecordButton } from "./PromiseNote";
import { promisesChanged, usePromisesTurn } from "./promises";

/** Others may take or give up a promise meanwhile: asked again this often, in ms. */
const each = 60_000;

type Own = Standing & { follow_up: FollowUp };

/** The calls this agent has promised and that are still to be made, the next first. */
export function Promised({ agent }: { agent: string }) {
  const { t } = useSay();
  const call = useAgent(agent)?.call;
  const turn = usePromisesTurn();
  const { asked, again } = useAsked(agent, (signal) => ask(rest.GET("/callbacks", { signal })));
  // biome-ignore lint/correctness/useExhaustiveDependencies: they say when to ask again
  useEffect(() => again(), [again, turn, call]);
  useEffect(() => {
    const timer = setInterval(again, each);
    return () => clearInterval(timer);
  }, [again]);
  const own = asked.state === "ready" ? ownOf(asked.data.places, agent) : [];
  if (asked.state !== "failed" && own.length === 0) return null;
  return (
    <section className="card" aria-labelledby="promised-label">
      <header className="card-head">
        <h2 id="promised-label">
          <Icon sign="later" />
          {t("promise.list")}
        </h2>
      </header>
      {asked.state === "failed" && (
        <p className="line-note line-failed" data-testid="promised-failed">
          <Icon sign="alert" />
          <span>{t("promise.failed")}</span>
          <button type="button" className="button button-small" onClick={again}>
            {t("ticket.again")}
          </button>
        </p>
      )}
      <ul className="rows" data-testid="promised">
        {own.map((place) => (
          <PromisedRow key={place.call} place={place} />
        ))}
      </ul>
    </section>
  );
}

/** An agent's own promises, by their time. */
export const ownOf = (places: readonly Standing[], agent: string): Own[] =>
  places
    .filter((place): place is Own => place.follow_up?.agent === agent)
    .sort((a, b) => Date.parse(a.follow_up.at) - Date.parse(b.follow_up.at));

function PromisedRow({ place }: { place: Own }) {
  const { t, dayAndTime, label } = useSay();
  const { catalogue } = useSigned();
  const [asks, setAsks] = useState(false);
  const { follow_up: promise, caller, contact, callback } = place;
  const number = callback?.number || caller?.number;
  const who = contact?.name || caller?.name || phoneNumber(number) || t("pop.hidden");
  const facts = [
    who !== phoneNumber(number) && phoneNumber(number),
    label(catalogue?.queues, place.queue),
    t(promise.mine ? "promise.mine" : "promise.queue"),
    callback?.tries ? t("callback.tries", { tries: callback.tries }) : undefined,
    promise.until && t("callback.until", { time: dayAndTime(promise.until) }),
  ].filter(Boolean);
  return (
    <li className="row promised-row" data-testid={`promised-${place.call}`}>
      <time className="row-key" dateTime={promise.at}>
        {dayAndTime(promise.at)}
      </time>
      <span className="row-main">
        <span className="row-title">{who}</span>
        {promise.note && <span className="row-note">{promise.note}</span>}
        <span className="row-facts">{facts.join(" · ")}</span>
        <span className="row-acts">
          <RecordButton call={promise.of} label={t("promise.firstOf", { who })}>
            {t("promise.first")}
          </RecordButton>
          <Opener
            word={t("promise.cancel")}
            label={t("promise.cancelOf", { who })}
            open={asks}
            turn={() => setAsks(!asks)}
            testid="promise-cancel"
          >
            <CancelAsk call={place.call} who={who} keep={() => setAsks(false)} />
          </Opener>
        </span>
      </span>
    </li>
  );
}

/** Nobody is called then: asked once more. */
function CancelAsk({ call, who, keep }: { call: string; who: string; keep: () => void }) {
  const { t } = useSay();
  const [busy, setBusy] = useState(false);
  async function cancel() {
    if (busy) return;
    setBusy(true);
    const answer = await ask(rest.DELETE("/callbacks/{call}", { params: { path: { call } } }));
    setBusy(false);
    if (answer.ok) sayDone((t) => t("line.cancelled"));
    else
      sayFailed((t) =>
        answer.failure.status === 409 ? t("line.noCallback") : failureText(t, answer.failure),
      );
    if (answer.ok || answer.failure.status === 409 || answer.failure.status === 404) promisesChanged();
  }
  return (
    <AskAgain
      label={t("promise.cancel")}
      question={t("line.cancelAsk", { who })}
      sure={t("promise.cancelSure")}
      keeps={t("line.keep")}
      busy={busy}
      ids={{ ask: "promise-cancel-ask", sure: "promise-cancel-sure", keep: "promise-keep" }}
      act={() => void cancel()}
      keep={keep}
    />
  );
}
