import { useEffect, useState } from "react";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import { useNow } from "../live/now";
import { useBoard, useDesk, useLive } from "../live/use";
import { AgentTable } from "./AgentTable";
import { LineDialog } from "./LineDialog";
import { inOrder } from "./order";
import { QueueTable } from "./QueueTable";
import { Tiles } from "./Tiles";

/** The supervisor's page: what waits, who works, and how old the page is. */
export function FloorPage() {
  const { t } = useSay();
  const board = useBoard();
  const { catalogue } = useSigned();
  const queues = inOrder(Object.values(board.queues), catalogue?.queues);
  const agents = Object.values(board.agents);
  const [shown, setShown] = useState<string>();
  useEffect(() => {
    document.title = `${t("floor.title")} · Linekeeper`;
  }, [t]);
  return (
    <div className="floor" data-testid="floor">
      <header className="floor-head">
        <h1>{t("floor.title")}</h1>
        <DataAge />
      </header>
      <Tiles queues={queues} />
      <div className="floor-tables">
        <QueueTable queues={queues} open={setShown} />
        <AgentTable agents={agents} />
      </div>
      <LineDialog queue={shown} close={() => setShown(undefined)} />
    </div>
  );
}

/** How old what the page shows is: the page never freezes silently. */
function DataAge() {
  const { t, timeToSecond } = useSay();
  const desk = useDesk();
  const link = useLive((live) => live.link);
  useNow(); // the age grows by itself
  const { heardAt } = desk.get();
  return (
    <p className="age" data-live={link === "live"} data-testid="data-age">
      {link === "live" && <span className="age-word">{t("floor.ageLive")}</span>}
      <span>{t("floor.age", { time: timeToSecond(heardAt) })}</span>
    </p>
  );
}
