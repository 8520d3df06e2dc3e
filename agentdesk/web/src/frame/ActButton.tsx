import type { ComponentProps } from "react";
import { useSay } from "../i18n/format";
import { type Shortcut, useKey, useShortcuts } from "./keys";

type Props = Omit<ComponentProps<"button">, "onClick" | "type"> & {
  shortcut: Shortcut;
  act: () => void;
  "data-testid": string;
};

/** A button whose act has keys too; they act while the button is on the page. */
export function ActButton({ shortcut, act, children, ...rest }: Props) {
  const { keys } = useSay();
  const combo = useShortcuts()[shortcut];
  useKey(shortcut, act);
  return (
    <button
      type="button"
      aria-keyshortcuts={combo || undefined}
      title={combo ? keys(combo) : undefined}
      onClick={act}
      {...rest}
    >
      {children}
    </button>
  );
}
