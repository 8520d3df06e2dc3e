import { useState } from "react";
import { useSay } from "../i18n/format";
import { type Agent, ask, rest } from "../rest/client";
import { ActButton } from "./ActButton";
import { Icon } from "./Icon";
import { useKey } from "./keys";
import { PauseMenu } from "./PauseMenu";
import { failureText, sayDone, sayFailed } from "./say";
import { useSigned } from "./session";

export type Choice = { state: "ready" | "not-ready"; reason?: string };

/** The choice of a state: at once, or with a call in hand for afterwards; then `next` is what was chosen. */
export function useChoice(agent: Agent | undefined) {
  const [later, setLater] = useState<{ call: string; choice: Choice }>();
  const busy = agent?.state === "offered" || agent?.state === "connected" || agent?.state === "wrap-up";
  const next = busy && later?.call === agent.call ? later?.choice : undefined;

  async function choose(choice: Choice) {
    const answer = await ask(
      rest.PUT("/agents/{agent}/state", { params: { path: { agent: "me" } }, body: choice }),
    );
    if (!answer.ok) return sayFailed((t) => failureText(t, answer.failure));
    if (!busy) return;
    setLater({ call: agent?.call ?? "", choice });
    sayDone((t) => t("state.laterSaid"));
  }
  return { next, choose };
}

/** What comes after this call, beside the name: it takes no room of its own. */
export function NextState({ next }: { next: Choice | undefined }) {
  const { t, label } = useSay();
  const { catalogue } = useSigned();
  if (!next) return null;
  const state = next.state === "ready" ? t("state.ready") : label(catalogue?.reasons, next.reason);
  return (
    <span className="top-later" data-testid="state-later">
      {" · "}
      {t("state.later", { state })}
    </span>
  );
}

type Props = { agent: Agent; next: Choice | undefined; choose: (choice: Choice) => Promise<void> };

/** Ready, or not ready with a reason. During a call the choice is for afterwards. */
export function StateButtons({ agent, next, choose }: Props) {
  const { t } = useSay();
  const [open, setOpen] = useState(false);
  useKey("pause", () => setOpen(true));

  return (
    <div className="top-choice">
      <ActButton
        shortcut="ready"
        act={() => void choose({ state: "ready" })}
        className="button button-ready"
        aria-pressed={next ? next.state === "ready" : agent.state === "ready"}
        data-testid="ready"
      >
        <Icon sign="check" />
        {t("state.ready")}
      </ActButton>
      <PauseMenu
        open={open}
        setOpen={setOpen}
        pressed={next ? next.state === "not-ready" : agent.state === "not-ready"}
        choose={(reason) => void choose({ state: "not-ready", reason })}
      />
    </div>
  );
}
