import { createContext, use, useSyncExternalStore } from "react";
import type { Agent, Call, Queue } from "../rest/client";
import type { Live, LiveDesk } from "./live";
import type { Board, Unwell } from "./state";

export const LiveContext = createContext<LiveDesk | undefined>(undefined);

export function useDesk(): LiveDesk {
  const desk = use(LiveContext);
  if (!desk) throw new Error("useDesk outside a signed-in console");
  return desk;
}

/** Reads a part of the live state; `pick` must return kept identities, not new objects. */
export function useLive<T>(pick: (live: Live) => T): T {
  const desk = useDesk();
  return useSyncExternalStore(desk.subscribe, () => pick(desk.get()));
}

const boardOf = (live: Live): Board => live.board;

export const useBoard = (): Board => useLive(boardOf);
export const useAgent = (id: string | undefined): Agent | undefined =>
  useLive((live) => (id ? live.board.agents[id] : undefined));
export const useCall = (id: string | undefined): Call | undefined =>
  useLive((live) => (id ? live.board.calls[id] : undefined));
export const useQueue = (id: string | undefined): Queue | undefined =>
  useLive((live) => (id ? live.board.queues[id] : undefined));
export const useUnwell = (agent: string): Unwell | undefined => useLive((live) => live.board.unwell[agent]);
