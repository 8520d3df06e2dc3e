import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { Icon, signOfState } from "../frame/Icon";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import { useBoard } from "../live/use";
import { type Choice, choicesOf, type TargetKind } from "./choices";

export type Target = { kind: TargetKind; to: string };

type Props = {
  kinds: readonly TargetKind[];
  /** What choosing does: the word on the button. */
  word: string;
  choose: (target: Target) => Promise<boolean>;
  close: () => void;
};

/** Shown at most; typing narrows down. */
const shown = 8;

/** Whom or where: an agent by name, and state if it may be seen; a queue, a flow, or a number typed. */
export function TargetPicker({ kinds, word, choose, close }: Props) {
  const { t } = useSay();
  const [kind, setKind] = useState<TargetKind>(kinds[0] ?? "agent");
  const [typed, setTyped] = useState("");
  const [picked, setPicked] = useState("");
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each kind starts with its own field
  useEffect(() => field.current?.focus(), [kind]);
  const choices = useChoices(kind, typed);
  const only = choices.length === 1 ? choices[0]?.id : undefined;
  const to = kind === "number" ? typed.trim() : picked || only || "";

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy || !to) return;
    setBusy(true);
    const done = await choose({ kind, to });
    setBusy(false);
    if (done) close();
  }

  return (
    <form
      className="picker"
      aria-label={word}
      data-testid="picker"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      {kinds.length > 1 && (
        <fieldset className="choices" aria-label={t("target.kind")}>
          {kinds.map((one) => (
            <label key={one} className="choice choice-small">
              <input
                type="radio"
                name="kind"
                checked={kind === one}
                data-testid={`to-${one}`}
                onChange={() => {
                  setKind(one);
                  setTyped("");
                  setPicked("");
                }}
              />
              <span>{t(`target.${one}`)}</span>
            </label>
          ))}
        </fieldset>
      )}
      <input
        ref={field}
        type={kind === "number" ? "tel" : "search"}
        className="search"
        value={typed}
        maxLength={64}
        aria-label={t(kind === "number" ? "target.typeNumber" : "target.typeName")}
        placeholder={t(kind === "number" ? "target.typeNumber" : "target.typeName")}
        data-testid="target-search"
        onChange={(event) => setTyped(event.target.value)}
      />
      {kind !== "number" && <Choices choices={choices} picked={picked || only} pick={setPicked} />}
      <div className="card-acts">
        <button
          type="submit"
          className="button button-primary"
          aria-disabled={busy || !to}
          data-testid="target-choose"
        >
          {word}
        </button>
        <button type="button" className="button" onClick={close}>
          {t("ticket.cancel")}
        </button>
      </div>
    </form>
  );
}

function Choices({
  choices,
  picked,
  pick,
}: {
  choices: readonly Choice[];
  picked: string | undefined;
  pick: (id: string) => void;
}) {
  const { t } = useSay();
  const group = useId();
  if (choices.length === 0) return <p className="muted">{t("target.nobody")}</p>;
  return (
    <fieldset className="targets" aria-label={t("target.choices")} data-testid="targets">
      {choices.slice(0, shown).map(({ id, name, state }) => (
        <label key={id} className="target">
          <input
            type="radio"
            name={group}
            checked={picked === id}
            data-testid={`target-${id}`}
            onChange={() => pick(id)}
          />
          <span className="row-title">{name}</span>
          {state && (
            <span className="tag" data-state={state}>
              <Icon sign={signOfState[state]} />
              {t(`state.${state}`)}
            </span>
          )}
        </label>
      ))}
    </fieldset>
  );
}

function useChoices(kind: TargetKind, typed: string): Choice[] {
  const { agents } = useBoard();
  const { session, catalogue } = useSigned();
  const { language } = useSay();
  return choicesOf(kind, typed, { catalogue, agents, self: session.agent, language });
}
