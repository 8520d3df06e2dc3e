import { useSigned } from "../frame/session";
import { useAgent } from "../live/use";
import type { Agent, AgentState } from "../rest/client";

const free: AgentState[] = ["ready", "not-ready", "wrap-up"];

/** Whether an agent may call somebody now: they have no call in hand. */
export const isFree = (agent: Agent | undefined): boolean =>
  agent !== undefined && free.includes(agent.state);

/** Whether the person at this page may. */
export function useFree(): boolean {
  const { session } = useSigned();
  return isFree(useAgent(session.agent));
}
