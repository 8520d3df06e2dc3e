import { useEffect, useState } from "react";
import { phoneNumber, useSay } from "../i18n/format";
import type { Live } from "../live/live";
import { useLive } from "../live/use";
import type { Agent } from "../rest/client";
import { Notice } from "./Notice";
import { look, type Refusals, seen } from "./refusals";

/** Agents told of at a time, the newest first; as one is put away, the next comes. */
const most = 3;

const agentsOf = ({ board }: Live) => board.agents;
const refusedAt = ({ refused }: Agent) => Date.parse(refused?.at ?? "");
const isThere = ({ board }: Live) => board.seq !== undefined;

/** Tells whoever supervises, on any page of theirs, what an agent has just been refused to have dialled. */
export function RefusedNotices() {
  const agents = useLive(agentsOf);
  const there = useLive(isThere);
  const [refusals, setRefusals] = useState<Refusals>({});
  useEffect(() => {
    if (there) setRefusals((before) => look(before, Object.values(agents)));
  }, [there, agents]);
  return Object.values(agents)
    .filter(({ id, refused }) => refused && refusals[id]?.told)
    .sort((a, b) => refusedAt(b) - refusedAt(a))
    .slice(0, most)
    .map((agent) => (
      <Refused key={agent.id} agent={agent} seen={() => setRefusals((before) => seen(before, agent.id))} />
    ));
}

function Refused({ agent: { name, refused }, seen }: { agent: Agent; seen: () => void }) {
  const { t } = useSay();
  if (!refused) return null;
  const number = phoneNumber(refused.number);
  return (
    <Notice testid="refused-notice">
      {t("floor.refusedNow", { name, number, why: t(`floor.refusedWhy.${refused.why}`) })}{" "}
      <button
        type="button"
        className="button button-small"
        aria-label={t("floor.seenOf", { name })}
        data-testid="refused-seen"
        onClick={seen}
      >
        {t("floor.seen")}
      </button>
    </Notice>
  );
}
