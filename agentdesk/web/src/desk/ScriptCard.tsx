import { useRef } from "react";
import { Icon } from "../frame/Icon";
import { useKey } from "../frame/keys";
import { useSay } from "../i18n/format";
import type { Script } from "../rest/client";

type Props = {
  script: Script;
  done: readonly string[];
  /** Undefined while nothing can be ticked. */
  tick: ((step: string, on: boolean) => void) | undefined;
};

/** What to say and check on this queue, in order; ticks are saved with the note. */
export function ScriptCard({ script, done, tick }: Props) {
  const { t, language, number } = useSay();
  const card = useRef<HTMLElement>(null);
  const checks = script.steps.filter((step) => step.check);
  const ticked = checks.filter((step) => done.includes(step.id)).length;
  useKey("script", () => card.current?.querySelector<HTMLElement>("input, h2")?.focus());
  return (
    <section ref={card} className="script" aria-labelledby="script-label" data-testid="script">
      <header className="card-head">
        <h2 id="script-label" tabIndex={-1}>
          <Icon sign="list" />
          {script[language]}
        </h2>
        {checks.length > 0 && (
          <span className="row-facts" data-testid="script-done">
            {t("script.done", { done: number(ticked), all: number(checks.length) })}
          </span>
        )}
      </header>
      <ol className="script-steps">
        {script.steps.map((step) => (
          <li key={step.id} data-done={done.includes(step.id)}>
            {step.check ? (
              <label className="tick">
                <input
                  type="checkbox"
                  checked={done.includes(step.id)}
                  disabled={!tick}
                  data-testid={`step-${step.id}`}
                  onChange={(event) => tick?.(step.id, event.target.checked)}
                />
                <span>
                  {step[language]}
                  {step.verifies && <span className="script-verifies">{t("script.verifies")}</span>}
                </span>
              </label>
            ) : (
              <p className="script-say">{step[language]}</p>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
