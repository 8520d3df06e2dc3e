import type { RefObject } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { Icon } from "../frame/Icon";
import { useSay } from "../i18n/format";
import type { Standing } from "../rest/client";
import type { Act } from "./PlaceAct";

type Props = {
  button: RefObject<HTMLButtonElement | null>;
  who: string;
  place: Standing;
  choose: (act: Act) => void;
};

/** What a supervisor may do about a place, to be chosen. */
export function ActMenu({ button, who, place, choose }: Props) {
  const { t } = useSay();
  return (
    <MenuTrigger>
      <Button
        ref={button}
        className="button button-small"
        aria-label={t("line.actFor", { who })}
        data-testid="act"
      >
        {t("line.act")}
        <Icon sign="chevron" />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" aria-label={t("line.act")} onAction={(key) => choose(key as Act)}>
          <MenuItem id="priority" className="menu-item" data-testid="act-priority">
            {t("line.setPriority")}
          </MenuItem>
          <MenuItem id="move" className="menu-item" data-testid="act-move">
            {t("line.move")}
          </MenuItem>
          {waitsForCallback(place) && (
            <MenuItem id="cancel" className="menu-item" data-testid="act-cancel">
              {t("line.cancelCallback")}
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

const waitsForCallback = ({ callback }: Standing): boolean => callback !== undefined && !callback.reached_at;
