import { Icon } from "../frame/Icon";
import { type Say, useSay } from "../i18n/format";
import type { Call, Callback } from "../rest/client";

/** The word for a callback, always with its sign. */
export function CallbackBadge() {
  const { t } = useSay();
  return (
    <span className="tag tag-callback" data-testid="callback-badge">
      <Icon sign="callback" />
      {t("callback.word")}
    </span>
  );
}

/** When it was asked for, how often it was tried, what comes next. */
export function callbackText({ t, time }: Pick<Say, "t" | "time">, callback: Callback): string {
  // A promise is told by itself (PromiseNote); how it goes on as with any callback.
  const promised = callback.by === "agent";
  const parts: string[] = promised ? [] : [t("callback.asked", { time: time(callback.asked_at) })];
  if (callback.tries) parts.push(t("callback.tries", { tries: callback.tries }));
  if (callback.dialling) parts.push(t("callback.ringing"));
  else if (callback.again) parts.push(t("callback.again", { time: time(callback.again) }));
  else if (!promised && !callback.reached_at && callback.not_before)
    parts.push(t("callback.from", { time: time(callback.not_before) }));
  if (!promised && !callback.reached_at && callback.not_after)
    parts.push(t("callback.until", { time: time(callback.not_after) }));
  return parts.join(" · ");
}

/** What the agent should know of a callback before the first word. */
export function CallbackNote({ call }: { call: Call }) {
  const say = useSay();
  const { callback, offer } = call;
  if (!callback) return null;
  const what = callback.reached_at ? "there" : callback.dialling ? "dialling" : "agentFirst";
  return (
    <div className="callback-note" role="status" data-testid="callback-note" data-stage={what}>
      {!call.follow_up && <CallbackBadge />}
      {(offer || callback.dialling) && <strong>{say.t(`callback.${what}`)}</strong>}
      <span className="row-facts">{callbackText(say, callback)}</span>
    </div>
  );
}
