import { useEffect } from "react";
import { useSay } from "../i18n/format";
import { Shell } from "../settings/Shell";
import { DialForm } from "./DialForm";
import { useFree } from "./free";

type Props = { number: string | undefined; name: string | undefined; close: () => void };

/** The dial box from anywhere: the top bar, a number in the history. A call that comes closes it. */
export default function DialDialog({ number, name, close }: Props) {
  const { t } = useSay();
  const free = useFree();
  useEffect(() => {
    if (!free) close();
  }, [free, close]);
  return (
    <Shell title={t("dial.title")} testid="dial-dialog" close={close}>
      <DialForm key={number} number={number} name={name} focus dialled={close} />
    </Shell>
  );
}
