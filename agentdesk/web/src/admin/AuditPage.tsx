import { type FormEvent, useEffect, useState } from "react";
import { failureText, sayFailed } from "../frame/say";
import { useSay } from "../i18n/format";
import { type AuditEntry, ask, rest } from "../rest/client";
import { useAsked } from "../rest/useAsked";

const page = 100;
const outcomes = ["done", "denied", "failed"] as const;
const verdicts = { done: "good", denied: "attention", failed: "action" } as const;

type Filter = { account?: string; act?: string; outcome?: AuditEntry["outcome"] };

/** Who did what, newest first, narrowed down by person, act and outcome. */
export default function AuditPage() {
  const { t } = useSay();
  const [filter, setFilter] = useState<Filter>({});
  const [older, setOlder] = useState<AuditEntry[]>([]);
  const { asked, again } = useAsked(JSON.stringify(filter), (signal) =>
    ask(rest.GET("/audit", { params: { query: { limit: page, ...filter } }, signal })),
  );
  useEffect(() => {
    document.title = `${t("audit.title")} · Linekeeper`;
  }, [t]);
  const first = asked.state === "ready" ? asked.data.entries : [];
  const entries = [...first, ...older.filter((one) => !first.some((other) => other.id === one.id))];
  const more = entries.length > 0 && entries.length % page === 0;

  async function readOlder() {
    const before = entries.at(-1)?.id;
    if (before === undefined) return;
    const answer = await ask(rest.GET("/audit", { params: { query: { limit: page, before, ...filter } } }));
    if (answer.ok) setOlder((known) => [...known, ...answer.data.entries]);
    else sayFailed((t) => failureText(t, answer.failure));
  }

  function narrow(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim() || undefined;
    const outcome = outcomes.find((one) => one === form.get("outcome"));
    const next: Filter = { account: text("account"), act: text("act"), outcome };
    setOlder([]);
    if (JSON.stringify(next) === JSON.stringify(filter)) again();
    else setFilter(next);
  }

  return (
    <div className="floor" data-testid="audit">
      <header className="floor-head">
        <h1>{t("audit.title")}</h1>
      </header>
      <form className="card audit-filter" onSubmit={narrow}>
        <label className="field">
          <span>{t("audit.account")}</span>
          <input name="account" maxLength={64} autoCapitalize="none" spellCheck={false} />
        </label>
        <label className="field">
          <span>{t("audit.act")}</span>
          <input name="act" maxLength={64} autoCapitalize="none" spellCheck={false} />
        </label>
        <label className="field">
          <span>{t("audit.outcome")}</span>
          <select name="outcome" defaultValue="">
            <option value="">{t("audit.all")}</option>
            {outcomes.map((one) => (
              <option key={one} value={one}>
                {t(`audit.outcomes.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="button" data-testid="audit-search">
          {t("audit.search")}
        </button>
      </form>
      <div className="card">
        {asked.state === "loading" && <p className="muted line-note">{t("audit.loading")}</p>}
        {asked.state === "failed" && <p className="line-note line-failed">{failureText(t, asked.failure)}</p>}
        {asked.state === "ready" && entries.length === 0 && (
          <p className="muted line-note">{t("audit.none")}</p>
        )}
        <ul className="rows" data-testid="audit-entries">
          {entries.map((entry) => (
            <EntryRow key={entry.id} entry={entry} />
          ))}
        </ul>
        {more && (
          <button type="button" className="button" onClick={() => void readOlder()}>
            {t("audit.more")}
          </button>
        )}
      </div>
    </div>
  );
}

function EntryRow({ entry }: { entry: AuditEntry }) {
  const { t, dayAndSecond } = useSay();
  return (
    <li className="row audit-row" data-testid="audit-entry">
      <time className="row-key" dateTime={entry.at}>
        {dayAndSecond(entry.at)}
      </time>
      <span className="row-main">
        <span className="row-title">
          {entry.account ?? t("audit.nobody")} <ActWord act={entry.act} /> {entry.on}
        </span>
        <span className="row-facts">{[entry.from, entry.detail].filter(Boolean).join(" · ")}</span>
      </span>
      <span className="tag" data-state="none" data-verdict={verdicts[entry.outcome]}>
        {t(`audit.outcomes.${entry.outcome}`)}
      </span>
    </li>
  );
}

const acts = [
  "hear-recording",
  "delete-recording",
  "follow-up",
  "call-out",
  "cancel-callback",
  "set-priority",
  "move-call",
  "hang-up",
  "give-call",
  "drop-party",
  "set-state",
  "add-ticket",
  "see-call",
  "list-calls",
  "see-definitions",
  "see-people",
  "see-audit",
] as const;

/** An act in words, beside the name one searches it by. */
function ActWord({ act }: { act: string }) {
  const { t } = useSay();
  const known = acts.find((one) => one === act);
  return (
    <>
      {known && `${t(`audit.acts.${known}`)} `}
      <code>{act}</code>
    </>
  );
}
