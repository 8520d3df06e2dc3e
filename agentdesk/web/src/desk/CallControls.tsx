import { type ReactNode, type RefObject, useId, useRef } from "react";
import { Toolbar } from "react-aria-components";
import { ActButton } from "../frame/ActButton";
import { Icon, type Sign } from "../frame/Icon";
import type { Shortcut } from "../frame/keys";
import { Opened } from "../frame/Opener";
import { useSay } from "../i18n/format";

/** One control of a call, as it stands now. A control that is not allowed is not in the list. */
export type Control = {
  id: Shortcut;
  text: string;
  sign: Sign;
  act: () => void;
  /** It is on: held, muted, recording. */
  on?: boolean | undefined;
  /** Its word stays and its being on is said beside it; else the word says what it does next. */
  toggle?: boolean;
  /** It shows a panel under the bar. */
  open?: boolean | undefined;
  /** Its answer is on its way. */
  busy?: boolean | undefined;
  testid?: string;
};

/**
 * The controls of a call in one bar, arrow keys between them; the panel of the
 * one that is open stands below. Hang up comes last and apart.
 */
export function CallControls({ controls, children }: { controls: readonly Control[]; children?: ReactNode }) {
  const { t } = useSay();
  const opener = useRef<HTMLButtonElement>(null);
  const panel = useId();
  const open = controls.find((one) => one.open);
  return (
    <div className="controls">
      <Toolbar className="controls-bar" aria-label={t("talk.controls")} data-testid="controls">
        {controls.map((control) => (
          <ControlButton key={control.id} control={control} opener={opener} panel={panel} />
        ))}
      </Toolbar>
      {open && (
        <Opened key={open.id} id={panel} button={opener}>
          {children}
        </Opened>
      )}
    </div>
  );
}

type ButtonProps = { control: Control; opener: RefObject<HTMLButtonElement | null>; panel: string };

function ControlButton({ control, opener, panel }: ButtonProps) {
  const { id, text, sign, act, on, toggle, open, busy, testid } = control;
  return (
    <ActButton
      ref={open ? opener : undefined}
      shortcut={id}
      act={act}
      className={id === "hangup" ? "button control button-hangup" : "button control"}
      aria-pressed={toggle ? on : undefined}
      data-on={on || undefined}
      aria-expanded={open}
      aria-controls={open ? panel : undefined}
      aria-disabled={busy || undefined}
      data-testid={testid ?? id}
    >
      <Icon sign={sign} large />
      <span>{text}</span>
    </ActButton>
  );
}
