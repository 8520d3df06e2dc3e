import { useEffect, useRef } from "react";
import { Icon } from "../frame/Icon";
import { useSigned } from "../frame/session";
import { phoneNumber, useSay } from "../i18n/format";
import type { Call, CallContext } from "../rest/client";
import type { Stage } from "./Desk";
import { CallAgain } from "./DialBox";
import { DirectionTag } from "./Dialling";
import { OtherNumbers } from "./OtherNumbers";
import type { Verified } from "./verified";
import { nameOf } from "./who";

type Props = { call: Call; stage: Stage; context: CallContext | undefined };

/** Who calls, in the largest letters on the page. */
export function CallerHead({ call, stage, context }: Props) {
  const say = useSay();
  const heading = useRef<HTMLHeadingElement>(null);
  const name = nameOf(call);
  const number = phoneNumber(call.caller.number);

  // The focus goes to the call only when it was nowhere: never away from what
  // the agent types or is about to press.
  useEffect(() => {
    if (stage === "offered" && (!document.activeElement || document.activeElement === document.body))
      heading.current?.focus({ preventScroll: true });
  }, [stage]);

  return (
    <header className="caller">
      <h1 ref={heading} tabIndex={-1} className="caller-name" data-testid="pop-name">
        {name || say.t(call.direction === "out" ? "dial.unknown" : "pop.unknown")}
      </h1>
      <p className="caller-number" data-testid="pop-number" data-number={call.caller.number ?? ""}>
        {number || say.t("pop.hidden")}
        {stage === "wrap-up" && <CallAgain number={call.caller.number} name={name} />}
      </p>
      <OtherNumbers call={call} over={stage === "wrap-up"} context={context} />
    </header>
  );
}

/** What to know before the first word: importance, queue, language, site. */
export function CallerFacts({ call, verified }: { call: Call; verified: Verified }) {
  const say = useSay();
  const { catalogue } = useSigned();
  const language = call.language ?? call.contact?.language;
  return (
    <ul className="facts">
      {call.direction === "out" && (
        <li>
          <DirectionTag direction={call.direction} />
        </li>
      )}
      {call.contact?.vip && (
        <li className="fact fact-vip" data-testid="pop-vip">
          <Icon sign="star" />
          {say.t("pop.vip")}
        </li>
      )}
      <li className="fact" data-testid="pop-verified" data-verified={verified}>
        <Icon sign={verified === "agent" ? "shield" : verified === "number" ? "phone" : "alert"} />
        {say.t(`pop.verified.${verified}`)}
      </li>
      {(call.priority ?? 0) > 0 && (
        <li className="fact" data-testid="pop-priority">
          <Icon sign="up" />
          {say.t("line.priority", { priority: call.priority ?? 0 })}
        </li>
      )}
      {call.queue && (
        <li className="fact" data-testid="pop-queue">
          <Icon sign="line" />
          {say.label(catalogue?.queues, call.queue)}
        </li>
      )}
      {language && (
        <li className="fact" data-testid="pop-language" data-language={language}>
          <Icon sign="globe" />
          {say.t("pop.speaks", { language: say.tongue(language) })}
        </li>
      )}
      {call.contact?.site && (
        <li className="fact" data-testid="pop-site">
          <Icon sign="place" />
          {call.contact.site}
        </li>
      )}
    </ul>
  );
}
