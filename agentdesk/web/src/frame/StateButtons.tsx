import { useState } from "react";
import { useSay } from "../i18n/format";
import { type Agent, ask, rest } from "../rest/client";
import { Icon } from "./Icon";
import { keyNames, useKey } from "./keys";
import { PauseMenu } from "./PauseMenu";
import { failureText, sayDone, sayFailed } from "./say";
import { useSigned } from "./session";

type Choice = { state: "ready" | "not-ready"; reason?: string };

/** Ready, or not ready with a reason. During a call the choice is for afterwards. */
export function StateButtons({ agent }: { agent: Agent }) {
  const { t, label } = useSay();
  const { catalogue } = useSigned();
  const [open, setOpen] = useState(false);
  const [later, setLater] = useState<{ since: string; choice: Choice }>();
  const busy = agent.state === "offered" || agent.state === "connected" || agent.state === "wrap-up";
  const next = busy && later?.since === agent.call ? later?.choice : undefined;

  async function choose(choice: Choice) {
    const answer = await ask(
      rest.PUT("/agents/{agent}/state", { params: { path: { agent: "me" } }, body: choice }),
    );
    if (!answer.ok) return sayFailed((t) => failureText(t, answer.failure));
    if (!busy) return;
    setLater({ since: agent.call ?? "", choice });
    sayDone((t) => t("state.laterSaid"));
  }

  useKey("ready", () => void choose({ state: "ready" }));
  useKey("pause", () => setOpen(true));

  return (
    <div className="top-choice">
      <button
        type="button"
        className="button button-ready"
        aria-pressed={next ? next.state === "ready" : agent.state === "ready"}
        aria-keyshortcuts={keyNames("ready")}
        data-testid="ready"
        onClick={() => void choose({ state: "ready" })}
      >
        <Icon sign="check" />
        {t("state.ready")}
      </button>
      <PauseMenu
        open={open}
        setOpen={setOpen}
        pressed={next ? next.state === "not-ready" : agent.state === "not-ready"}
        choose={(reason) => void choose({ state: "not-ready", reason })}
      />
      {next && (
        <span className="top-later" data-testid="state-later">
          {t("state.later", {
            state: next.state === "ready" ? t("state.ready") : label(catalogue?.reasons, next.reason),
          })}
        </span>
      )}
    </div>
  );
}
