import { isFree } from "../desk/free";
import { useSay } from "../i18n/format";
import { useAgent } from "../live/use";
import { ask, rest } from "../rest/client";
import { ActButton } from "./ActButton";
import { openDialog } from "./dialogs";
import { Health } from "./Health";
import { Icon } from "./Icon";
import { useKeyNames } from "./keys";
import { LanguageSwitch } from "./LanguageSwitch";
import { Mark } from "./Mark";
import type { Page } from "./route";
import { NextState, StateButtons, useChoice } from "./StateButtons";
import { StateChip } from "./StateChip";
import { useSigned } from "./session";

/** Always on the page: who, in which state since when, and whether the desk works. */
export function TopBar({ page, pages }: { page: Page; pages: readonly Page[] }) {
  const { session, signOut } = useSigned();
  const { t } = useSay();
  const agent = useAgent(session.agent);
  const { next, choose } = useChoice(agent);
  return (
    <header
      className="top"
      data-state={agent?.state ?? "none"}
      data-agent={session.agent !== undefined || undefined}
    >
      <a className="skip" href={`#/${page}`} onClick={() => document.getElementById("content")?.focus()}>
        {t("nav.skip")}
      </a>
      <div className="top-row">
        <Mark />
        <div className="top-who">
          <span className="top-name" data-testid="agent-name">
            {session.display_name}
            <NextState next={next} />
          </span>
          {agent && <StateChip agent={agent} />}
        </div>
        {agent && <StateButtons agent={agent} next={next} choose={choose} />}
        {agent && <DialButton free={isFree(agent)} />}
        <Health />
        <div className="top-end">
          <LanguageSwitch
            onChoose={(language) => void ask(rest.PUT("/session/language", { body: { language } }))}
          />
          <button
            type="button"
            className="button-bare"
            title={t("settings.title")}
            aria-keyshortcuts={useKeyNames("settings")}
            data-testid="settings-open"
            onClick={() => openDialog({ dialog: "settings", section: "sound" })}
          >
            <Icon sign="gear" />
            <span className="unseen">{t("settings.title")}</span>
          </button>
          <button
            type="button"
            className="button-bare"
            title={t("keys.title")}
            aria-keyshortcuts={useKeyNames("help")}
            data-testid="help-open"
            onClick={() => openDialog({ dialog: "help" })}
          >
            <Icon sign="keyboard" />
            <span className="unseen">{t("keys.title")}</span>
          </button>
          <button
            type="button"
            className="button-bare top-out"
            title={t("sign.out")}
            onClick={signOut}
            data-testid="sign-out"
          >
            <Icon sign="leave" />
            <span className="unseen">{t("sign.out")}</span>
          </button>
        </div>
      </div>
      {pages.length > 1 && (
        <nav className="tabs" aria-label={t("nav.label")}>
          {pages.map((one) => (
            <a
              key={one}
              href={`#/${one}`}
              aria-current={one === page ? "page" : undefined}
              data-testid={`nav-${one}`}
            >
              {t(`nav.${one}`)}
            </a>
          ))}
        </nav>
      )}
    </header>
  );
}

/** Calls somebody, from any page; with a call in hand it only says that it waits. */
function DialButton({ free }: { free: boolean }) {
  const { t } = useSay();
  return (
    <ActButton
      shortcut="dial"
      act={() => free && openDialog({ dialog: "dial" })}
      className="button top-dial"
      title={t("dial.title")}
      aria-disabled={!free}
      data-testid="dial-open"
    >
      <Icon sign="phone" />
      <span>{t("dial.call")}</span>
    </ActButton>
  );
}
