import { openDialog } from "../frame/dialogs";
import { Icon, signOfState } from "../frame/Icon";
import { useShortcuts } from "../frame/keys";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import type { Agent } from "../rest/client";
import { DialBox } from "./DialBox";
import { Drafts } from "./Drafts";
import { isFree } from "./free";
import { MyQueues } from "./MyQueues";
import { Promised } from "./Promised";
import { Recent } from "./Recent";

/** Between calls: what to expect, the day's own numbers, the queues one serves. */
export function Idle({ agent }: { agent: Agent | undefined }) {
  const { t, number } = useSay();
  const { session } = useSigned();
  return (
    <>
      <section className="card idle" tabIndex={-1} aria-labelledby="idle-label" data-testid="idle">
        <IdleHead agent={agent} />
        {agent && (
          <div className="idle-day">
            <h2>{t("idle.today")}</h2>
            <dl className="figures">
              <div>
                <dt>{t("idle.handled")}</dt>
                <dd data-testid="today-handled">{number(agent.handled ?? 0)}</dd>
              </div>
              <div>
                <dt>{t("idle.missedCount")}</dt>
                <dd data-testid="today-missed">{number(agent.missed ?? 0)}</dd>
              </div>
            </dl>
          </div>
        )}
        {isFree(agent) && <DialBox />}
        {agent && agent.queues.length > 0 && <MyQueues ids={agent.queues} />}
        <Drafts current={agent?.call} />
      </section>
      <aside className="context">
        {session.agent && <Promised agent={session.agent} />}
        {session.agent && <Recent agent={session.agent} handled={agent?.handled ?? 0} />}
        <Shortcuts />
      </aside>
    </>
  );
}

function IdleHead({ agent }: { agent: Agent | undefined }) {
  const { t } = useSay();
  const { session } = useSigned();
  const silent = agent?.state === "ready" && agent.phone !== undefined;
  const [title, lead] = idleWords(t, agent, session.agent !== undefined);
  return (
    <header className="idle-head" data-state={silent ? "offered" : (agent?.state ?? "offline")}>
      <span className="idle-sign">
        <Icon sign={silent ? "phone-off" : signOfState[agent?.state ?? "offline"]} large />
      </span>
      <div>
        <h1 id="idle-label">{title}</h1>
        <p className="muted">{lead}</p>
      </div>
    </header>
  );
}

function idleWords(
  t: ReturnType<typeof useSay>["t"],
  agent: Agent | undefined,
  takesCalls: boolean,
): [string, string] {
  if (!takesCalls) return [t("nav.desk"), t("idle.noAgent")];
  if (agent?.state === "ready" && agent.phone)
    return [t(`floor.phone.${agent.phone}`), t(`idle.phone.${agent.phone}`)];
  if (agent?.state === "ready" || agent?.state === "offered") return [t("idle.ready"), t("idle.readyLead")];
  if (agent?.state !== "not-ready") return [t("idle.offline"), t("idle.offlineLead")];
  if (agent.reason === "ring-no-answer") return [t("idle.missed"), t("idle.missedLead")];
  if (agent.reason === "unreachable") return [t("idle.unreachable"), t("idle.unreachableLead")];
  if (agent.reason === "rejected") return [t("idle.rejected"), t("idle.rejectedLead")];
  if (agent.reason === "phone-lost") return [t("idle.phoneLost"), t("idle.phoneLostLead")];
  return [t("idle.notReady"), t("idle.notReadyLead")];
}

const shown = ["answer", "reject", "hold", "mute", "hangup", "ready", "pause"] as const;

/** The keys one needs most; all of them, and the way to change them, behind the button. */
function Shortcuts() {
  const { t, keys } = useSay();
  const shortcuts = useShortcuts();
  return (
    <details className="card keys">
      <summary>{t("keys.title")}</summary>
      <dl className="help-keys">
        {shown.map((one) => (
          <div key={one}>
            <dt>{t(`keys.act.${one}`)}</dt>
            <dd>{shortcuts[one] ? <kbd>{keys(shortcuts[one])}</kbd> : t("keys.none")}</dd>
          </div>
        ))}
      </dl>
      <button type="button" className="button button-small" onClick={() => openDialog({ dialog: "help" })}>
        {t("keys.all")}
      </button>
    </details>
  );
}
