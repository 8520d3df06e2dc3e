import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { CallAgain } from "../desk/DialBox";
import { DirectionTag } from "../desk/Dialling";
import { OutcomeWord } from "../desk/History";
import { Recordings } from "../desk/Recordings";
import { TicketLink } from "../desk/TicketRow";
import { useNames } from "../desk/useNames";
import { PassedList, WhyList } from "../desk/WhyList";
import { CallMarks } from "../frame/CallMarks";
import { Icon } from "../frame/Icon";
import { phoneNumber, useSay } from "../i18n/format";
import { useCall } from "../live/use";
import type { CallRecord } from "../rest/record";
import { type StoryLine, storyOf } from "./story";

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
  const names = useNames();
  const live = useCall(record.call);
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
        <OutcomeWord outcome={record.outcome} /> <CallMarks call={live} />{" "}
        <DirectionTag direction={record.direction} always />{" "}
        <CallAgain number={record.caller?.number} name={name} />
      </p>
      <KnownTicket of={record.attributes ?? {}} />
      <ol className="story" aria-label={t("calls.story")}>
        {storyOf(say, names, record).map((line, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the story is drawn once, in its order
          <li key={n}>
            <time dateTime={line.at}>{timeToSecond(line.at)}</time>
            <StoryText line={line} />
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
      <Recordings call={record.call} count={record.recordings?.length ?? 0} />
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

/** The ticket that was known when they called: their open one, or what the flow says of one. */
function KnownTicket({ of }: { of: Record<string, string> }) {
  const { t } = useSay();
  if (!of.ticket) return null;
  return (
    <p className="muted record-who" data-testid="known-ticket">
      {[t("calls.ticket", { ticket: of.ticket }), of.ticket_subject, of.ticket_queue]
        .filter(Boolean)
        .join(" · ")}
    </p>
  );
}

/** One line of the story; how an offer was decided is a click away. */
function StoryText({ line }: { line: StoryLine }) {
  const { t } = useSay();
  return (
    <div>
      {line.text}
      {line.more && <span className="row-facts">{line.more}</span>}
      {line.others && line.others.length > 0 && (
        <details className="row-facts">
          <summary>{t("why.others")}</summary>
          <WhyList why={line.others} more={line.unnamed} rule={line.rule} />
        </details>
      )}
      {line.nobody && line.nobody.length > 0 && (
        <details className="row-facts" data-testid="nobody">
          <summary>{t("why.notOffered")}</summary>
          <WhyList why={line.nobody} more={line.unnamed} />
        </details>
      )}
      {line.passed && line.passed.length > 0 && (
        <details className="row-facts">
          <summary>{`${t("why.passed")} (${line.passed.length})`}</summary>
          <PassedList passed={line.passed} />
        </details>
      )}
    </div>
  );
}
