import { useEffect, useState } from "react";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import { useAgent, useCall } from "../live/use";
import { usePhone } from "../phone/use";
import type { Agent, Call } from "../rest/client";
import { CallView } from "./CallView";
import { DirectCall } from "./DirectCall";
import { Idle } from "./Idle";
import { dialsOut } from "./out";
import { type Notice, useNotify } from "./useNotify";
import { whoIs } from "./who";

/** The agent's page: what they have now, call or no call, always in the same places. */
export function Desk({ agentId }: { agentId: string | undefined }) {
  const agent = useAgent(agentId);
  const call = useCall(agent?.call);
  const { softphone } = useSigned();
  const phone = usePhone(softphone);
  const stage = stageOf(agent, call);
  useTitle(stage, call);
  useNotify(useOfferNotice(stage, call));

  // The leg of a call the desk shows is that call's, also in the moment between
  // the end of the talk and the end of the leg.
  const [deskLeg, setDeskLeg] = useState<string>();
  const shown = stage === "offered" || stage === "dialling" || stage === "connected";
  if (shown && phone.call && phone.call.id !== deskLeg) setDeskLeg(phone.call.id);
  const direct = !shown && phone.call?.id !== deskLeg ? phone.call : undefined;

  return (
    <div className="desk" data-stage={stage} data-testid="desk">
      {direct && softphone && <DirectCall softphone={softphone} call={direct} />}
      <CallAnnounce stage={stage} call={call} />
      {agent && stage !== "idle" ? (
        <CallView key={agent.call} agent={agent} call={call} stage={stage} />
      ) : (
        <Idle agent={agent} />
      )}
    </div>
  );
}

export type Stage = "idle" | "offered" | "dialling" | "connected" | "wrap-up";

/** An offer is shown once its call is here; a wrap-up also when the call is gone already. */
function stageOf(agent: Agent | undefined, call: Call | undefined): Stage {
  if (!agent?.call) return "idle";
  if (dialsOut(call, agent.id) && (agent.state === "offered" || agent.state === "connected"))
    return "dialling";
  if (agent.state === "offered") return call?.offer ? "offered" : "idle";
  if (agent.state === "connected" || agent.state === "wrap-up") return agent.state;
  return "idle";
}

/**
 * Says an offer to those who do not see it, whatever they are doing, without moving the
 * focus. It lies over dialogs, so that none keeps it from being said.
 */
function CallAnnounce({ stage, call }: { stage: Stage; call: Call | undefined }) {
  const say = useSay();
  const { catalogue } = useSigned();
  const text =
    stage === "offered" && call
      ? say.t("pop.announce", { who: whoIs(say, call), queue: say.label(catalogue?.queues, call.queue) })
      : "";
  return (
    <p className="unseen" role="alert" data-testid="announce" data-react-aria-top-layer="true">
      {text}
    </p>
  );
}

/** What a notification says of an offer: who, and for which queue. */
function useOfferNotice(stage: Stage, call: Call | undefined): Notice | undefined {
  const say = useSay();
  const { catalogue } = useSigned();
  if (stage !== "offered" || !call?.offer) return undefined;
  return {
    offer: call.offer.id,
    title: say.t("pop.title", { who: whoIs(say, call) }),
    body: say.label(catalogue?.queues, call.queue),
  };
}

function useTitle(stage: Stage, call: Call | undefined) {
  const say = useSay();
  const title =
    stage === "offered" && call
      ? `● ${say.t("pop.title", { who: whoIs(say, call) })}`
      : `${say.t("nav.desk")} · Linekeeper`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
