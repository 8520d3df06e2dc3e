import { useEffect, useState } from "react";
import { Icon } from "../frame/Icon";
import { failureText, sayDone, sayFailed } from "../frame/say";
import { useSay } from "../i18n/format";
import { ask, type Person, rest } from "../rest/client";
import { useAsked } from "../rest/useAsked";
import { PersonDialog } from "./PersonDialog";
import { useQueueNames } from "./useQueueNames";

/** Everybody who may sign in: what they may do, for which queues; unlocked and signed out from here. */
export default function PeoplePage() {
  const { t } = useSay();
  const { asked, again } = useAsked("people", (signal) => ask(rest.GET("/people", { signal })));
  const [shown, setShown] = useState<string>();
  useEffect(() => {
    document.title = `${t("people.title")} · Linekeeper`;
  }, [t]);
  const people = asked.state === "ready" ? asked.data.people : [];
  const groups = asked.state === "ready" ? asked.data.groups : [];

  async function unlock(person: Person) {
    const answer = await ask(
      rest.POST("/people/{person}/unlock", { params: { path: { person: person.name } } }),
    );
    if (answer.ok) sayDone((t) => t("people.unlocked", { name: person.display_name }));
    else sayFailed((t) => failureText(t, answer.failure));
    again();
  }

  return (
    <div className="floor" data-testid="people">
      <header className="floor-head">
        <h1>{t("people.title")}</h1>
      </header>
      <div className="card">
        {asked.state === "loading" && <p className="muted line-note">{t("people.loading")}</p>}
        {asked.state === "failed" && <p className="line-note line-failed">{failureText(t, asked.failure)}</p>}
        <ul className="rows">
          {people.map((person) => (
            <PersonRow
              key={person.name}
              person={person}
              open={() => setShown(person.name)}
              unlock={() => void unlock(person)}
            />
          ))}
        </ul>
      </div>
      <PersonDialog
        person={people.find((one) => one.name === shown)}
        groups={groups}
        close={() => setShown(undefined)}
        changed={again}
      />
    </div>
  );
}

function PersonRow({ person, open, unlock }: { person: Person; open: () => void; unlock: () => void }) {
  const { t } = useSay();
  const names = useQueueNames();
  return (
    <li className="row person-row" data-testid={`person-${person.name}`}>
      <span className="row-main">
        <span className="row-title">
          {person.display_name} <span className="muted">{person.name}</span>
        </span>
        <span className="row-facts">
          {[
            t(`people.role.${person.role}`),
            person.queues
              ? names(person.queues)
              : t(person.role === "agent" ? "people.ownQueues" : "people.allQueues"),
            person.single_sign_on ? t("people.oidc") : undefined,
            person.must_change_password ? t("people.mustChange") : undefined,
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
        {person.disabled && <span className="trouble">{t("people.disabled")}</span>}
        {person.locked && (
          <span className="trouble">
            <Icon sign="alert" />
            {t("people.locked")}
          </span>
        )}
      </span>
      {person.locked && (
        <button type="button" className="button button-small" data-testid="unlock" onClick={unlock}>
          {t("people.unlock")}
        </button>
      )}
      <button
        type="button"
        className="button button-small"
        aria-label={t("people.openFor", { name: person.display_name })}
        data-testid="person-open"
        onClick={open}
      >
        {t("people.open")}
      </button>
    </li>
  );
}
