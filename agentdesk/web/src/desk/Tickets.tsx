import { useEffect, useId, useRef, useState } from "react";
import { Icon } from "../frame/Icon";
import { useKey } from "../frame/keys";
import { Opened } from "../frame/Opener";
import { failureText, sayDone, sayFailed } from "../frame/say";
import { useSay } from "../i18n/format";
import { ask, type Call, type LinkedTicket, rest, type Ticket } from "../rest/client";
import { askAgainAfter, useAsked } from "../rest/useAsked";
import { TicketForm } from "./TicketForm";
import { TicketRow } from "./TicketRow";
import { subjectOf } from "./who";

type Props = { id: string; call: Call | undefined; offered: boolean };

/** The caller's open tickets and those of this call; creating and linking from the moment of the talk. */
export function Tickets({ id, call, offered }: Props) {
  const say = useSay();
  const { t } = say;
  const { asked, again } = useAsked(id, (signal) =>
    ask(rest.GET("/calls/{call}/tickets", { params: { path: { call: id } }, signal })),
  );
  // A ticket system that did not answer in time is asked again while the call is open.
  useEffect(() => {
    if (asked.state !== "failed") return;
    const timer = setTimeout(again, askAgainAfter);
    return () => clearTimeout(timer);
  }, [asked, again]);
  const [form, setForm] = useState<"create" | "link">();
  const [create, link] = [useRef<HTMLButtonElement>(null), useRef<HTMLButtonElement>(null)];
  const panel = useId();
  useKey("ticket", () => setForm("create"), !offered);
  const [added, setAdded] = useState<Ticket[]>([]);

  async function add(body: { subject: string } | { link: string }) {
    const answer = await ask(rest.POST("/calls/{call}/tickets", { params: { path: { call: id } }, body }));
    if (!answer.ok) {
      const unknown = "link" in body && answer.failure.status === 404;
      sayFailed((t) => (unknown ? t("ticket.unknown") : failureText(t, answer.failure)));
      return;
    }
    setForm(undefined);
    if (answer.status === 202 || !answer.data) return sayDone((t) => t("ticket.later"));
    const made = answer.data;
    setAdded((known) => [made, ...known]);
    sayDone((t) => t("ticket.made", { ticket: made.ticket }));
    again();
  }

  const found = asked.state === "ready" ? asked.data.tickets : [];
  const linked = linkedOf(found, added, call?.tickets ?? []);
  const open = found.filter((one) => !linked.some((other) => same(one, other)));

  return (
    <section className="card tickets" aria-labelledby="tickets-label">
      <header className="card-head">
        <h2 id="tickets-label">
          <Icon sign="ticket" />
          {t("ticket.label")}
        </h2>
        {!offered && (
          <div className="card-acts">
            <button
              ref={create}
              type="button"
              className="button button-small"
              aria-expanded={form === "create"}
              aria-controls={form === "create" ? panel : undefined}
              data-testid="create-ticket"
              onClick={() => setForm(form === "create" ? undefined : "create")}
            >
              {t("ticket.create")}
            </button>
            <button
              ref={link}
              type="button"
              className="button button-small"
              aria-expanded={form === "link"}
              aria-controls={form === "link" ? panel : undefined}
              data-testid="link-ticket"
              onClick={() => setForm(form === "link" ? undefined : "link")}
            >
              {t("ticket.link")}
            </button>
          </div>
        )}
      </header>
      {form && !offered && (
        <Opened key={form} id={panel} button={form === "create" ? create : link}>
          <TicketForm
            kind={form}
            first={form === "create" && call ? subjectOf(say, call) : ""}
            send={(text) => add(form === "create" ? { subject: text } : { link: text })}
            cancel={() => setForm(undefined)}
          />
        </Opened>
      )}
      {linked.length > 0 && (
        <>
          <h3>{t("ticket.linked")}</h3>
          <ul className="rows" data-testid="linked-tickets">
            {linked.map((one) => (
              <TicketRow key={one.ticket} ticket={one} />
            ))}
          </ul>
        </>
      )}
      {linked.length > 0 && <h3>{t("ticket.open")}</h3>}
      <OpenTickets
        state={asked.state}
        none={asked.state === "failed" && asked.failure.code === "no-ticket-system"}
        open={open}
        link={offered ? undefined : (number) => add({ link: number })}
        again={again}
      />
    </section>
  );
}

type OpenProps = {
  /** There is no ticket system at all: nothing to try again. */
  none: boolean;
  state: "loading" | "ready" | "failed";
  open: Ticket[];
  link: ((number: string) => Promise<void>) | undefined;
  again: () => void;
};

function OpenTickets({ state, none, open, link, again }: OpenProps) {
  const { t } = useSay();
  if (state === "loading")
    return (
      <p className="muted line-note" data-testid="tickets-loading">
        {t("ticket.loading")}
      </p>
    );
  if (none) return <p className="muted line-note">{t("ticket.noSystem")}</p>;
  if (state === "failed")
    return (
      <p className="line-note line-failed" data-testid="tickets-failed">
        <Icon sign="alert" />
        <span>{t("ticket.failed")}</span>
        <button type="button" className="button button-small" onClick={again}>
          {t("ticket.again")}
        </button>
      </p>
    );
  if (open.length === 0) return <p className="muted line-note">{t("ticket.none")}</p>;
  const rows = (tickets: Ticket[]) =>
    tickets.map((one) => <TicketRow key={one.ticket} ticket={one} link={link} />);
  return (
    <>
      <ul className="rows" data-testid="ticket-list">
        {rows(open.slice(0, first))}
      </ul>
      {open.length > first && (
        <details>
          <summary>{t("ticket.others", { count: open.length - first })}</summary>
          <ul className="rows">{rows(open.slice(first))}</ul>
        </details>
      )}
    </>
  );
}

/** Shown at once; there is room kept for as many, so that nothing below moves when they come. */
const first = 2;

const same = (a: LinkedTicket, b: LinkedTicket): boolean => a.system === b.system && a.ticket === b.ticket;

/** The call's own tickets from all who know: the ticket system, our own adding, the live call. */
function linkedOf(found: Ticket[], added: Ticket[], live: LinkedTicket[]): (Ticket | LinkedTicket)[] {
  const all: (Ticket | LinkedTicket)[] = [];
  for (const one of [...found.filter((f) => f.linked), ...added, ...live]) {
    const known = found.find((f) => same(f, one)) ?? one;
    if (!all.some((other) => same(other, known))) all.push(known);
  }
  return all;
}
