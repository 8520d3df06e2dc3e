import { useSay } from "../i18n/format";

const digits = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

/** Sends digits to the other side of the talk. */
export function Keypad({ press }: { press: (digit: string) => void }) {
  const { t } = useSay();
  return (
    <fieldset className="pad" aria-label={t("talk.keypad")} data-testid="keypad">
      {digits.map((digit) => (
        <button
          key={digit}
          type="button"
          className="button pad-key"
          aria-label={t("talk.key", { digit })}
          data-testid={`key-${digit}`}
          onClick={() => press(digit)}
        >
          {digit}
        </button>
      ))}
    </fieldset>
  );
}
