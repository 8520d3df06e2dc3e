import { type ComponentProps, type ReactNode, type RefObject, useId, useLayoutEffect, useRef } from "react";
import { ActButton } from "./ActButton";
import { Icon, type Sign } from "./Icon";
import type { Shortcut } from "./keys";

type Props = {
  word: string;
  /** What it is called where the word alone does not say of what. */
  label?: string;
  sign?: Sign;
  shortcut?: Shortcut;
  open: boolean;
  /** Opens what is shut, and shuts what is open. */
  turn: () => void;
  testid: string;
  children: ReactNode;
};

/**
 * A button and what it opens under itself, each knowing of the other. The focus is
 * on the button when it is pressed, by its keys too, and comes back to it from
 * inside when that is shut, by whomever.
 */
export function Opener({ word, label, sign, shortcut, open, turn, testid, children }: Props) {
  const inside = useId();
  const button = useRef<HTMLButtonElement>(null);
  const press = () => {
    button.current?.focus();
    turn();
  };
  const its: ComponentProps<"button"> & { "data-testid": string } = {
    ref: button,
    className: "button button-small opener",
    "aria-label": label,
    "aria-expanded": open,
    "aria-controls": open ? inside : undefined,
    "data-testid": testid,
    children: (
      <>
        {sign && <Icon sign={sign} />}
        {word}
      </>
    ),
  };
  return (
    <>
      {shortcut ? (
        <ActButton shortcut={shortcut} act={press} {...its} />
      ) : (
        <button type="button" onClick={press} {...its} />
      )}
      {open && (
        <Opened id={inside} button={button}>
          {children}
        </Opened>
      )}
    </>
  );
}

type OpenedProps = { id: string; button: RefObject<HTMLButtonElement | null>; children: ReactNode };

/** What a button has opened; as it goes it gives the focus back to that button, if it has it. */
export function Opened({ id, button, children }: OpenedProps) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const [here, from] = [place.current, button.current];
    return () => {
      if (here?.contains(document.activeElement)) from?.focus();
    };
  }, [button]);
  return (
    <div ref={place} id={id} className="opened">
      {children}
    </div>
  );
}
