import { useEffect, useMemo, useState } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Icon } from "../frame/Icon";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import { useBoard, useQueue } from "../live/use";
import { ask, type Queue, rest } from "../rest/client";
import { useAsked } from "../rest/useAsked";
import { LinePlace } from "./LinePlace";
import { WaitTruth } from "./WaitTruth";

/** One queue's line, in the order of service, with what a supervisor may do about each place. */
export function LineDialog({ queue, close }: { queue: string | undefined; close: () => void }) {
  return (
    <ModalOverlay className="overlay" isOpen={queue !== undefined} onOpenChange={close} isDismissable>
      <Modal className="modal modal-wide">
        <Dialog className="dialog" data-testid="line">
          {queue && <Line id={queue} close={close} />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Line({ id, close }: { id: string; close: () => void }) {
  const { t, label } = useSay();
  const { catalogue } = useSigned();
  const queue = useQueue(id);
  const { asked, again } = useLine(id);
  const [open, setOpen] = useState<string>(); // the place whose "why" or act is unfolded
  return (
    <>
      <header className="card-head">
        <Heading slot="title">
          {t("line.title", { queue: label(catalogue?.queues, id) || queue?.name || id })}
        </Heading>
        <Button className="button-bare" aria-label={t("common.close")} onPress={close}>
          <Icon sign="close" />
        </Button>
      </header>
      {queue && <LineCounts queue={queue} />}
      <WaitTruth id={id} />
      {asked.state === "loading" && <p className="muted line-note">{t("line.loading")}</p>}
      {asked.state === "failed" && (
        <p className="line-note line-failed" data-testid="line-failed">
          <Icon sign="alert" />
          <span>{t("line.failed")}</span>
          <button type="button" className="button button-small" onClick={again}>
            {t("ticket.again")}
          </button>
        </p>
      )}
      {asked.state === "ready" && asked.data.places.length === 0 && (
        <p className="muted line-note" data-testid="line-empty">
          {t("line.empty")}
        </p>
      )}
      {asked.state === "ready" && asked.data.places.length > 0 && (
        <ol className="line" data-testid="line-places">
          {asked.data.places.map((place) => (
            <LinePlace
              key={place.call}
              place={place}
              open={open === place.call}
              setOpen={(unfold) => setOpen(unfold ? place.call : undefined)}
              changed={again}
            />
          ))}
        </ol>
      )}
    </>
  );
}

/** How long the board's news are gathered before the line is asked again, in ms. */
const gather = 250;

/** The line as the floor has it, asked again whenever the board says that something in it changed. */
function useLine(id: string) {
  const { calls } = useBoard();
  const question = useAsked(id, (signal) =>
    ask(rest.GET("/queues/{queue}/line", { params: { path: { queue: id } }, signal })),
  );
  const { again } = question;
  const news = useMemo(() => Object.values(calls).filter((call) => call.queue === id), [calls, id]);
  const mark = useMemo(() => JSON.stringify(news), [news]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the mark says when to ask again
  useEffect(() => {
    const timer = setTimeout(again, gather);
    return () => clearTimeout(timer);
  }, [mark, again]);
  return question;
}

/** What went on in the queue today that is no plain answer. */
function LineCounts({ queue }: { queue: Queue }) {
  const { t, number } = useSay();
  const counts = [
    queue.callbacks_asked &&
      t("floor.callbacksDay", {
        done: number(queue.callbacks_done ?? 0),
        lost: number(queue.callbacks_lost ?? 0),
      }),
    queue.turned_away && t("floor.turnedAway", { count: queue.turned_away }),
    queue.sent_on && t("floor.sentOn", { count: queue.sent_on }),
    queue.left_by_key && t("floor.leftByKey", { count: queue.left_by_key }),
  ].filter(Boolean);
  return counts.length > 0 ? (
    <p className="row-facts" data-testid="line-counts">
      {counts.join(" · ")}
    </p>
  ) : null;
}
