import { useEffect, useState } from "react";
import { DirectionTag } from "../desk/Dialling";
import { OutcomeWord } from "../desk/History";
import { CallMarks } from "../frame/CallMarks";
import { Icon } from "../frame/Icon";
import { failureText, sayFailed } from "../frame/say";
import { useSigned } from "../frame/session";
import { phoneNumber, useSay } from "../i18n/format";
import { useBoard, useCall } from "../live/use";
import { ask, rest } from "../rest/client";
import { asRecord, type CallRecord, queueOf, talkedSeconds, waitedSeconds } from "../rest/record";
import { useAsked } from "../rest/useAsked";
import { RecordDialog } from "./RecordDialog";

const page = 50;

/** Today's records, newest first, each with its story. */
export function CallsPage() {
  const { t } = useSay();
  const { asked, again } = useAsked("today", (signal) =>
    ask(rest.GET("/calls", { params: { query: { limit: page } }, signal })),
  );
  const [older, setOlder] = useState<CallRecord[]>([]);
  const [shown, setShown] = useState<CallRecord>();
  useEffect(() => {
    document.title = `${t("calls.title")} · Linekeeper`;
  }, [t]);

  const first = asked.state === "ready" ? asked.data.calls.map(asRecord) : [];
  const midnight = new Date().setHours(0, 0, 0, 0);
  const all = [...first, ...older.filter((one) => !first.some((other) => other.call === one.call))];
  const calls = all.filter((one) => Date.parse(one.arrived_at) >= midnight);
  const more = all.length > 0 && all.length % page === 0 && calls.length === all.length;

  async function readOlder() {
    const before = all.at(-1)?.arrived_at;
    if (!before) return;
    const answer = await ask(rest.GET("/calls", { params: { query: { limit: page, before } } }));
    if (answer.ok) setOlder((known) => [...known, ...answer.data.calls.map(asRecord)]);
    else sayFailed((t) => failureText(t, answer.failure));
  }

  return (
    <div className="floor" data-testid="calls">
      <header className="floor-head">
        <h1>{t("calls.title")}</h1>
        <button
          type="button"
          className="button button-small"
          data-testid="calls-refresh"
          onClick={() => {
            setOlder([]);
            again();
          }}
        >
          {t("calls.refresh")}
        </button>
      </header>
      <div className="card">
        {asked.state === "loading" && <p className="muted line-note">{t("calls.loading")}</p>}
        {asked.state === "failed" && (
          <p className="line-note line-failed">
            <Icon sign="alert" />
            <span>{t("calls.failed")}</span>
          </p>
        )}
        {asked.state === "ready" && calls.length === 0 && (
          <p className="muted line-note">{t("calls.none")}</p>
        )}
        {calls.length > 0 && <CallsTable calls={calls} open={setShown} />}
        {more && (
          <button type="button" className="button" onClick={() => void readOlder()}>
            {t("calls.more")}
          </button>
        )}
      </div>
      <RecordDialog record={shown} close={() => setShown(undefined)} />
    </div>
  );
}

function CallsTable({ calls, open }: { calls: CallRecord[]; open: (record: CallRecord) => void }) {
  const { t } = useSay();
  return (
    <div className="table-fit">
      <table className="table" data-testid="calls-table">
        <thead>
          <tr>
            <th scope="col">{t("calls.arrived")}</th>
            <th scope="col">{t("calls.caller")}</th>
            <th scope="col">{t("calls.outcome")}</th>
            <th scope="col">{t("calls.queue")}</th>
            <th scope="col">{t("calls.agent")}</th>
            <th scope="col" className="num">
              {t("calls.waited")}
            </th>
            <th scope="col" className="num">
              {t("calls.talked")}
            </th>
            <th scope="col">{t("calls.tickets")}</th>
            <th scope="col">
              <span className="unseen">{t("calls.open")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {calls.map((call) => (
            <CallRow key={call.call} call={call} open={() => open(call)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CallRow({ call, open }: { call: CallRecord; open: () => void }) {
  const { t, time, label, duration } = useSay();
  const { catalogue } = useSigned();
  const live = useCall(call.call);
  const waited = waitedSeconds(call);
  const talked = talkedSeconds(call);
  const { agents: known } = useBoard();
  const agents = [...new Set(call.talks?.map(({ agent }) => known[agent]?.name ?? agent))].join(", ");
  return (
    <tr data-testid={`call-${call.call}`} data-outcome={call.outcome}>
      <th scope="row">
        <time dateTime={call.arrived_at}>{time(call.arrived_at)}</time>
      </th>
      <td data-label={t("calls.caller")}>
        {call.contact?.name || call.caller?.name || phoneNumber(call.caller?.number) || t("pop.hidden")}{" "}
        <DirectionTag direction={call.direction} />
      </td>
      <td data-label={t("calls.outcome")}>
        <OutcomeWord outcome={call.outcome} /> <CallMarks call={live} />
      </td>
      <td data-label={t("calls.queue")}>{label(catalogue?.queues, queueOf(call)) || t("common.none")}</td>
      <td data-label={t("calls.agent")}>{agents || t("common.none")}</td>
      <td className="num" data-label={t("calls.waited")}>
        {waited === undefined ? t("common.none") : duration(waited)}
      </td>
      <td className="num" data-label={t("calls.talked")}>
        {talked === undefined ? t("common.none") : duration(talked)}
      </td>
      <td data-label={t("calls.tickets")}>
        {call.tickets?.map((ticket) => `#${ticket.ticket}`).join(", ") || t("common.none")}
      </td>
      <td>
        <button type="button" className="button button-small" data-testid="call-open" onClick={open}>
          {t("calls.open")}
          <span className="unseen"> {time(call.arrived_at)}</span>
        </button>
      </td>
    </tr>
  );
}
