import { lazy, Suspense, useState } from "react";
import { Icon } from "../frame/Icon";
import { useSigned } from "../frame/session";
import { type Say, useSay } from "../i18n/format";
import type { Call, FollowUp } from "../rest/client";
import { useNames } from "./useNames";

// The story of another call is seldom asked for.
const RecordOf = lazy(() => import("../floor/RecordOf"));

/** Who promised, and for when. */
export function promiseText(
  { t, dayAndTime }: Pick<Say, "t" | "dayAndTime">,
  { agent, at, until, mine }: FollowUp,
  name: string,
  self: boolean,
): string {
  const time = dayAndTime(at);
  const parts: string[] = [
    self ? t("promise.bySelf", { time }) : t("promise.by", { agent: name || agent, time }),
  ];
  if (until) parts.push(t("callback.until", { time: dayAndTime(until) }));
  if (mine && self) parts.push(t("promise.kept"));
  return parts.join(" · ");
}

/** What a promised call is about: who promised, what they noted, and the call it was promised in. */
export function PromiseNote({ call, promise }: { call: Call; promise: FollowUp }) {
  const say = useSay();
  const { session } = useSigned();
  const names = useNames();
  return (
    <div className="promise-note" data-testid="promise-note" data-of={promise.of}>
      <p className="promise-head">
        <PromiseBadge />
        <span>{promiseText(say, promise, names.agent(promise.agent), promise.agent === session.agent)}</span>
        <RecordButton call={promise.of} key={call.id}>
          {say.t("promise.first")}
        </RecordButton>
      </p>
      {promise.note && <blockquote className="record-note">{promise.note}</blockquote>}
    </div>
  );
}

/** The word for a promised call, with its sign. */
export function PromiseBadge() {
  const { t } = useSay();
  return (
    <span className="tag tag-callback" data-testid="promise-badge">
      <Icon sign="later" />
      {t("promise.word")}
    </span>
  );
}

/** Opens the record of a call. */
export function RecordButton({ call, children, label }: { call: string; children: string; label?: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button button-small"
        aria-label={label}
        data-testid="record-of"
        onClick={() => setOpen(true)}
      >
        {children}
      </button>
      {open && (
        <Suspense>
          <RecordOf call={call} close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
