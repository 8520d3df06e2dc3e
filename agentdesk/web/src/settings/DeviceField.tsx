import type { ReactNode } from "react";
import { useSay } from "../i18n/format";
import type { Device } from "../phone/devices";

type Props = {
  name: "mic" | "speaker" | "ringer";
  chosen: Device | undefined;
  among: readonly Device[];
  choose: (device: Device | undefined) => void;
  children?: ReactNode;
};

/** One choice of device. One that was chosen and is not plugged in stays chosen, and says so. */
export function DeviceField({ name, chosen, among, choose, children }: Props) {
  const { t } = useSay();
  const away = chosen && !among.some((one) => one.id === chosen.id);
  return (
    <div className="device">
      <label className="field">
        <span>{t(`sound.${name}`)}</span>
        <select
          value={chosen?.id ?? ""}
          data-testid={`device-${name}`}
          onChange={(event) => choose(among.find((one) => one.id === event.target.value))}
        >
          <option value="">{t("sound.system")}</option>
          {among.map((one, n) => (
            <option key={one.id} value={one.id}>
              {one.label || t("sound.unnamed", { n: n + 1 })}
            </option>
          ))}
          {away && (
            <option value={chosen.id} disabled>
              {t("sound.away", { device: chosen.label || t("sound.chosen") })}
            </option>
          )}
        </select>
      </label>
      {children}
    </div>
  );
}
