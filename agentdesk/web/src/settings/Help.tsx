import { openDialog } from "../frame/dialogs";
import { useShortcuts } from "../frame/keys";
import type { Page } from "../frame/route";
import { groups } from "../frame/shortcuts";
import { useSay } from "../i18n/format";
import { Shell } from "./Shell";
import { groupNames, usable } from "./usable";

/** Every shortcut this person has, by what it is for. */
export default function Help({ pages, close }: { pages: readonly Page[]; close: () => void }) {
  const { t, keys } = useSay();
  const shortcuts = useShortcuts();
  return (
    <Shell title={t("keys.title")} testid="help" close={close}>
      <div className="help-groups">
        {groupNames.map((group) => (
          <section key={group} aria-labelledby={`help-${group}`}>
            <h3 id={`help-${group}`}>{t(`keys.group.${group}`)}</h3>
            <dl className="help-keys">
              {usable(groups[group], pages).map((one) => (
                <div key={one}>
                  <dt>{t(`keys.act.${one}`)}</dt>
                  <dd>
                    {shortcuts[one] ? (
                      <kbd>{keys(shortcuts[one])}</kbd>
                    ) : (
                      <span className="muted">{t("keys.none")}</span>
                    )}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="muted">{t("keys.everything")}</p>
      <div className="card-acts">
        <button
          type="button"
          className="button"
          data-testid="help-change"
          onClick={() => openDialog({ dialog: "settings", section: "keys" })}
        >
          {t("keys.change")}
        </button>
      </div>
    </Shell>
  );
}
