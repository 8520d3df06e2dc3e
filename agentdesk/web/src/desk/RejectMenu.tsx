import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { Icon } from "../frame/Icon";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";

/** Beside the plain no: a no with its reason. Nothing where the floor has none. */
export function RejectMenu({ reject }: { reject: (reason: string) => void }) {
  const { t, language } = useSay();
  const { catalogue } = useSigned();
  const reasons = catalogue?.rejections ?? [];
  if (reasons.length === 0) return null;
  return (
    <MenuTrigger>
      <Button
        className="button button-large reject-why"
        aria-label={t("rejection.choose")}
        data-testid="reject-why"
      >
        <Icon sign="chevron" />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" aria-label={t("rejection.label")} onAction={(key) => reject(String(key))}>
          {reasons.map((reason) => (
            <MenuItem
              key={reason.id}
              id={reason.id}
              className="menu-item"
              data-testid={`reject-${reason.id}`}
            >
              {reason[language]}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
