import { useEffect, useLayoutEffect, useState } from "react";
import { ActButton } from "../frame/ActButton";
import { Icon } from "../frame/Icon";
import { failureText, sayFailed } from "../frame/say";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import type { LiveDesk } from "../live/live";
import { secondsUntil, useNow } from "../live/now";
import { useDesk } from "../live/use";
import { answersAt, deviceOf } from "../phone/beside";
import { canHear } from "../phone/microphone";
import { usePhone } from "../phone/use";
import { type Agent, ask, type Call, rest } from "../rest/client";
import { can } from "./acts";
import { whenPainted } from "./popped";
import { RejectMenu } from "./RejectMenu";
import { useHangUp } from "./useHangUp";

type Offer = NonNullable<Call["offer"]>;

/** The offer's clock, beside who calls. Tells the server once the pop is on the page. */
export function OfferHead({ call, offer }: { call: Call; offer: Offer }) {
  const desk = useDesk();
  useLayoutEffect(() => whenPainted(() => shown(desk, offer.id)), [desk, offer.id]);
  if (offer.callback && call.callback?.dialling) return null;
  return <RingLeft offer={offer} />;
}

/** Tells the server, and the browser's own timeline for who measures. */
function shown(desk: LiveDesk, offer: string): void {
  desk.popped(offer);
  performance.mark("pop");
}

/** Yes or no, where the controls of the talk will be. */
export function OfferControls({ agent, call, offer }: { agent: Agent; call: Call; offer: Offer }) {
  if (offer.callback && call.callback?.dialling) return <CustomerRings call={call} />;
  return (
    <div className="offer-choice">
      <AnswerButton agent={agent} offer={offer} />
      <RejectButton offer={offer} />
    </div>
  );
}

/** A callback, agent first: the agent has answered and the customer's phone rings. */
function CustomerRings({ call }: { call: Call }) {
  const { t } = useSay();
  const hangUp = useHangUp(call.id);
  return (
    <div className="offer-choice">
      <p className="offer-phone" data-testid="customer-rings">
        <Icon sign="callback" large />
        {t("callback.dialling")}
      </p>
      {can(call, "hangup") && (
        <ActButton shortcut="hangup" act={hangUp} className="button button-large" data-testid="give-up">
          <Icon sign="hangup" />
          {t("callback.giveUp")}
        </ActButton>
      )}
    </div>
  );
}

function RingLeft({ offer }: { offer: Offer }) {
  const { t } = useSay();
  const until = Date.parse(offer.at) + offer.ring_s * 1_000;
  // The estimate of the server's clock may be a little early: never more than there is.
  const left = Math.min(Math.ceil(offer.ring_s), secondsUntil(until, useNow()));
  return (
    <div className="ring">
      <span data-testid="ring-left">{t("pop.ring", { seconds: left })}</span>
      <progress className="ring-bar" max={offer.ring_s} value={left} aria-hidden="true" />
    </div>
  );
}

/** Where it is to be answered, when not by the button. */
const elsewhere = {
  tab: "pop.elsewhere",
  "tab-or-desk": "pop.elsewhereOrDesk",
  desk: "pop.onDesk",
  phone: "pop.onPhone",
} as const;

function AnswerButton({ agent, offer }: { agent: Agent; offer: Offer }) {
  const { t } = useSay();
  const { softphone, phoneKind } = useSigned();
  const phone = usePhone(softphone);
  const [pressed, setPressed] = useState(false);
  const at = answersAt(softphone && phone.line, deviceOf(agent, "desk"));
  const answer = () => {
    setPressed(true);
    softphone?.answer();
  };
  // An answer is for this offer alone: the next call must not be picked up by it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new offer starts afresh
  useEffect(() => {
    setPressed(false);
    return () => softphone?.forget();
  }, [softphone, offer.id]);

  if (phoneKind === "unknown") return null;
  if (at !== "here" && at !== "here-or-desk")
    return (
      <p className="offer-phone" data-testid="answer-on-phone">
        <Icon sign={at === "desk" ? "desk-phone" : "phone"} large />
        {t(elsewhere[at])}
      </p>
    );
  // A microphone that failed gives the button back; the notice says why.
  const waits = pressed && (phone.call?.stage !== "ringing" || canHear(phone.mic) || phone.mic === "unknown");
  return (
    <ActButton
      shortcut="answer"
      act={answer}
      className="button button-answer button-large"
      aria-disabled={waits}
      data-testid="answer"
    >
      <Icon sign="phone" large />
      {waits ? t("pop.answering") : t("pop.answer")}
      {at === "here-or-desk" && !waits && <small className="answer-also">{t("pop.orDesk")}</small>}
    </ActButton>
  );
}

function RejectButton({ offer }: { offer: Offer }) {
  const { t } = useSay();
  const reject = (reason?: string) =>
    void ask(
      rest.POST("/offers/{offer}/reject", {
        params: { path: { offer: offer.id } },
        ...(reason ? { body: { reason } } : {}),
      }),
    ).then((answer) => {
      if (!answer.ok) sayFailed((t) => failureText(t, answer.failure));
    });
  return (
    <span className="reject">
      <ActButton shortcut="reject" act={() => reject()} className="button button-large" data-testid="reject">
        {t("pop.reject")}
      </ActButton>
      <RejectMenu reject={reject} />
    </span>
  );
}
