import { type FormEvent, useEffect, useRef, useState } from "react";
import { Icon } from "../frame/Icon";
import { LanguageSwitch } from "../frame/LanguageSwitch";
import { Mark } from "../frame/Mark";
import { useSay } from "../i18n/format";
import { ask, type Failure, rest, type Session, type SignInWays } from "../rest/client";

/** Until the server tells: by password, as everywhere. */
const usual: SignInWays = { password: true };

type Props = { ended: boolean; down: boolean; signedIn: (session: Session) => void };

export function SignIn({ ended, down, signedIn }: Props) {
  const { t, language } = useSay();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(down ? { status: 0 } : undefined);
  const [chose, setChose] = useState(false);
  const password = useRef<HTMLInputElement>(null);
  const [ways, setWays] = useState<SignInWays>();

  useEffect(() => {
    void ask(rest.GET("/sign-in")).then((answer) => setWays(answer.ok ? answer.data : usual));
  }, []);

  useEffect(() => {
    document.title = `${t("sign.title")} · Linekeeper`;
  }, [t]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;
    const form = new FormData(event.currentTarget);
    const body = { name: String(form.get("name")).trim(), password: String(form.get("password")) };
    setBusy(true);
    setFailure(undefined);
    const answer = await ask(rest.POST("/session", { body }));
    setBusy(false);
    if (!answer.ok) {
      setFailure(answer.failure);
      password.current?.select();
      return;
    }
    // A language chosen on this page is newer than the one kept with the account.
    if (chose && answer.data.language !== language)
      void ask(rest.PUT("/session/language", { body: { language } }));
    signedIn(chose ? { ...answer.data, language } : answer.data);
  }

  return (
    <main className="sign">
      <div className="sign-card">
        <header className="sign-head">
          <Mark />
          <LanguageSwitch onChoose={() => setChose(true)} />
        </header>
        <h1>{t("sign.title")}</h1>
        <p className="muted">{t("sign.lead")}</p>
        {ways?.oidc && (
          // A page of its own, not a question of this one: the issuer asks there.
          <a className="button button-large sign-oidc" href={ways.oidc.url} data-testid="sign-oidc">
            <Icon sign="shield" />
            {t("sign.oidc", { name: ways.oidc.name })}
          </a>
        )}
        {ways?.oidc && ways.password && <p className="sign-or muted">{t("sign.or")}</p>}
        {ways?.password !== false && (
          <form onSubmit={submit} className="sign-form" data-testid="sign-in">
            <label className="field">
              <span>{t("sign.name")}</span>
              <input
                name="name"
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                maxLength={64}
                required
              />
            </label>
            <label className="field">
              <span>{t("sign.password")}</span>
              <input
                ref={password}
                name="password"
                type="password"
                autoComplete="current-password"
                maxLength={256}
                required
                aria-describedby="sign-said"
                aria-invalid={failure?.status === 401}
              />
            </label>
            <p id="sign-said" className="sign-said" role="alert" data-testid="sign-error">
              {failure && <Icon sign="alert" />}
              <SignSaid failure={failure} ended={ended} />
            </p>
            <button
              type="submit"
              className="button button-primary button-large"
              data-testid="sign-submit"
              aria-disabled={busy}
            >
              {busy ? t("sign.busy") : t("sign.submit")}
            </button>
          </form>
        )}
      </div>
    </main>
  );
}

function SignSaid({ failure, ended }: { failure: Failure | undefined; ended: boolean }) {
  const { t } = useSay();
  if (!failure) return <span>{ended && t("sign.ended")}</span>;
  if (failure.status === 401) return <span>{t("sign.wrong")}</span>;
  if (failure.status === 429)
    return (
      <span>
        {failure.retryAfterS ? t("sign.slow", { seconds: failure.retryAfterS }) : t("sign.slowSoon")}
      </span>
    );
  return <span>{t("sign.down")}</span>;
}
