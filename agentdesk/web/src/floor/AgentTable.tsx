import { whoIs } from "../desk/who";
import { DeviceMark, PageState, PhoneState, ReasonOver, RefusedDials } from "../frame/AgentTrouble";
import { CallMarks } from "../frame/CallMarks";
import { Icon, signOfState } from "../frame/Icon";
import { reasonText } from "../frame/StateChip";
import { useSigned } from "../frame/session";
import { Timer } from "../frame/Timer";
import { useSay } from "../i18n/format";
import { useCall } from "../live/use";
import type { Agent, AgentState } from "../rest/client";

/** Those who may need something first; the offline last. */
const order: AgentState[] = ["connected", "offered", "wrap-up", "ready", "not-ready", "offline"];

export function AgentTable({ agents }: { agents: readonly Agent[] }) {
  const { t } = useSay();
  const sorted = [...agents].sort(
    (a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.name.localeCompare(b.name),
  );
  return (
    <div className="card">
      <header className="card-head">
        <h2>{t("floor.agents")}</h2>
        <StateCounts agents={agents} />
      </header>
      {sorted.length === 0 ? (
        <p className="muted line-note">{t("floor.noAgents")}</p>
      ) : (
        <div className="table-fit">
          <table className="table" data-testid="agent-table">
            <thead>
              <tr>
                <th scope="col">{t("floor.agent")}</th>
                <th scope="col">{t("floor.state")}</th>
                <th scope="col" className="num">
                  {t("floor.time")}
                </th>
                <th scope="col">{t("floor.onCall")}</th>
                <th scope="col">{t("floor.inQueues")}</th>
                <th scope="col">{t("floor.day")}</th>
              </tr>
            </thead>
            <tbody>
              {sorted.map((agent) => (
                <AgentRow key={agent.id} agent={agent} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

function StateCounts({ agents }: { agents: readonly Agent[] }) {
  const { t, number } = useSay();
  return (
    <ul className="counts">
      {order.map((state) => {
        const count = agents.filter((agent) => agent.state === state).length;
        return count > 0 ? (
          <li key={state} className="tag" data-state={state}>
            <Icon sign={signOfState[state]} />
            {t(`state.${state}`)} {number(count)}
          </li>
        ) : null;
      })}
    </ul>
  );
}

function AgentRow({ agent }: { agent: Agent }) {
  const say = useSay();
  const { t, label } = say;
  const { catalogue } = useSigned();
  const call = useCall(agent.call);
  const reason = reasonText(say, catalogue, agent);
  return (
    <tr data-testid={`agent-${agent.id}`} data-state={agent.state}>
      <th scope="row">{agent.name}</th>
      <td className="agent-state" data-label={t("floor.state")}>
        <span className="tag" data-state={agent.state}>
          <Icon sign={signOfState[agent.state]} />
          {t(`state.${agent.state}`)}
        </span>
        {reason && <span className="row-facts"> {reason}</span>} <ReasonOver agent={agent} />{" "}
        <PhoneState agent={agent} /> <DeviceMark agent={agent} /> <PageState agent={agent} />{" "}
        <RefusedDials agent={agent} />
      </td>
      <td className="num" data-label={t("floor.time")}>
        {agent.state === "offline" ? t("common.none") : <Timer from={agent.since} />}
      </td>
      <td data-label={t("floor.onCall")}>
        {call ? whoIs(say, call) : <span className="muted">{t("common.none")}</span>}{" "}
        {call?.agent === agent.id && agent.state === "connected" && <CallMarks call={call} />}
      </td>
      <td className="row-facts" data-label={t("floor.inQueues")}>
        {agent.queues.map((id) => label(catalogue?.queues, id)).join(", ")}
      </td>
      <td className="row-facts" data-label={t("floor.day")}>
        {t("floor.dayCounts", { handled: agent.handled ?? 0, missed: agent.missed ?? 0 })}
      </td>
    </tr>
  );
}
