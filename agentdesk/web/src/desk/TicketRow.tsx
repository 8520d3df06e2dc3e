import { useState } from "react";
import { Icon } from "../frame/Icon";
import { type Say, useSay } from "../i18n/format";
import { useNow } from "../live/now";
import type { LinkedTicket, Ticket } from "../rest/client";

type Props = { ticket: Ticket | LinkedTicket; link?: ((number: string) => Promise<void>) | undefined };

/** One ticket: its number leads out to the ticket system; an open one is linked by one click. */
export function TicketRow({ ticket, link }: Props) {
  const { t } = useSay();
  const [busy, setBusy] = useState(false);
  const due = "due_at" in ticket ? ticket.due_at : undefined;
  const facts = [
    "status" in ticket ? statusText(t, ticket.status) : undefined,
    "queue" in ticket ? ticket.queue : undefined,
  ].filter(Boolean);
  return (
    <li className="row" data-testid="ticket" data-ticket={ticket.ticket}>
      <TicketLink ticket={ticket} />
      <span className="row-main">
        <span className="row-title">{ticket.subject}</span>
        {facts.length > 0 && <span className="row-facts">{facts.join(" · ")}</span>}
        {due && <TicketDue due={due} />}
      </span>
      {link && (
        <button
          type="button"
          className="button button-small"
          aria-label={t("ticket.linkThis", { ticket: ticket.ticket })}
          aria-disabled={busy}
          data-testid={`link-${ticket.ticket}`}
          onClick={() => {
            if (busy) return;
            setBusy(true);
            void link(ticket.ticket).finally(() => setBusy(false));
          }}
        >
          {t("ticket.submitLink")}
        </button>
      )}
    </li>
  );
}

/** Closer than this the SLA needs attention, in s. */
const close = 2 * 3_600;

/** What is left of the SLA, by word, sign and colour; over it, by how much. */
function TicketDue({ due }: { due: string }) {
  const { t, duration, dayAndTime } = useSay();
  const now = useNow();
  const left = Math.floor((Date.parse(due) - now) / 1_000);
  const verdict = left < 0 ? "action" : left < close ? "attention" : "good";
  const words = left < 0 ? "ticket.overdue" : "ticket.left";
  // Minutes are enough: a hundred seconds that count down move the eye for nothing.
  const rough = Math.floor(Math.abs(left) / 60) * 60;
  return (
    <span className="verdict" data-verdict={verdict} data-testid="ticket-sla" title={dayAndTime(due)}>
      <Icon sign={left < close ? "alert" : "clock"} />
      {t(words, { duration: duration(rough) })}
    </span>
  );
}

const statuses = ["new", "open", "stalled", "resolved", "rejected"] as const;

/** A ticket's status in words; one of another life cycle as the ticket system names it. */
function statusText(t: Say["t"], status: string | undefined): string | undefined {
  const known = statuses.find((one) => one === status);
  return known ? t(`ticket.status.${known}`) : status;
}

/** The ticket's number, as a way out to it when its address is a web address. */
export function TicketLink({ ticket }: { ticket: LinkedTicket }) {
  const { t } = useSay();
  if (!ticket.url || !/^https?:\/\//i.test(ticket.url))
    return <span className="row-key">#{ticket.ticket}</span>;
  return (
    <a className="row-key" href={ticket.url} target="_blank" rel="noreferrer" data-testid="ticket-link">
      #{ticket.ticket}
      <Icon sign="away" />
      <span className="unseen">{t("ticket.opens")}</span>
    </a>
  );
}
