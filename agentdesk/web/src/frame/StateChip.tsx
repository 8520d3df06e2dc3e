import { useSay } from "../i18n/format";
import type { Agent, Catalogue } from "../rest/client";
import { Icon, signOfState } from "./Icon";
import { useSigned } from "./session";
import { Timer } from "./Timer";

/** The agent's own state by colour, sign and word, with its reason and timer. */
export function StateChip({ agent }: { agent: Agent }) {
  const { catalogue } = useSigned();
  const say = useSay();
  const reason = reasonText(say, catalogue, agent);
  return (
    <span className="chip" data-state={agent.state}>
      <span className="chip-sign">
        <Icon sign={signOfState[agent.state]} />
      </span>
      <span className="chip-text">
        <span className="chip-word" role="status" data-testid="state" data-state={agent.state}>
          {say.t(`state.${agent.state}`)}
          {reason && <span className="chip-reason"> {reason}</span>}
        </span>
      </span>
      <Timer from={agent.since} testid="state-timer" />
    </span>
  );
}

/** Why the agent is not ready; empty in other states. */
export function reasonText(
  { label }: Pick<ReturnType<typeof useSay>, "label">,
  catalogue: Catalogue | undefined,
  agent: Agent,
): string {
  if (agent.state !== "not-ready" || !agent.reason) return "";
  return label(catalogue?.reasons, agent.reason);
}
