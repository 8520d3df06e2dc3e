import { Icon, type Sign } from "../frame/Icon";
import { useSay } from "../i18n/format";
import type { Verdict } from "./level";

const signs: Record<Verdict, Sign> = { good: "check", attention: "alert", action: "bell", none: "clock" };

/** A threshold by colour, sign and word; the word is for readers only where `quiet`. */
export function VerdictMark({ verdict, quiet }: { verdict: Verdict; quiet?: boolean }) {
  const { t } = useSay();
  return (
    <span className="verdict" data-verdict={verdict}>
      <Icon sign={signs[verdict]} />
      <span className={quiet ? "unseen" : undefined}>{t(`floor.verdict.${verdict}`)}</span>
    </span>
  );
}
