import { lazy, Suspense } from "react";
import { openDialog, useOpened } from "./dialogs";
import { useKey } from "./keys";
import type { Page } from "./route";

// Seldom opened, so not part of the first load.
const Settings = lazy(() => import("../settings/Settings"));
const Help = lazy(() => import("../settings/Help"));
const DialDialog = lazy(() => import("../desk/DialDialog"));

const close = () => openDialog(undefined);

/** The console's own dialogs, and the keys that open them and the pages. */
export function Dialogs({ pages }: { pages: readonly Page[] }) {
  const opened = useOpened();
  const goTo = (page: Page) => () => {
    close();
    location.hash = `#/${page}`;
  };
  useKey("desk", goTo("desk"), pages.includes("desk"));
  useKey("floor", goTo("floor"), pages.includes("floor"));
  useKey("calls", goTo("calls"), pages.includes("calls"));
  useKey("reports", goTo("reports"), pages.includes("reports"));
  useKey("people", goTo("people"), pages.includes("people"));
  useKey("audit", goTo("audit"), pages.includes("audit"));
  useKey("settings", () => openDialog({ dialog: "settings", section: "keys" }));
  useKey("help", () => openDialog(opened?.dialog === "help" ? undefined : { dialog: "help" }));
  return (
    <Suspense>
      {opened?.dialog === "help" && <Help pages={pages} close={close} />}
      {opened?.dialog === "dial" && <DialDialog number={opened.number} name={opened.name} close={close} />}
      {opened?.dialog === "settings" && <Settings first={opened.section} pages={pages} close={close} />}
    </Suspense>
  );
}
