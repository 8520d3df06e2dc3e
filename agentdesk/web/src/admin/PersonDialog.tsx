import { useState } from "react";
import { failureText, sayDone, sayFailed } from "../frame/say";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import { ask, type Person, type QueueGroup, type Right, rest } from "../rest/client";
import { useAsked } from "../rest/useAsked";
import { SessionList } from "../settings/SessionList";
import { Shell } from "../settings/Shell";

type Props = {
  person: Person | undefined;
  groups: readonly QueueGroup[];
  close: () => void;
  changed: () => void;
};

/** One person's right, and where they are signed in. */
export function PersonDialog({ person, groups, close, changed }: Props) {
  if (!person) return null;
  return (
    <Shell title={person.display_name} testid="person" close={close}>
      <RightForm key={person.name} person={person} groups={groups} changed={changed} />
      <TheirSessions person={person} />
    </Shell>
  );
}

const roles = ["agent", "supervisor", "administrator"] as const;

function RightForm({ person, groups, changed }: Omit<Props, "close" | "person"> & { person: Person }) {
  const { t, label } = useSay();
  const { catalogue, session } = useSigned();
  const [role, setRole] = useState<Right["role"]>(person.role);
  const [scoped, setScoped] = useState(person.queues !== undefined);
  const [queues, setQueues] = useState<readonly string[]>(person.queues ?? []);
  const own = person.name === session.name;
  const scope = role !== "administrator" && scoped;

  async function save() {
    const body: Right = scope ? { role, queues: [...queues] } : { role };
    const answer = await ask(
      rest.PUT("/people/{person}/right", { params: { path: { person: person.name } }, body }),
    );
    if (answer.ok) sayDone((t) => t("people.saved", { name: person.display_name }));
    else sayFailed((t) => failureText(t, answer.failure));
    changed();
  }

  if (own) return <p className="muted">{t("people.own")}</p>;
  const choices = [
    ...groups.map(({ name, queues }) => ({ id: `@${name}`, text: `@${name} (${queues.length})` })),
    ...(catalogue?.queues ?? []).map(({ id }) => ({ id, text: label(catalogue?.queues, id) })),
  ];
  return (
    <form
      className="right-form"
      data-testid="right-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <label className="field">
        <span>{t("people.roleLabel")}</span>
        <select
          value={role}
          data-testid="right-role"
          onChange={(event) => setRole(roles.find((one) => one === event.target.value) ?? role)}
        >
          {roles.map((one) => (
            <option key={one} value={one}>
              {t(`people.role.${one}`)}
            </option>
          ))}
        </select>
      </label>
      {role !== "administrator" && (
        <label className="tick">
          <input
            type="checkbox"
            checked={scoped}
            data-testid="right-scoped"
            onChange={(event) => setScoped(event.target.checked)}
          />
          <span>{t("people.scoped")}</span>
        </label>
      )}
      {scope && (
        <fieldset className="right-queues">
          <legend>{t("people.queues")}</legend>
          {choices.map(({ id, text }) => (
            <label key={id} className="tick">
              <input
                type="checkbox"
                checked={queues.includes(id)}
                data-testid={`right-queue-${id}`}
                onChange={(event) =>
                  setQueues(event.target.checked ? [...queues, id] : queues.filter((one) => one !== id))
                }
              />
              <span>{text}</span>
            </label>
          ))}
        </fieldset>
      )}
      <div className="card-acts">
        <button type="submit" className="button button-primary" data-testid="right-save">
          {t("people.save")}
        </button>
      </div>
    </form>
  );
}

function TheirSessions({ person }: { person: Person }) {
  const { t } = useSay();
  const path = { person: person.name };
  const { asked, again } = useAsked(person.name, (signal) =>
    ask(rest.GET("/people/{person}/sessions", { params: { path }, signal })),
  );
  async function endAll() {
    const answer = await ask(rest.DELETE("/people/{person}/sessions", { params: { path } }));
    if (answer.ok) sayDone((t) => t("people.signedOut", { name: person.display_name }));
    else sayFailed((t) => failureText(t, answer.failure));
    again();
  }
  const sessions = asked.state === "ready" ? asked.data.sessions : [];
  return (
    <section aria-labelledby="their-sessions">
      <header className="card-head">
        <h3 id="their-sessions">{t("sessions.title")}</h3>
        {sessions.length > 0 && (
          <button
            type="button"
            className="button button-small"
            data-testid="end-sessions"
            onClick={() => void endAll()}
          >
            {t("people.endAll")}
          </button>
        )}
      </header>
      {asked.state === "loading" && <p className="muted">{t("sessions.loading")}</p>}
      {asked.state === "failed" && <p className="line-failed">{failureText(t, asked.failure)}</p>}
      {asked.state === "ready" && sessions.length === 0 && <p className="muted">{t("sessions.none")}</p>}
      <SessionList sessions={sessions} />
    </section>
  );
}
