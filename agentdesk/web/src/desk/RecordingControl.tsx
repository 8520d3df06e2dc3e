import { useState } from "react";
import { ActButton } from "../frame/ActButton";
import { Icon, type Sign } from "../frame/Icon";
import { useSigned } from "../frame/session";
import { Timer } from "../frame/Timer";
import { useSay } from "../i18n/format";
import type { Call } from "../rest/client";
import { record } from "./acts";
import { type RecordingDo, type RecordingShown, recordingOf } from "./recording";

/** Whether the talk is recorded, at a glance, and what its agent can do about it; nothing where talks are not recorded. */
export function RecordingControl({ call }: { call: Call }) {
  const { t } = useSay();
  const { catalogue, session } = useSigned();
  const [busy, setBusy] = useState<RecordingDo>();
  const rule = call.queue ? catalogue?.recorded?.[call.queue] : undefined;
  const shown = recordingOf(call, rule, call.agent === session.agent);
  if (!shown) return null;
  const act = async (what: RecordingDo) => {
    if (busy) return;
    setBusy(what);
    await record(call.id, what);
    setBusy(undefined);
  };
  // The keys never stop it: they pause, and go on.
  const main = shown.acts.find((one) => one !== "stop");
  return (
    <section
      className="recording"
      aria-label={t("recording.label")}
      data-testid="recording"
      data-recording={shown.state}
    >
      <RecordingSaid shown={shown} />
      <div className="recording-acts">
        {main && (
          <ActButton
            shortcut="record"
            act={() => void act(main)}
            className="button button-small"
            aria-label={t(`recording.full.${main}`)}
            aria-disabled={busy !== undefined}
            data-testid="record"
            data-do={main}
          >
            <Icon sign={signs[main]} />
            {t(`recording.do.${main}`)}
          </ActButton>
        )}
        {shown.acts.includes("stop") && (
          <button
            type="button"
            className="button button-small"
            aria-label={t("recording.full.stop")}
            aria-disabled={busy !== undefined}
            data-testid="record-stop"
            onClick={() => void act("stop")}
          >
            {t("recording.do.stop")}
          </button>
        )}
      </div>
    </section>
  );
}

const signs: Record<Exclude<RecordingDo, "stop">, Sign> = {
  start: "record",
  pause: "pause",
  resume: "record",
};

function RecordingSaid({ shown }: { shown: RecordingShown }) {
  const { t } = useSay();
  const { state, since, consult } = shown;
  return (
    <p className="recording-said">
      {state === "on" ? (
        <span className="recording-light" />
      ) : (
        <Icon sign={state === "paused" ? "pause" : "record"} />
      )}
      <span role="status" data-testid="recording-state">
        {t(consult && state === "paused" ? "recording.state.consult" : `recording.state.${state}`)}
      </span>
      {since && (
        <span className="recording-since" aria-hidden="true">
          {t("state.since")} <Timer from={since} testid="recording-timer" />
        </span>
      )}
    </p>
  );
}
