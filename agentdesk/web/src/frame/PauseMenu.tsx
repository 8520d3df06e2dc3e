import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { useSay } from "../i18n/format";
import { Icon } from "./Icon";
import { useKeyNames } from "./keys";
import { pauseReasons } from "./reasons";
import { useSigned } from "./session";

type Props = {
  open: boolean;
  setOpen: (open: boolean) => void;
  pressed: boolean;
  choose: (reason: string) => void;
};

/** The not-ready button with the catalogue's reasons. */
export function PauseMenu({ open, setOpen, pressed, choose }: Props) {
  const { t, language } = useSay();
  const { catalogue } = useSigned();
  const combo = useKeyNames("pause");
  return (
    <MenuTrigger isOpen={open} onOpenChange={setOpen}>
      <Button
        className="button button-pause"
        data-pressed-state={pressed}
        data-testid="pause"
        aria-keyshortcuts={combo}
      >
        <Icon sign="pause" />
        {t("state.not-ready")}
        <Icon sign="chevron" />
      </Button>
      <Popover className="popover" placement="bottom start">
        <Menu className="menu" aria-label={t("state.pauseReason")} onAction={(key) => choose(String(key))}>
          {pauseReasons(catalogue).map((reason) => (
            <MenuItem
              key={reason.id}
              id={reason.id}
              className="menu-item"
              data-testid={`reason-${reason.id}`}
            >
              {reason[language]}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
