import { useEffect } from "react";
import { useNames } from "../desk/useNames";
import { KeptLine, WhyList } from "../desk/WhyList";
import { whyText } from "../desk/why";
import { useSay } from "../i18n/format";
import { useCall } from "../live/use";
import { ask, type Explanation, rest } from "../rest/client";
import { useAsked } from "../rest/useAsked";
import { offerEnds } from "./story";

/** How often the floor is asked again while the answer is on the page, in ms. */
const every = 5_000;

/** Why the call is with nobody right now, and what became of its offers so far. */
export function PlaceWhy({ call: id }: { call: string }) {
  const { t } = useSay();
  const { asked, again } = useAsked(id, (signal) =>
    ask(rest.GET("/calls/{call}/why", { params: { path: { call: id } }, signal })),
  );
  const call = useCall(id);
  useEffect(() => {
    const timer = setInterval(again, every);
    return () => clearInterval(timer);
  }, [again]);
  return (
    <div className="place-why" role="status" data-testid="place-why" data-asked={asked.state}>
      {asked.state === "loading" && <p className="muted">{t("why.loading")}</p>}
      {asked.state === "failed" && <p className="muted">{t("why.failed")}</p>}
      <KeptLine kept={call?.kept ?? []} />
      {asked.state === "ready" && <NowWhy explained={asked.data} ringing={call?.offered_to ?? []} />}
      {asked.state === "ready" && <OffersSoFar offers={asked.data.offers} />}
    </div>
  );
}

/** Whose phone rings for the call needs no reason: the others do. */
function NowWhy({ explained, ringing }: { explained: Explanation; ringing: readonly string[] }) {
  const { t } = useSay();
  const { now, more } = explained;
  if (!now) return <p>{t("why.soon")}</p>;
  if (now.length === 0) return <p>{t("why.nobody")}</p>;
  const others = now.filter((why) => !ringing.includes(why.agent));
  if (others.length === 0) return null;
  return (
    <>
      <h3>{t(ringing.length > 0 ? "why.ringing" : "why.waits")}</h3>
      <WhyList why={others} more={more} />
    </>
  );
}

function OffersSoFar({ offers }: { offers: Explanation["offers"] }) {
  const say = useSay();
  const names = useNames();
  if (offers.length === 0) return null;
  return (
    <ul className="why-list">
      {offers.map((offer) => {
        const end = offerEnds.find((one) => one === offer.outcome);
        const chosen = offer.why?.[0];
        const text = [
          say.timeToSecond(offer.at),
          say.t("calls.offered", { agent: names.agent(offer.agent) }),
          end && say.t(`calls.offer.${end}`),
          chosen && whyText(say, names, chosen),
        ].filter(Boolean);
        return <li key={offer.id}>{text.join(" · ")}</li>;
      })}
    </ul>
  );
}
