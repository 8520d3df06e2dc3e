// What the console says in passing: a line at the foot of the page, and a live
// region for those who do not see it. One at a time; the newest wins.
import i18next from "i18next";
import { useEffect, useSyncExternalStore } from "react";
import { useSay } from "../i18n/format";
import type { Failure } from "../rest/client";
import { Icon } from "./Icon";

/** What is said, in whatever language the page speaks by then. */
export type Words = (t: ReturnType<typeof useSay>["t"]) => string;
type Said = { words: Words; kind: "done" | "failed" };

let said: Said | undefined;
const readers = new Set<() => void>();

function set(next: Said | undefined): void {
  said = next;
  for (const reader of readers) reader();
}

export const sayDone = (words: Words): void => set({ words, kind: "done" });
export const sayFailed = (words: Words): void => set({ words, kind: "failed" });

/** The words for a failed question. */
export function failureText(t: ReturnType<typeof useSay>["t"], { status, code, says }: Failure): string {
  if (says) return i18next.language === "en" ? says.en : says.fr;
  if (code === "ticket-system-down" || status === 502) return t("failure.ticket");
  if (status === 0) return t("failure.network");
  if (status === 403 || status === 401) return t("failure.forbidden");
  if (status === 404) return t("failure.gone");
  if (status === 409) return t("failure.conflict");
  return status < 500 ? t("failure.bad") : t("failure.server");
}

const subscribe = (reader: () => void) => {
  readers.add(reader);
  return () => readers.delete(reader);
};

export function SaidLine() {
  const now = useSyncExternalStore(subscribe, () => said);
  const { t } = useSay();
  useEffect(() => {
    if (now?.kind !== "done") return;
    const timer = setTimeout(() => set(undefined), 6_000);
    return () => clearTimeout(timer);
  }, [now]);
  return (
    <div className="said" role="status" data-testid="said" data-react-aria-top-layer="true">
      {now && (
        <p className={`said-line said-${now.kind}`}>
          <Icon sign={now.kind === "done" ? "check" : "alert"} />
          <span>{now.words(t)}</span>
          <button
            type="button"
            className="button-bare"
            aria-label={t("common.dismiss")}
            onClick={() => set(undefined)}
          >
            <Icon sign="close" />
          </button>
        </p>
      )}
    </div>
  );
}
