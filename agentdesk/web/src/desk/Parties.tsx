import { Icon } from "../frame/Icon";
import { Timer } from "../frame/Timer";
import { phoneNumber, useSay } from "../i18n/format";
import type { Call, CallParty } from "../rest/client";
import { can, complete, drop, hold, merge, resume, swap } from "./acts";
import { whoIs } from "./who";

/** Who else is in the call, how each is, and what can be done with them; nothing while there is nobody. */
export function Parties({ call }: { call: Call }) {
  const say = useSay();
  const { t } = say;
  const parties = call.parties ?? [];
  if (parties.length === 0 && !call.hold) return null;
  return (
    <section className="parties" tabIndex={-1} aria-label={t("party.label")} data-testid="parties">
      <ul className="rows">
        <li className="row party" data-testid="party-caller" data-party-state={call.hold ? "held" : "in"}>
          <span className="row-title">{whoIs(say, call)}</span>
          <PartyState state={call.hold ? "held" : "in"} since={call.hold?.since} />
          {call.hold?.phone && <span className="row-facts">{t("party.onPhone")}</span>}
        </li>
        {parties.map((party) => (
          <PartyRow key={party.id} call={call} party={party} />
        ))}
      </ul>
      <div className="card-acts">
        {can(call, "swap") && <Act id="swap" act={() => swap(call.id)} />}
        {can(call, "merge") && <Act id="merge" act={() => merge(call.id)} />}
      </div>
    </section>
  );
}

function PartyRow({ call, party }: { call: Call; party: CallParty }) {
  const { id, state } = party;
  const inTalk = state !== "ringing";
  const name = party.name || phoneNumber(party.target);
  // One button, whose word changes: who pressed it can press it again.
  const turn = turnOf(call, state);
  return (
    <li className="row party" data-testid={`party-${id}`} data-party-state={state}>
      <span className="row-title">{name}</span>
      <PartyState state={state} since={party.since} />
      <span className="party-acts">
        {inTalk && can(call, "complete") && <Act id="complete" of={name} act={() => complete(call.id, id)} />}
        {turn && <Act id={turn} of={name} act={() => (turn === "holdParty" ? hold : resume)(call.id, id)} />}
        {can(call, "drop") && <Act id="drop" of={name} act={() => drop(call.id, id)} />}
      </span>
    </li>
  );
}

/** Which way holding a party can be turned now, if any. */
function turnOf(call: Call, state: CallParty["state"]): "holdParty" | "resumeParty" | undefined {
  if (state === "in" && can(call, "hold")) return "holdParty";
  return state === "held" && can(call, "resume") ? "resumeParty" : undefined;
}

const looks = {
  ringing: ["bell", "offered"],
  in: ["phone", "connected"],
  held: ["pause", "not-ready"],
} as const;

function PartyState({ state, since }: { state: CallParty["state"]; since: string | undefined }) {
  const { t } = useSay();
  const [sign, colour] = looks[state];
  return (
    <span className="tag" data-state={colour} role="status">
      <Icon sign={sign} />
      {t(`party.state.${state}`)}
      {since && state !== "in" && (
        <span aria-hidden="true">
          <Timer from={since} />
        </span>
      )}
    </span>
  );
}

type ActProps = {
  id: "swap" | "merge" | "complete" | "holdParty" | "resumeParty" | "drop";
  of?: string;
  act: () => Promise<boolean>;
};

function Act({ id, of, act }: ActProps) {
  const { t } = useSay();
  const word = t(`party.${id}`);
  return (
    <button
      type="button"
      className="button button-small"
      aria-label={of ? t("party.of", { act: word, name: of }) : undefined}
      data-testid={id}
      onClick={() => void act()}
    >
      {word}
    </button>
  );
}
