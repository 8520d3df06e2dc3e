import { useSigned } from "../frame/session";
import { useBoard } from "../live/use";
import type { Names } from "./why";

/** The names an explanation needs; `rule` is how the chosen agent was chosen. */
export function useNames(rule?: string): Names {
  const { catalogue } = useSigned();
  const { agents } = useBoard();
  const named = (id: string) => agents[id] ?? catalogue?.agents?.find((one) => one.id === id);
  return { catalogue, rule, agent: (id) => named(id)?.name ?? id };
}
