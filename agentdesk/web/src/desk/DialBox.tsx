import { openDialog } from "../frame/dialogs";
import { Icon } from "../frame/Icon";
import { phoneNumber, useSay } from "../i18n/format";
import { DialForm } from "./DialForm";
import { useFree } from "./free";

/** Between calls: call somebody on behalf of a queue. */
export function DialBox() {
  const { t } = useSay();
  return (
    <section className="dial-box" aria-labelledby="dial-label" data-testid="dial-box">
      <h2 id="dial-label">{t("dial.title")}</h2>
      <DialForm />
    </section>
  );
}

type Props = { number: string | undefined; name?: string | undefined };

/** Calls this number: the dial box opens with it, so that nothing is dialled by one slip. Only while one is free. */
export function CallAgain({ number, name }: Props) {
  const { t } = useSay();
  const free = useFree();
  if (!free || !number || !/^\+?\d+$/.test(number)) return null;
  return (
    <button
      type="button"
      className="button button-small call-again"
      aria-label={t("dial.againTo", { who: name || phoneNumber(number) })}
      data-testid="call-again"
      data-number={number}
      onClick={() => openDialog({ dialog: "dial", number, ...(name ? { name } : {}) })}
    >
      <Icon sign="phone" />
      {t("dial.again")}
    </button>
  );
}
