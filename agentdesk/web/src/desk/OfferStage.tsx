import { useEffect, useLayoutEffect, useState } from "react";
import { Icon } from "../frame/Icon";
import { keyNames, useKey } from "../frame/keys";
import { failureText, sayFailed } from "../frame/say";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import { secondsUntil, useNow } from "../live/now";
import { useDesk } from "../live/use";
import { usePhone } from "../phone/use";
import { ask, type Call, rest } from "../rest/client";
import { whenPainted } from "./popped";

type Offer = NonNullable<Call["offer"]>;

/** The offer: how long to answer, yes or no. Tells the server once it is on the page. */
export function OfferStage({ call, offer }: { call: Call; offer: Offer }) {
  const desk = useDesk();
  useLayoutEffect(() => whenPainted(() => desk.popped(offer.id)), [desk, offer.id]);
  if (offer.callback && call.callback?.dialling) return <CustomerRings />;
  return (
    <div className="offer">
      <RingLeft offer={offer} />
      <div className="offer-choice">
        <AnswerButton offer={offer} />
        <RejectButton offer={offer} />
      </div>
    </div>
  );
}

/** A callback, agent first: the agent has answered and the customer's phone rings. */
function CustomerRings() {
  const { t } = useSay();
  const { softphone } = useSigned();
  const phone = usePhone(softphone);
  return (
    <div className="offer">
      <p className="offer-phone" data-testid="customer-rings">
        <Icon sign="callback" large />
        {t("callback.dialling")}
      </p>
      {softphone && phone.call && (
        <button type="button" className="button" data-testid="give-up" onClick={() => softphone.hangUp()}>
          <Icon sign="hangup" />
          {t("callback.giveUp")}
        </button>
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
  useKey("answer", answer, here);
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
  const waits =
    pressed && (phone.call?.stage !== "ringing" || phone.mic === "ready" || phone.mic === "unknown");
  return (
    <button
      type="button"
      className="button button-answer button-large"
      aria-keyshortcuts={keyNames("answer")}
      aria-disabled={waits}
      data-testid="answer"
      onClick={answer}
    >
      <Icon sign="phone" large />
      {waits ? t("pop.answering") : t("pop.answer")}
    </button>
  );
}

function RejectButton({ offer }: { offer: Offer }) {
  const { t } = useSay();
  const reject = () =>
    void ask(rest.POST("/offers/{offer}/reject", { params: { path: { offer: offer.id } } })).then(
      (answer) => {
        if (!answer.ok) sayFailed((t) => failureText(t, answer.failure));
      },
    );
  useKey("reject", reject);
  return (
    <button
      type="button"
      className="button button-large"
      aria-keyshortcuts={keyNames("reject")}
      data-testid="reject"
      onClick={reject}
    >
      {t("pop.reject")}
    </button>
  );
}
