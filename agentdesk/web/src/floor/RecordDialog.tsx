import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { OutcomeWord } from "../desk/History";
import { TicketLink } from "../desk/TicketRow";
import { whyText } from "../desk/why";
import { Icon } from "../frame/Icon";
import { useSigned } from "../frame/session";
import { phoneNumber, type Say, useSay } from "../i18n/format";
import { useBoard } from "../live/use";
import type { Catalogue } from "../rest/client";
import type { CallRecord } from "../rest/record";

type Line = { at: string; text: string; more?: string | undefined };

/** One record as the story it is, in the order things happened. */
export function RecordDialog({ record, close }: { record: CallRecord | undefined; close: () => void }) {
  return (
    <ModalOverlay className="overlay" isOpen={record !== undefined} onOpenChange={close} isDismissable>
      <Modal className="modal">
        <Dialog className="dialog" data-testid="record">
          {record && <Story record={record} close={close} />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Story({ record, close }: { record: CallRecord; close: () => void }) {
  const say = useSay();
  const { t, timeToSecond } = say;
  const { catalogue } = useSigned();
  const { agents } = useBoard();
  const number = phoneNumber(record.caller?.number);
  const name = record.contact?.name || record.caller?.name;
  return (
    <>
      <header className="card-head">
        <Heading slot="title">{t("calls.record")}</Heading>
        <Button className="button-bare" aria-label={t("calls.close")} onPress={close}>
          <Icon sign="close" />
        </Button>
      </header>
      <p className="record-who">
        <strong>{name || number || t("pop.hidden")}</strong> {name && number} ·{" "}
        <OutcomeWord outcome={record.outcome} />
      </p>
      <ol className="story" aria-label={t("calls.story")}>
        {storyOf(say, catalogue, (id) => agents[id]?.name ?? id, record).map((line, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the story is drawn once, in its order
          <li key={n}>
            <time dateTime={line.at}>{timeToSecond(line.at)}</time>
            <span>
              {line.text}
              {line.more && <span className="row-facts">{line.more}</span>}
            </span>
          </li>
        ))}
      </ol>
      {(record.wrap_ups ?? []).map(
        (wrap) =>
          wrap.note && (
            <blockquote key={wrap.agent + wrap.at} className="record-note">
              {wrap.note}
            </blockquote>
          ),
      )}
      {record.tickets && record.tickets.length > 0 && (
        <ul className="rows">
          {record.tickets.map((ticket) => (
            <li key={ticket.ticket} className="row">
              <TicketLink ticket={ticket} />
              <span className="row-main">{ticket.subject}</span>
            </li>
          ))}
        </ul>
      )}
      <p className="muted record-id">
        {t("calls.id")} <code>{record.call}</code>
      </p>
    </>
  );
}

const offerEnds = [
  "answered",
  "ring-no-answer",
  "rejected",
  "caller-gone",
  "unreachable",
  "withdrawn",
  "lost",
] as const;

function storyOf(
  say: Say,
  catalogue: Catalogue | undefined,
  nameOf: (agent: string) => string,
  record: CallRecord,
): Line[] {
  const { t, label } = say;
  const lines: Line[] = [
    {
      at: record.arrived_at,
      text: t("pop.arrived"),
      more: t("pop.dialled", { number: phoneNumber(record.number) }),
    },
  ];
  for (const step of record.menu ?? []) lines.push({ at: step.at, text: t("calls.menuChoice", step) });
  for (const visit of record.queues ?? [])
    lines.push({
      at: visit.entered_at,
      text: t("calls.entered", { queue: label(catalogue?.queues, visit.queue) }),
    });
  for (const offer of record.offers ?? []) {
    const end = offerEnds.find((one) => one === offer.outcome);
    const why = [
      end ? t(`calls.offer.${end}`) : offer.outcome,
      ...(offer.why ?? []).slice(0, 1).map((why) => whyText(say, catalogue, why)),
    ]
      .filter(Boolean)
      .join(" · ");
    lines.push({ at: offer.at, text: t("calls.offered", { agent: nameOf(offer.agent) }), more: why });
  }
  for (const talk of record.talks ?? [])
    lines.push({
      at: talk.connected_at,
      text: t("calls.connected", { agent: nameOf(talk.agent) }),
      more: say.duration(talk.talked_ns / 1e9),
    });
  for (const wrap of record.wrap_ups ?? [])
    lines.push({
      at: wrap.at,
      text: t("calls.wrapped", {
        agent: nameOf(wrap.agent),
        disposition: label(catalogue?.dispositions, wrap.disposition) || t("common.none"),
      }),
    });
  if (record.ended_at) lines.push({ at: record.ended_at, text: t("calls.ended"), more: record.cause });
  return lines.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
