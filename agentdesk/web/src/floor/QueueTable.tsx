import { WaitingLine } from "../desk/MyQueues";
import { Icon } from "../frame/Icon";
import { useSigned } from "../frame/session";
import { clock, useSay } from "../i18n/format";
import { secondsSince, useNow } from "../live/now";
import type { Queue } from "../rest/client";
import { formulaText, verdictOf, verdictOfWait } from "./level";
import { VerdictMark } from "./Verdict";

type Props = { queues: readonly Queue[]; open: (queue: string) => void };

/** Each queue as it stands; its name opens its line. */
export function QueueTable({ queues, open }: Props) {
  const { t } = useSay();
  return (
    <div className="card">
      <header className="card-head">
        <h2>{t("floor.queues")}</h2>
      </header>
      {queues.length === 0 ? (
        <p className="muted line-note">{t("floor.noQueues")}</p>
      ) : (
        <div className="table-fit">
          <table className="table" data-testid="queue-table">
            <thead>
              <tr>
                <th scope="col">{t("floor.queue")}</th>
                <th scope="col">{t("floor.waiting")}</th>
                <th scope="col">{t("floor.longest")}</th>
                <th scope="col" className="num">
                  {t("floor.callbacks")}
                </th>
                <th scope="col" className="num">
                  {t("floor.ready")}
                </th>
                <th scope="col" className="num">
                  {t("floor.talking")}
                </th>
                <th scope="col" className="num">
                  {t("floor.answered")}
                </th>
                <th scope="col" className="num">
                  {t("floor.abandoned")}
                </th>
                <th scope="col">{t("floor.levelLong")}</th>
              </tr>
            </thead>
            <tbody>
              {queues.map((queue) => (
                <QueueRow key={queue.id} queue={queue} open={() => open(queue.id)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

function QueueRow({ queue, open }: { queue: Queue; open: () => void }) {
  const { t, label, number } = useSay();
  const { catalogue } = useSigned();
  const name = catalogue?.queues.some((one) => one.id === queue.id)
    ? label(catalogue.queues, queue.id)
    : queue.name;
  return (
    <tr data-testid={`queue-${queue.id}`}>
      <th scope="row">
        <button
          type="button"
          className="button-link"
          aria-label={t("line.open", { queue: name })}
          data-testid="queue-open"
          onClick={open}
        >
          {name}
          <Icon sign="chevron" />
        </button>
      </th>
      <td data-label={t("floor.waiting")} data-testid="waiting">
        <WaitingLine queue={queue} />
      </td>
      <td data-label={t("floor.longest")} data-testid="longest">
        {queue.waiting > 0 && queue.oldest ? (
          <LongestWait oldest={queue.oldest} targetS={queue.level.target_s} />
        ) : (
          <span className="muted">{t("common.none")}</span>
        )}
      </td>
      <td className="num" data-label={t("floor.callbacks")} data-testid="callbacks">
        {queue.callbacks ? (
          <span className="count-sign">
            <Icon sign="callback" />
            {number(queue.callbacks)}
          </span>
        ) : (
          number(0)
        )}
      </td>
      <td className="num" data-label={t("floor.ready")} data-testid="ready-agents">
        {number(queue.ready)}
        {queue.away ? (
          <span className="count-bad" data-testid="away" title={t("floor.away", { count: queue.away })}>
            <Icon sign="phone-off" />
            {number(queue.away)}
            <span className="unseen">{t("floor.away", { count: queue.away })}</span>
          </span>
        ) : null}
      </td>
      <td className="num" data-label={t("floor.talking")} data-testid="talking">
        {number(queue.talking)}
      </td>
      <td className="num" data-label={t("floor.answered")} data-testid="answered">
        {number(queue.answered ?? 0)}
      </td>
      <td className="num" data-label={t("floor.abandoned")} data-testid="abandoned">
        {number(queue.abandoned ?? 0)}
      </td>
      <td className="queue-level" data-label={t("floor.levelLong")} data-testid="level">
        <Level queue={queue} />
      </td>
    </tr>
  );
}

function LongestWait({ oldest, targetS }: { oldest: string; targetS: number }) {
  const seconds = secondsSince(oldest, useNow());
  return (
    <span className="wait">
      <span className="timer">{clock(seconds)}</span>
      <VerdictMark verdict={verdictOfWait(seconds, targetS)} quiet />
    </span>
  );
}

function Level({ queue: { level } }: { queue: Queue }) {
  const say = useSay();
  const { t, percent } = say;
  return (
    <span className="level">
      <span className="level-value">
        {level.percent === undefined ? t("common.none") : percent(level.percent)}
      </span>
      <VerdictMark verdict={verdictOf(level)} />
      <span className="level-formula">
        {formulaText(say, level)}
        {level.goal_percent !== undefined && ` · ${t("floor.goal", { goal: percent(level.goal_percent) })}`}
      </span>
    </span>
  );
}
