import { type FormEvent, useEffect, useRef, useState } from "react";
import { onEscape } from "../frame/AskAgain";
import { useSay } from "../i18n/format";

type Props = {
  kind: "create" | "link";
  first: string;
  send: (text: string) => Promise<void>;
  cancel: () => void;
};

/** One field: the subject of a new ticket, filled in already, or the number of one that is there. */
export function TicketForm({ kind, first, send, cancel }: Props) {
  const { t } = useSay();
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);

  function submit(event: FormEvent) {
    event.preventDefault();
    const text = field.current?.value.trim().replace(kind === "link" ? /^#/ : /^$/, "") ?? "";
    if (busy || !text) return;
    setBusy(true);
    void send(text).finally(() => setBusy(false));
  }

  return (
    <form className="ticket-form" onSubmit={submit} onKeyDown={onEscape(cancel)}>
      <label className="field">
        <span>{t(kind === "create" ? "ticket.subject" : "ticket.number")}</span>
        <input
          ref={field}
          defaultValue={first}
          required
          maxLength={kind === "create" ? 200 : 32}
          data-testid={kind === "create" ? "ticket-subject" : "ticket-number"}
        />
      </label>
      <div className="card-acts">
        <button
          type="submit"
          className="button button-primary button-small"
          aria-disabled={busy}
          data-testid="ticket-submit"
        >
          {busy ? t("ticket.sending") : t(kind === "create" ? "ticket.submitCreate" : "ticket.submitLink")}
        </button>
        <button type="button" className="button button-small" onClick={cancel}>
          {t("ticket.cancel")}
        </button>
      </div>
    </form>
  );
}
