import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { Icon } from "../frame/Icon";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import { ask, type Call, rest, type SupportTool } from "../rest/client";
import { actFailure } from "./acts";
import { codeFits, openable, readable, type SupportHow, squeezed } from "./support";

type Props = { call: Call; close: () => void };

/** What came of it, in whatever language the page speaks by then; a link that was opened stays at hand. */
type Said = { words: (t: ReturnType<typeof useSay>["t"]) => string; failed?: boolean; link?: string };

/** A remote-support tool and its code: opened here, sent by the call's ticket, or read out to the caller. */
export default function SupportPanel({ call, close }: Props) {
  const { t, language } = useSay();
  const { catalogue } = useSigned();
  const tools = catalogue?.support ?? [];
  const [id, setId] = useState(tools[0]?.id ?? "");
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState<SupportHow>();
  const [said, setSaid] = useState<Said>();
  const [tried, setTried] = useState(false);
  const panel = useRef<HTMLFormElement>(null);
  // The code, where there is one; going through the tools by arrow keys moves nothing.
  useEffect(
    () => panel.current?.querySelector<HTMLElement>("input:not([type=radio]), button[type=submit]")?.focus(),
    [],
  );
  const tool = tools.find((one) => one.id === id);
  if (!tool) return null;
  const ticket = call.tickets?.at(-1);
  const fits = codeFits(tool, code);

  async function use(how: SupportHow) {
    setTried(true);
    if (busy || !tool || !fits) return;
    setBusy(how);
    setSaid(undefined);
    const body = { tool: tool.id, how, ...(tool.code ? { code: squeezed(code) } : {}) };
    const answer = await ask(
      rest.POST("/calls/{call}/support", { params: { path: { call: call.id } }, body }),
    );
    setBusy(undefined);
    if (!answer.ok) return setSaid({ words: (t) => actFailure(t, answer.failure), failed: true });
    const { url, later } = answer.data;
    if (how === "read") return setSaid({ words: (t) => t("support.said.read") });
    if (how === "send")
      return setSaid({
        words: (t) => t(later ? "support.said.later" : "support.said.sent", { ticket: ticket?.ticket ?? "" }),
      });
    if (!openable(url)) return setSaid({ words: (t) => t("support.said.unsafe"), failed: true });
    window.open(url, "_blank", "noopener,noreferrer");
    setSaid({ words: (t) => t("support.said.opened"), link: url });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    void use("open");
  }

  const press = (how: SupportHow, possible: boolean) => ({
    "aria-disabled": busy !== undefined || !possible,
    "data-testid": `support-${how}`,
  });
  return (
    <form
      ref={panel}
      className="picker"
      aria-label={t("support.label")}
      data-testid="support-panel"
      onSubmit={submit}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      {tools.length > 1 && (
        <fieldset className="choices" aria-label={t("support.tool")}>
          {tools.map((one) => (
            <label key={one.id} className="choice choice-small">
              <input
                type="radio"
                name="tool"
                checked={id === one.id}
                data-testid={`support-tool-${one.id}`}
                onChange={() => {
                  setId(one.id);
                  setCode("");
                  setSaid(undefined);
                  setTried(false);
                }}
              />
              <span>{one[language]}</span>
            </label>
          ))}
        </fieldset>
      )}
      {tool.code && <CodeField key={id} tool={tool} code={code} fits={fits} tried={tried} change={setCode} />}
      <div className="card-acts">
        <button type="submit" className="button button-primary" {...press("open", fits)}>
          <Icon sign="away" />
          {t("support.open")}
        </button>
        <button
          type="button"
          className="button"
          {...press("send", fits && ticket !== undefined)}
          aria-describedby={ticket ? undefined : "support-no-ticket"}
          onClick={() => ticket && void use("send")}
        >
          <Icon sign="ticket" />
          {ticket ? t("support.sendBy", { ticket: ticket.ticket }) : t("support.send")}
        </button>
        {tool.read && (
          <button
            type="button"
            className="button"
            {...press("read", fits && readable(tool, code))}
            onClick={() => readable(tool, code) && void use("read")}
          >
            <Icon sign="speaker" />
            {t("support.read")}
          </button>
        )}
        <button type="button" className="button" onClick={close}>
          {t("common.close")}
        </button>
      </div>
      {!ticket && (
        <small id="support-no-ticket" className="muted" data-testid="support-no-ticket">
          {t("support.noTicket")}
        </small>
      )}
      <p className="support-said" role="status" data-failed={said?.failed} data-testid="support-said">
        {busy ? t("support.busy") : said && <Icon sign={said.failed ? "alert" : "check"} />}
        {!busy && said?.words(t)}
        {!busy && said?.link && (
          <a href={said.link} target="_blank" rel="noopener noreferrer" data-testid="support-link">
            {t("support.again")}
            <span className="unseen"> ({t("ticket.opens")})</span>
          </a>
        )}
      </p>
    </form>
  );
}

type CodeProps = {
  tool: SupportTool;
  code: string;
  fits: boolean;
  tried: boolean;
  change: (code: string) => void;
};

/** The tool's code, judged as it is typed: a yes at once, a no only when they are done with it. */
function CodeField({ tool, code, fits, tried, change }: CodeProps) {
  const { t, language } = useSay();
  const [left, setLeft] = useState(false);
  const error = useId();
  const wrong = !fits && (tried || (left && squeezed(code) !== ""));
  return (
    <label className="field support-code">
      <span>{tool.code?.[language]}</span>
      <input
        value={code}
        inputMode={/^\[0-9\]|^\\d/.test(tool.code?.pattern ?? "") ? "numeric" : undefined}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        required
        aria-invalid={wrong}
        aria-describedby={error}
        data-fits={fits}
        data-testid="support-code"
        onChange={(event) => change(event.target.value)}
        onBlur={() => setLeft(true)}
      />
      <small id={error} className="field-error" role="status" data-testid="support-code-said">
        {fits && (
          <span className="support-fits">
            <Icon sign="check" />
            {t("support.fits")}
          </span>
        )}
        {wrong && t("support.wrong")}
      </small>
    </label>
  );
}
