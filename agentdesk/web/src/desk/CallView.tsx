import { useEffect } from "react";
import { useSay } from "../i18n/format";
import type { Agent, Call } from "../rest/client";
import { CallbackNote } from "./CallbackFacts";
import { CallerFacts, CallerHead } from "./CallerHead";
import type { Stage } from "./Desk";
import { DialControls, DialHead } from "./Dialling";
import { FollowUpLater } from "./FollowUpForm";
import { FromColleague } from "./FromColleague";
import { History } from "./History";
import { Knowledge } from "./Knowledge";
import { NoteField, OtherNotes } from "./NoteField";
import { OfferControls, OfferHead } from "./OfferStage";
import { PromiseNote } from "./PromiseNote";
import { ScriptCard } from "./ScriptCard";
import { SupportUsed } from "./SupportUsed";
import { TalkControls, TalkHead } from "./TalkStage";
import { Tickets } from "./Tickets";
import { lacks, useCallContext } from "./useCallContext";
import { useNote } from "./useNote";
import { verifiedOf } from "./verified";
import { Way } from "./Way";
import { WrapUp } from "./WrapUp";
import { whoIs } from "./who";

type Props = { agent: Agent; call: Call | undefined; stage: Stage };

/** One call from pop to close. Who calls, the tickets and the history keep their places throughout. */
export function CallView({ agent, call, stage }: Props) {
  const say = useSay();
  const id = agent.call ?? "";
  const { asked, again } = useCallContext(id);
  const context = asked.state === "ready" ? asked.data : undefined;
  const { note, state } = useNote(id, call ? whoIs(say, call) : "");
  useEffect(() => {
    if (context && !lacks(context, "note")) note.found(context.note);
  }, [note, context]);
  const script = context?.script;
  const names = {
    offered: "pop.label",
    connected: "talk.label",
    dialling: "dial.label",
    "wrap-up": "wrap.label",
    idle: "talk.label",
  } as const;
  return (
    <>
      <section
        className="card call"
        tabIndex={-1}
        aria-label={say.t(names[stage])}
        data-testid={stage === "offered" ? "pop" : stage}
      >
        <div className="call-top">
          {call && <CallerHead call={call} stage={stage} context={context} />}
          {stage === "offered" && call?.offer && <OfferHead call={call} offer={call.offer} />}
          {stage === "dialling" && call && <DialHead agent={agent} call={call} />}
          {stage === "connected" && <TalkHead agent={agent} call={call} />}
        </div>
        {stage === "offered" && call?.offer && <OfferControls agent={agent} call={call} offer={call.offer} />}
        {stage === "dialling" && call && <DialControls call={call} />}
        {stage === "connected" && <TalkControls agent={agent} id={id} call={call} note={state.text} />}
        {call && stage !== "offered" && <SupportUsed call={call} />}
        {call && <CallerFacts call={call} verified={verifiedOf(call, context, state.done)} />}
        {call && stage !== "wrap-up" && <CallbackNote call={call} />}
        {call?.follow_up && <PromiseNote call={call} promise={call.follow_up} />}
        {call && stage !== "wrap-up" && <FromColleague call={call} />}
        {call && stage !== "wrap-up" && <Way call={call} agent={agent} />}
        <OtherNotes others={state.others.length > 0 ? state.others : (context?.note.others ?? [])} />
        {mayPromise(stage, call) && <FollowUpLater call={call} id={id} />}
        <div className="work">
          {stage === "connected" && <NoteField note={note} state={state} />}
          {stage === "wrap-up" && <WrapUp agent={agent} id={id} note={note} state={state} />}
          {script && (
            <ScriptCard
              script={script}
              done={state.done}
              tick={stage === "offered" ? undefined : (step, on) => note.tick(step, on)}
            />
          )}
        </div>
      </section>
      <aside className="context">
        <Tickets id={id} call={call} offered={stage === "offered"} />
        <Knowledge
          call={id}
          fitting={context?.articles ?? []}
          missing={context?.missing.some(({ source }) => source.startsWith("articles/")) ?? false}
        />
        <History asked={asked} again={again} />
      </aside>
    </>
  );
}

/** Who has the call, or had it, may promise another; who is only asked into it may not. */
const mayPromise = (stage: Stage, call: Call | undefined): boolean =>
  stage === "wrap-up" || (stage === "connected" && call !== undefined && !call.advises);
