import { useSay } from "../i18n/format";
import type { Agent, Call } from "../rest/client";
import { CallbackNote } from "./CallbackFacts";
import { CallerFacts, CallerHead } from "./CallerHead";
import type { Stage } from "./Desk";
import { History } from "./History";
import { NoteField } from "./NoteField";
import { useNote } from "./note";
import { OfferStage } from "./OfferStage";
import { TalkStage } from "./TalkStage";
import { Tickets } from "./Tickets";
import { Way } from "./Way";
import { WrapUp } from "./WrapUp";
import { whoIs } from "./who";

type Props = { agent: Agent; call: Call | undefined; stage: Stage };

/** One call from pop to close. Who calls, the tickets and the history keep their places throughout. */
export function CallView({ agent, call, stage }: Props) {
  const say = useSay();
  const id = agent.call ?? "";
  const [note, setNote] = useNote(id, call ? whoIs(say, call) : "");
  const label =
    stage === "offered"
      ? say.t("pop.label")
      : stage === "connected"
        ? say.t("talk.label")
        : say.t("wrap.label");
  return (
    <>
      <section className="card call" aria-label={label} data-testid={stage === "offered" ? "pop" : stage}>
        <div className="call-top">
          {call && <CallerHead call={call} stage={stage} />}
          {stage === "offered" && call?.offer && <OfferStage call={call} offer={call.offer} />}
          {stage === "connected" && <TalkStage agent={agent} call={call} id={id} />}
        </div>
        {call && <CallerFacts call={call} />}
        {call && stage !== "wrap-up" && <CallbackNote call={call} />}
        {call && stage !== "wrap-up" && <Way call={call} agent={agent} />}
        {stage === "connected" && <NoteField note={note} setNote={setNote} />}
        {stage === "wrap-up" && <WrapUp agent={agent} id={id} note={note} setNote={setNote} />}
      </section>
      <aside className="context">
        <Tickets id={id} call={call} offered={stage === "offered"} />
        <History id={id} />
      </aside>
    </>
  );
}
