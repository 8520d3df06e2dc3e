import { useId, useRef, useState } from "react";
import { CallbackBadge, callbackText } from "../desk/CallbackFacts";
import { PromiseBadge, promiseText } from "../desk/PromiseNote";
import { useNames } from "../desk/useNames";
import { Icon } from "../frame/Icon";
import { Opened } from "../frame/Opener";
import { clock, phoneNumber, useSay } from "../i18n/format";
import { secondsSince, useNow } from "../live/now";
import type { Standing } from "../rest/client";
import { ActMenu } from "./ActMenu";
import { type Act, PlaceAct } from "./PlaceAct";
import { PlaceWhy } from "./PlaceWhy";

type Props = { place: Standing; open: boolean; setOpen: (open: boolean) => void; changed: () => void };

/** One place in line: who, since when, what was told, and what to do about it. */
export function LinePlace({ place, open, setOpen, changed }: Props) {
  const { t } = useSay();
  const [shown, setShown] = useState<Act | "why">("why");
  const [why, acts] = [useRef<HTMLButtonElement>(null), useRef<HTMLButtonElement>(null)];
  const more = useId();
  const who =
    place.contact?.name || place.caller?.name || phoneNumber(place.caller?.number) || t("pop.hidden");
  const show = (what: Act | "why") => {
    setOpen(!open || shown !== what);
    setShown(what);
  };
  const done = () => {
    setOpen(false);
    changed();
  };
  return (
    <li
      className="line-place"
      data-testid={`place-${place.call}`}
      data-callback={place.callback !== undefined}
    >
      <span className="line-rank">
        <span className="unseen">{t("line.place", { place: "" })}</span>
        {place.place}
      </span>
      <div className="line-who">
        <span className="row-title">{who}</span>
        <PlaceFacts place={place} />
      </div>
      <PlaceWait place={place} />
      <div className="line-acts">
        <button
          ref={why}
          type="button"
          className="button button-small"
          aria-expanded={open && shown === "why"}
          aria-controls={open && shown === "why" ? more : undefined}
          aria-label={t("why.askFor", { who })}
          data-testid="why"
          onClick={() => show("why")}
        >
          {t("why.ask")}
        </button>
        <ActMenu button={acts} who={who} place={place} choose={show} />
      </div>
      {open && (
        <div className="line-more">
          <Opened key={shown} id={more} button={shown === "why" ? why : acts}>
            {shown === "why" ? (
              <PlaceWhy call={place.call} />
            ) : (
              <PlaceAct act={shown} place={place} who={who} done={done} keep={() => setOpen(false)} />
            )}
          </Opened>
        </div>
      )}
    </li>
  );
}

/** Callback, priority, where it rings, for whom it is kept: each by word. */
function PlaceFacts({ place }: { place: Standing }) {
  const say = useSay();
  const { t } = say;
  const names = useNames();
  return (
    <span className="line-facts">
      {place.callback && (place.follow_up ? <PromiseBadge /> : <CallbackBadge />)}
      {place.priority !== 0 && (
        <span className="tag" data-testid="priority">
          <Icon sign="up" />
          {t("line.priority", { priority: place.priority })}
        </span>
      )}
      {place.offered_to && place.offered_to.length > 0 && (
        <span className="tag" data-state="offered" data-testid="rings">
          <Icon sign="bell" />
          {t("line.rings", { agents: place.offered_to.map(names.agent).join(", ") })}
        </span>
      )}
      {place.kept_for && (
        <span className="tag" data-testid="kept-for">
          <Icon sign="star" />
          {t("line.kept", { agent: names.agent(place.kept_for) })}
        </span>
      )}
      {place.follow_up && (
        <span className="row-facts" data-testid="place-promise">
          {promiseText(say, place.follow_up, names.agent(place.follow_up.agent), false)}
        </span>
      )}
      {place.follow_up?.note && <span className="row-note">{place.follow_up.note}</span>}
      {place.callback && <span className="row-facts">{callbackText(say, place.callback)}</span>}
    </span>
  );
}

/** How long so far, against the range told; longer than told is said by word and sign. */
function PlaceWait({ place }: { place: Standing }) {
  const { t, range } = useSay();
  const now = useNow();
  const { wait } = place;
  const over = wait?.high_s !== undefined && secondsSince(wait.at, now) > wait.high_s;
  return (
    <span className="line-wait" data-testid="place-wait">
      <span className="timer">
        <span className="unseen">{t("line.waited", { duration: "" })}</span>
        {clock(secondsSince(place.entered_at, now))}
      </span>
      <span className="row-facts">
        {wait?.high_s === undefined
          ? t("line.untold")
          : t("line.told", { range: range(wait.low_s ?? 0, wait.high_s) })}
      </span>
      {over && (
        <span className="line-over" data-testid="over">
          <Icon sign="alert" />
          {t("line.over")}
        </span>
      )}
    </span>
  );
}
