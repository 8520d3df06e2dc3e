// The desktop notification of an offer, for when the page is not seen. Only
// after the person asked for it (settings/NotifySettings).
import { useEffect } from "react";
import { devicesNow } from "../phone/devices";

export type Notice = { offer: string; title: string; body: string };

/** Shows the notice of an offer while the page is hidden; it goes with the offer, or when the page is seen. */
export function useNotify(notice: Notice | undefined): void {
  const { offer, title, body } = notice ?? {};
  // biome-ignore lint/correctness/useExhaustiveDependencies: one notice for one offer, in the words of its first moment
  useEffect(() => {
    if (!offer || !title || !allowed()) return;
    let shown: Notification | undefined;
    const show = () => {
      shown?.close();
      if (!document.hidden) return;
      shown = new Notification(title, {
        body: body ?? "",
        tag: offer,
        requireInteraction: true,
        icon: "/icon.svg",
      });
      shown.onclick = () => {
        window.focus();
        location.hash = "#/desk";
        shown?.close();
      };
    };
    show();
    document.addEventListener("visibilitychange", show);
    return () => {
      document.removeEventListener("visibilitychange", show);
      shown?.close();
    };
  }, [offer]);
}

const allowed = (): boolean =>
  devicesNow().notify && "Notification" in window && Notification.permission === "granted";
