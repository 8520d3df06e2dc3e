import { type KeyboardEvent, useState } from "react";
import { comboOf, type Objection, objectionTo } from "../frame/combo";
import { Icon } from "../frame/Icon";
import { type Shortcut, useShortcuts } from "../frame/keys";
import type { Page } from "../frame/route";
import { changed, defaults, groups, setShortcuts, takenBy } from "../frame/shortcuts";
import { useSay } from "../i18n/format";
import { groupNames, usable } from "./usable";

/** What was said of the last keys pressed. */
type Verdict = { of: Shortcut; objection: Objection } | { of: Shortcut; swapped: Shortcut } | undefined;

/** Each shortcut with its keys; pressing the button and then keys gives it those. */
export function KeySettings({ pages }: { pages: readonly Page[] }) {
  const { t } = useSay();
  const shortcuts = useShortcuts();
  const [listening, setListening] = useState<Shortcut>();
  const [verdict, setVerdict] = useState<Verdict>();

  function give(shortcut: Shortcut, combo: string) {
    const other = takenBy(shortcuts, combo);
    setShortcuts(changed(shortcuts, shortcut, combo));
    setVerdict(other && other !== shortcut ? { of: shortcut, swapped: other } : undefined);
    setListening(undefined);
  }

  function press(shortcut: Shortcut, event: KeyboardEvent) {
    if (listening !== shortcut) return;
    // Keys pressed here are recorded; they do nothing else, and Tab still leaves.
    if (event.key === "Tab") return setListening(undefined);
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return setListening(undefined);
    if (event.key === "Backspace" || event.key === "Delete") return give(shortcut, "");
    const combo = comboOf(event.nativeEvent);
    if (!combo) return;
    const objection = objectionTo(combo);
    if (objection) setVerdict({ of: shortcut, objection });
    else give(shortcut, combo);
  }

  return (
    <div className="key-settings">
      <p className="muted">{t("keys.lead")}</p>
      {groupNames.map((group) => (
        <section key={group} aria-labelledby={`keys-${group}`}>
          <h3 id={`keys-${group}`}>{t(`keys.group.${group}`)}</h3>
          <ul className="rows">
            {usable(groups[group], pages).map((one) => (
              <KeyRow
                key={one}
                shortcut={one}
                combo={shortcuts[one]}
                listening={listening === one}
                verdict={verdict?.of === one ? verdict : undefined}
                listen={(on) => {
                  setVerdict(undefined);
                  setListening(on ? one : undefined);
                }}
                press={(event) => press(one, event)}
              />
            ))}
          </ul>
        </section>
      ))}
      <div className="card-acts">
        <button
          type="button"
          className="button"
          data-testid="keys-reset"
          onClick={() => {
            setShortcuts(defaults);
            setVerdict(undefined);
          }}
        >
          {t("keys.reset")}
        </button>
      </div>
    </div>
  );
}

type RowProps = {
  shortcut: Shortcut;
  combo: string;
  listening: boolean;
  verdict: Verdict;
  listen: (on: boolean) => void;
  press: (event: KeyboardEvent) => void;
};

function KeyRow({ shortcut, combo, listening, verdict, listen, press }: RowProps) {
  const { t, keys } = useSay();
  const name = t(`keys.act.${shortcut}`);
  return (
    <li className="row key-row">
      <span className="row-main">
        <span>{name}</span>
        <span className="field-error" role="status">
          {verdict && "objection" in verdict && t(`keys.objection.${verdict.objection}`)}
        </span>
        <span className="row-facts" role="status">
          {verdict && "swapped" in verdict && t("keys.swapped", { act: t(`keys.act.${verdict.swapped}`) })}
        </span>
      </span>
      <button
        type="button"
        className="button button-small key-record"
        aria-label={t("keys.record", { act: name, keys: combo ? keys(combo) : t("keys.none") })}
        aria-pressed={listening}
        data-testid={`key-of-${shortcut}`}
        onClick={() => listen(!listening)}
        onBlur={() => listening && listen(false)}
        onKeyDown={press}
      >
        {listening ? t("keys.press") : combo ? <kbd>{keys(combo)}</kbd> : t("keys.none")}
        <Icon sign="pencil" />
      </button>
    </li>
  );
}
