import { useEffect } from "react";
import { LanguageSwitch } from "../frame/LanguageSwitch";
import { Mark } from "../frame/Mark";
import { useSay } from "../i18n/format";
import type { Session } from "../rest/client";
import { PasswordForm } from "./PasswordForm";

type Props = { session: Session; changed: () => void; signOut: () => void };

/** The password has to be changed before anything else. */
export function MustChange({ session, changed, signOut }: Props) {
  const { t } = useSay();
  useEffect(() => {
    document.title = `${t("password.title")} · Linekeeper`;
  }, [t]);
  return (
    <main className="sign">
      <div className="sign-card" data-testid="must-change">
        <header className="sign-head">
          <Mark />
          <LanguageSwitch onChoose={() => {}} />
        </header>
        <h1>{t("password.title")}</h1>
        <p className="muted">{t("password.must", { name: session.display_name })}</p>
        <PasswordForm name={session.name} done={changed} />
        <button type="button" className="button" data-testid="sign-out" onClick={signOut}>
          {t("sign.out")}
        </button>
      </div>
    </main>
  );
}
