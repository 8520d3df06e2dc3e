import { WaitingLine } from "../desk/MyQueues";
import { useSigned } from "../frame/session";
import { clock, useSay } from "../i18n/format";
import { secondsSince, useNow } from "../live/now";
import type { Queue } from "../rest/client";
import { formulaText, verdictOf, verdictOfWait } from "./level";
import { Scroll } from "./Scroll";
import { VerdictMark } from "./Verdict";

export function QueueTable({ queues }: { queues: readonly Queue[] }) {
  const { t } = useSay();
  return (
    <div className="card">
      <header className="card-head">
        <h2>{t("floor.queues")}</h2>
      </header>
      {queues.length === 0 ? (
        <p className="muted line-note">{t("floor.noQueues")}</p>
      ) : (
        <Scroll label={t("floor.queues")}>
          <table className="table" data-testid="queue-table">
            <thead>
              <tr>
                <th scope="col">{t("floor.queue")}</th>
                <th scope="col">{t("floor.waiting")}</th>
                <th scope="col">{t("floor.longest")}</th>
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
                <QueueRow key={queue.id} queue={queue} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </div>
  );
}

function QueueRow({ queue }: { queue: Queue }) {
  const { t, label, number } = useSay();
  const { catalogue } = useSigned();
  const name = catalogue?.queues.some((one) => one.id === queue.id)
    ? label(catalogue.queues, queue.id)
    : queue.name;
  return (
    <tr data-testid={`queue-${queue.id}`}>
      <th scope="row">{name}</th>
      <td data-testid="waiting">
        <WaitingLine queue={queue} />
      </td>
      <td data-testid="longest">
        {queue.waiting > 0 && queue.oldest ? (
          <LongestWait oldest={queue.oldest} targetS={queue.level.target_s} />
        ) : (
          <span className="muted">{t("common.none")}</span>
        )}
      </td>
      <td className="num" data-testid="ready-agents">
        {number(queue.ready)}
      </td>
      <td className="num" data-testid="talking">
        {number(queue.talking)}
      </td>
      <td className="num" data-testid="answered">
        {number(queue.answered ?? 0)}
      </td>
      <td className="num" data-testid="abandoned">
        {number(queue.abandoned ?? 0)}
      </td>
      <td data-testid="level">
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
        {formulaText(say, level.formula)}
        {level.goal_percent !== undefined && ` · ${t("floor.goal", { goal: percent(level.goal_percent) })}`}
      </span>
    </span>
  );
}
