import { useSigned } from "../frame/session";
import { Timer } from "../frame/Timer";
import { useSay } from "../i18n/format";
import { useQueue } from "../live/use";
import type { Queue } from "../rest/client";

/** Dots drawn at most; beyond it the number says it. */
const drawn = 12;
const places = Array.from({ length: drawn }, (_, n) => n);

/** The queues the agent serves, as lines of waiting callers. */
export function MyQueues({ ids }: { ids: readonly string[] }) {
  const { t } = useSay();
  return (
    <div className="my-queues">
      <h2>{t("idle.queues")}</h2>
      <ul className="rows">
        {ids.map((id) => (
          <QueueRow key={id} id={id} />
        ))}
      </ul>
    </div>
  );
}

function QueueRow({ id }: { id: string }) {
  const queue = useQueue(id);
  const { t, label } = useSay();
  const { catalogue } = useSigned();
  if (!queue) return null;
  return (
    <li className="row queue-row" data-testid={`my-queue-${id}`}>
      <span className="row-title">{label(catalogue?.queues, id) || queue.name}</span>
      <WaitingLine queue={queue} />
      <span className="row-facts queue-wait">
        {queue.waiting > 0 && queue.oldest ? <Timer from={queue.oldest} /> : t("floor.nobody")}
      </span>
    </li>
  );
}

/** The line itself: one place per waiting call, and its number. */
export function WaitingLine({ queue }: { queue: Queue }) {
  const { t, number } = useSay();
  return (
    <span className="places">
      <span className="places-count">{number(queue.waiting)}</span>
      <span className="unseen">{t("floor.waiting")}</span>
      <svg className="places-line" viewBox={`0 0 ${drawn * 10} 10`} aria-hidden="true" focusable="false">
        <path d={`M0 5h${drawn * 10}`} />
        {places.slice(0, queue.waiting).map((n) => (
          <circle
            key={n}
            cx={5 + n * 10}
            cy={5}
            r={n === 0 ? 4 : 3}
            className={n === 0 ? "places-first" : undefined}
          />
        ))}
      </svg>
    </span>
  );
}
