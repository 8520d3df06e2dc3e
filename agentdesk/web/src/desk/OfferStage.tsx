import { useEffect, useLayoutEffect, useState } from "react";
import { ActButton } from "../frame/ActButton";
import { Icon } from "../frame/Icon";
import { failureText, sayFailed } from "../frame/say";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import type { LiveDesk } from "../live/live";
import { secondsUntil, useNow } from "../live/now";
import { useDesk } from "../live/use";
import { canHear } from "../phone/microphone";
import { usePhone } from "../phone/use";
import { ask, type Call, rest } from "../rest/client";
import { whenPainted } from "./popped";
import { RejectMenu } from "./RejectMenu";

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
export function OfferControls({ call, offer }: { call: Call; offer: Offer }) {
  if (offer.callback && call.callback?.dialling) return <CustomerRings />;
  return (
    <div className="offer-choice">
      <AnswerButton offer={offer} />
      <RejectButton offer={offer} />
    </div>
  );
}

/** A callback, agent first: the agent has answered and the customer's phone rings. */
function CustomerRings() {
  const { t } = useSay();
  const { softphone } = useSigned();
  const phone = usePhone(softphone);
  return (
    <div className="offer-choice">
      <p className="offer-phone" data-testid="customer-rings">
        <Icon sign="callback" large />
        {t("callback.dialling")}
      </p>
      {softphone && phone.call && (
        <ActButton
          shortcut="hangup"
          act={() => softphone.hangUp()}
          className="button button-large"
          data-testid="give-up"
        >
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

function AnswerButton({ offer }: { offer: Offer }) {
  const { t } = useSay();
  const { softphone, phoneKind } = useSigned();
  const phone = usePhone(softphone);
  const [pressed, setPressed] = useState(false);
  const here = softphone !== undefined && phone.line !== "elsewhere";
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
  if (!here)
    return (
      <p className="offer-phone" data-testid="answer-on-phone">
        <Icon sign="phone" large />
        {softphone ? t("pop.elsewhere") : t("pop.onPhone")}
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
