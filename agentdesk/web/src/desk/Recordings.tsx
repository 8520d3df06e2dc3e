import { useState } from "react";
import { AskAgain } from "../frame/AskAgain";
import { Icon } from "../frame/Icon";
import { Opener } from "../frame/Opener";
import { failureText, sayDone, sayFailed } from "../frame/say";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import { ask, type Failure, type RecordingPart, rest } from "../rest/client";
import { useAsked } from "../rest/useAsked";
import { mayDelete, partSound } from "./sound";
import { useNames } from "./useNames";

type Props = { call: string; count: number };

/** What was recorded of a call, for those who may hear it; the others learn that there is something. */
export function Recordings({ call, count }: Props) {
  const { t } = useSay();
  const { asked, again } = useAsked(call, (signal) =>
    ask(rest.GET("/calls/{call}/recordings", { params: { path: { call } }, signal })),
  );
  if (count === 0) return null;
  const refused = asked.state === "failed" && asked.failure.status === 403;
  const parts = asked.state === "ready" ? asked.data.recordings : [];
  const unheard = asked.state === "ready" ? count - parts.length : refused ? count : 0;
  return (
    <section className="recordings" aria-label={t("recordings.label")} data-testid="recordings">
      <h3>
        <Icon sign="record" />
        {t("recordings.label")}
      </h3>
      {asked.state === "loading" && <p className="muted line-note">{t("recordings.loading")}</p>}
      {asked.state === "failed" && !refused && (
        <p className="line-note line-failed" data-testid="recordings-failed">
          <Icon sign="alert" />
          <span>{t("recordings.failed")}</span>
          <button type="button" className="button button-small" onClick={again}>
            {t("ticket.again")}
          </button>
        </p>
      )}
      {parts.length > 0 && (
        <ol className="recording-parts">
          {parts.map((part) => (
            <Part key={part.part} call={call} part={part} changed={again} />
          ))}
        </ol>
      )}
      {unheard > 0 && (
        <p className="row-facts" data-testid="recordings-unheard">
          {t("recordings.unheard", { count: unheard })}
        </p>
      )}
    </section>
  );
}

type PartProps = { call: string; part: RecordingPart; changed: () => void };

function Part({ call, part, changed }: PartProps) {
  const say = useSay();
  const { t } = say;
  const { session } = useSigned();
  const names = useNames();
  const [asks, setAsks] = useState(false);
  const sound = partSound(part);
  const facts = [
    say.dayAndTime(part.began_at),
    names.agent(part.agent),
    part.length_ms > 0 && say.duration(part.length_ms / 1_000),
  ].filter(Boolean);
  const name = t("recordings.part", { part: part.part });
  return (
    <li className="recording-part" data-testid={`recording-${part.part}`} data-sound={sound}>
      <div className="recording-head">
        <strong>{name}</strong> <span className="row-facts">{facts.join(" · ")}</span>
        {sound === "there" && mayDelete(session) && (
          <Opener
            word={t("recordings.delete")}
            label={t("recordings.deleteOf", { part: part.part })}
            open={asks}
            turn={() => setAsks(!asks)}
            testid="recording-delete"
          >
            <DeleteAsk call={call} part={part.part} changed={changed} keep={() => setAsks(false)} />
          </Opener>
        )}
      </div>
      {sound === "there" ? (
        <Player call={call} part={part.part} name={name} changed={changed} />
      ) : (
        <p className="muted">{t(`recordings.${sound}`)}</p>
      )}
    </li>
  );
}

/** Nothing is fetched before it is played: each hearing is written down. */
function Player({
  call,
  part,
  name,
  changed,
}: {
  call: string;
  part: number;
  name: string;
  changed: () => void;
}) {
  const { t } = useSay();
  const [broken, setBroken] = useState<Failure>();
  // The player does not say why: the sound is asked for once more, for the server's words.
  async function askWhy() {
    changed();
    const asked = {
      params: { path: { call, part }, header: { Range: "bytes=0-0" } },
      parseAs: "text",
    } as const;
    const answer = await ask(rest.GET("/calls/{call}/recordings/{part}", asked));
    setBroken(answer.ok ? { status: 200 } : answer.failure);
  }
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: what people said on the phone has no captions */}
      <audio
        controls
        controlsList="nodownload"
        preload="none"
        src={`/api/v1/calls/${call}/recordings/${part}`}
        aria-label={name}
        data-testid="recording-player"
        onPlay={() => setBroken(undefined)}
        onError={() => void askWhy()}
      />
      <p className="field-error" role="alert">
        {broken && (broken.status === 200 ? t("recordings.broken") : failureText(t, broken))}
      </p>
    </>
  );
}

type AskProps = { call: string; part: number; changed: () => void; keep: () => void };

function DeleteAsk({ call, part, changed, keep }: AskProps) {
  const { t } = useSay();
  const [busy, setBusy] = useState(false);
  async function remove() {
    if (busy) return;
    setBusy(true);
    const answer = await ask(
      rest.DELETE("/calls/{call}/recordings/{part}", { params: { path: { call, part } } }),
    );
    setBusy(false);
    if (answer.ok) sayDone((t) => t("recordings.done"));
    else sayFailed((t) => failureText(t, answer.failure));
    if (answer.ok || answer.failure.status === 404) {
      keep();
      changed();
    }
  }
  return (
    <AskAgain
      label={t("recordings.delete")}
      question={t("recordings.deleteAsk")}
      sure={t("recordings.deleteSure")}
      keeps={t("recordings.keep")}
      busy={busy}
      ids={{ ask: "recording-delete-ask", sure: "recording-delete-sure", keep: "recording-keep" }}
      act={() => void remove()}
      keep={keep}
    />
  );
}

/** That a past call was recorded; its sound is a click away. */
export function Recorded({ call, count }: Props) {
  const { t } = useSay();
  const [open, setOpen] = useState(false);
  if (count === 0) return null;
  return (
    <Opener
      word={t("recordings.recorded")}
      sign="record"
      open={open}
      turn={() => setOpen(!open)}
      testid="recorded"
    >
      <Recordings call={call} count={count} />
    </Opener>
  );
}
