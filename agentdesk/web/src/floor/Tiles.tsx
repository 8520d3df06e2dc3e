import type { ReactNode } from "react";
import { useSigned } from "../frame/session";
import { clock, useSay } from "../i18n/format";
import { secondsSince, useNow } from "../live/now";
import type { Queue } from "../rest/client";
import { commonFormula, commonLevel, verdictOf, verdictOfWait } from "./level";
import { VerdictMark } from "./Verdict";

const sum = (queues: readonly Queue[], of: (queue: Queue) => number | undefined): number =>
  queues.reduce((total, queue) => total + (of(queue) ?? 0), 0);

/** Six numbers, each of which calls for something to be done. */
export function Tiles({ queues }: { queues: readonly Queue[] }) {
  const { t, number } = useSay();
  const short = sum(queues, (queue) => queue.short_abandoned);
  const back = sum(queues, (queue) => queue.callbacks);
  const away = sum(queues, (queue) => queue.turned_away);
  const sent = sum(queues, (queue) => queue.sent_on);
  return (
    <dl className="tiles">
      <Tile
        testid="tile-waiting"
        name={t("floor.waiting")}
        value={number(sum(queues, (queue) => queue.waiting))}
      >
        {back > 0 && t("floor.toCallBack", { count: back })}
      </Tile>
      <Tile
        testid="tile-talking"
        name={t("floor.talking")}
        value={number(sum(queues, (queue) => queue.talking))}
      />
      <LongestTile queues={queues} />
      <Tile
        testid="tile-handled"
        name={t("floor.handled")}
        value={number(sum(queues, (queue) => queue.answered))}
      />
      <Tile
        testid="tile-abandoned"
        name={t("floor.abandoned")}
        value={number(sum(queues, (queue) => queue.abandoned))}
      >
        {[
          short > 0 && t("floor.short", { count: short }),
          away > 0 && t("floor.turnedAway", { count: away }),
          sent > 0 && t("floor.sentOn", { count: sent }),
        ]
          .filter(Boolean)
          .join(" · ")}
      </Tile>
      <LevelTile queues={queues} />
    </dl>
  );
}

type TileProps = { testid: string; name: string; value: string; verdict?: ReactNode; children?: ReactNode };

function Tile({ testid, name, value, verdict, children }: TileProps) {
  return (
    <div className="tile" data-testid={testid}>
      <dt>{name}</dt>
      <dd>
        <span className="tile-value">{value}</span>
        {verdict}
        <span className="tile-more">{children}</span>
      </dd>
    </div>
  );
}

function LongestTile({ queues }: { queues: readonly Queue[] }) {
  const { t, label } = useSay();
  const { catalogue } = useSigned();
  const now = useNow();
  const oldest = queues
    .filter((queue) => queue.waiting > 0 && queue.oldest)
    .sort((a, b) => Date.parse(a.oldest ?? "") - Date.parse(b.oldest ?? ""))[0];
  if (!oldest?.oldest)
    return (
      <Tile testid="tile-longest" name={t("floor.longest")} value={t("common.none")}>
        {t("floor.nobody")}
      </Tile>
    );
  const seconds = secondsSince(oldest.oldest, now);
  return (
    <Tile
      testid="tile-longest"
      name={t("floor.longest")}
      value={clock(seconds)}
      verdict={<VerdictMark verdict={verdictOfWait(seconds, oldest.level.target_s)} />}
    >
      {label(catalogue?.queues, oldest.id) || oldest.name}
    </Tile>
  );
}

function LevelTile({ queues }: { queues: readonly Queue[] }) {
  const say = useSay();
  const { t, percent } = say;
  const level = commonLevel(queues);
  const value = level?.percent === undefined ? t("common.none") : percent(level.percent);
  return (
    <Tile
      testid="tile-level"
      name={t("floor.level")}
      value={value}
      verdict={level?.percent === undefined ? undefined : <VerdictMark verdict={verdictOf(level)} />}
    >
      {commonFormula(say, queues)}
    </Tile>
  );
}
