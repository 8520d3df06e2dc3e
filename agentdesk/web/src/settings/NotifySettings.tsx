import { useState } from "react";
import { useSay } from "../i18n/format";
import { setDevices, useDevices } from "../phone/devices";

const permission = () => ("Notification" in window ? Notification.permission : "unsupported");

/** Desktop notifications: asked of the browser only when this box is ticked. */
export function NotifySettings() {
  const { t } = useSay();
  const { notify } = useDevices();
  const [given, setGiven] = useState(permission);
  if (given === "unsupported") return <p className="muted">{t("notify.unsupported")}</p>;

  async function turn(on: boolean) {
    if (on && Notification.permission === "default") await Notification.requestPermission();
    setGiven(permission());
    setDevices({ notify: on && Notification.permission === "granted" });
  }

  return (
    <div className="notify">
      <label className="tick">
        <input
          type="checkbox"
          checked={notify && given === "granted"}
          data-testid="notify"
          onChange={(event) => void turn(event.target.checked)}
        />
        <span>{t("notify.label")}</span>
      </label>
      <p className="muted" role="status" data-testid="notify-said">
        {given === "denied" ? t("notify.denied") : t("notify.lead")}
      </p>
    </div>
  );
}
