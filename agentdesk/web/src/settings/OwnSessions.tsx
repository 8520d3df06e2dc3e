import { failureText, sayDone, sayFailed } from "../frame/say";
import { useSay } from "../i18n/format";
import { ask, rest, type SessionOf } from "../rest/client";
import { useAsked } from "../rest/useAsked";
import { SessionList } from "./SessionList";

/** Where one is signed in, each to be ended from here. */
export function OwnSessions() {
  const { t } = useSay();
  const { asked, again } = useAsked("own", (signal) => ask(rest.GET("/sessions", { signal })));
  async function end(session: SessionOf) {
    const answer = await ask(
      rest.DELETE("/sessions/{session}", { params: { path: { session: session.id } } }),
    );
    if (answer.ok || answer.failure.status === 404) sayDone((t) => t("sessions.ended"));
    else sayFailed((t) => failureText(t, answer.failure));
    again();
  }
  return (
    <div className="key-settings">
      <p className="muted">{t("sessions.lead")}</p>
      {asked.state === "loading" && <p className="muted">{t("sessions.loading")}</p>}
      {asked.state === "failed" && <p className="line-failed">{failureText(t, asked.failure)}</p>}
      {asked.state === "ready" && <SessionList sessions={asked.data.sessions} end={(one) => void end(one)} />}
    </div>
  );
}
