import { useEffect, useRef } from "react";
import { useSay } from "../i18n/format";

const digits = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

type Props = { press: (digit: string) => void; close: () => void };

/** Sends digits to the other side of the talk, pressed here or typed while the focus is here. */
export function Keypad({ press, close }: Props) {
  const { t } = useSay();
  const pad = useRef<HTMLFieldSetElement>(null);
  useEffect(() => pad.current?.querySelector("button")?.focus(), []);
  return (
    <fieldset
      ref={pad}
      className="pad"
      aria-label={t("talk.keypad")}
      data-testid="keypad"
      onKeyDown={({ key, ctrlKey, altKey, metaKey }) => {
        if (key === "Escape") close();
        if (digits.includes(key) && !ctrlKey && !altKey && !metaKey) press(key);
      }}
    >
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
