import { type FormEvent, useRef, useState } from "react";
import { Icon } from "../frame/Icon";
import { failureText } from "../frame/say";
import { type Say, useSay } from "../i18n/format";
import { ask, type Failure, rest } from "../rest/client";

/** As short as the server takes them (openapi.yaml, changePassword). */
const shortest = 8;

type Wrong = "short" | "differ" | Failure | undefined;

/** The old password, the new one twice. */
export function PasswordForm({ name, done }: { name: string; done: () => void }) {
  const { t } = useSay();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Wrong>();
  const form = useRef<HTMLFormElement>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;
    const filled = new FormData(event.currentTarget);
    const [old, next, again] = ["old", "new", "again"].map((field) => String(filled.get(field)));
    if (!old || !next || next.length < shortest) return setWrong("short");
    if (next !== again) return setWrong("differ");
    setBusy(true);
    const answer = await ask(rest.PUT("/session/password", { body: { old, new: next } }));
    setBusy(false);
    if (!answer.ok) return setWrong(answer.failure);
    form.current?.reset();
    setWrong(undefined);
    done();
  }

  return (
    <form
      ref={form}
      onSubmit={(event) => void submit(event)}
      className="sign-form"
      data-testid="password-form"
    >
      {/* For the browser's password store: whose password it is. */}
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      <PasswordField name="old" autoComplete="current-password" />
      <PasswordField name="new" autoComplete="new-password" />
      <PasswordField name="again" autoComplete="new-password" />
      <p className="sign-said" role="alert" data-testid="password-error">
        {wrong && <Icon sign="alert" />}
        {wrong && <span>{wrongText(t, wrong)}</span>}
      </p>
      <button
        type="submit"
        className="button button-primary"
        aria-disabled={busy}
        data-testid="password-submit"
      >
        {busy ? t("sign.busy") : t("password.submit")}
      </button>
    </form>
  );
}

function PasswordField({ name, autoComplete }: { name: "old" | "new" | "again"; autoComplete: string }) {
  const { t } = useSay();
  return (
    <label className="field">
      <span>{t(`password.${name}`)}</span>
      <input name={name} type="password" autoComplete={autoComplete} maxLength={256} required />
      {name === "new" && <small className="muted">{t("password.rule", { shortest })}</small>}
    </label>
  );
}

function wrongText(t: Say["t"], wrong: NonNullable<Wrong>): string {
  if (wrong === "short") return t("password.short", { shortest });
  if (wrong === "differ") return t("password.differ");
  if (wrong.code === "wrong-password") return t("password.wrongOld");
  if (wrong.code === "same-password") return t("password.same");
  if (wrong.status === 429) return t("sign.slow", { seconds: wrong.retryAfterS ?? 1 });
  return failureText(t, wrong);
}
