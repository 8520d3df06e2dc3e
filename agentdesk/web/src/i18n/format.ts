// Numbers, times and durations as people of the language write them.
import { useTranslation } from "react-i18next";
import type { Label, Language } from "../rest/client";

/** A timer's face: 0:07, 12:03, 1:02:03. */
export function clock(seconds: number): string {
  const s = String(seconds % 60).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${s}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${s}`;
}

/** A phone number in groups people read aloud; anything unusual stays as it is. */
export function phoneNumber(number: string | undefined): string {
  if (!number) return "";
  const french = /^(?:\+33|0)([1-9])((?:\d\d){4})$/.exec(number);
  if (!french) return number;
  const pairs = (french[2] ?? "").replace(/(\d\d)(?=\d)/g, "$1 ");
  return number.startsWith("+") ? `+33 ${french[1]} ${pairs}` : `0${french[1]} ${pairs}`;
}

/** Functions that say things in the page's language. */
export function useSay() {
  const { t, i18n } = useTranslation();
  const language: Language = i18n.language === "en" ? "en" : "fr";
  const locale = language === "en" ? "en-GB" : "fr-FR";
  const two = (n: number) => String(n).padStart(2, "0");
  return {
    t,
    language,
    /** Whole seconds as words: 45 s, 1 min 12, 2 h 05. */
    duration(seconds: number): string {
      const s = Math.max(0, Math.round(seconds));
      if (s < 60) return t("duration.seconds", { s });
      if (s < 3_600) return t("duration.minutes", { m: Math.floor(s / 60), s: two(s % 60) });
      return t("duration.hours", { h: Math.floor(s / 3_600), m: two(Math.floor((s % 3_600) / 60)) });
    },
    /** A wait as it is told, honestly rough: "20 à 45 s", "2 à 5 min". */
    range(lowS: number, highS: number): string {
      if (highS < 90) return t("range.seconds", { low: Math.round(lowS), high: Math.round(highS) });
      const [low, high] = [Math.floor(lowS / 60), Math.ceil(highS / 60)];
      return low === high ? t("range.minute", { high }) : t("range.minutes", { low, high });
    },
    time: (moment: string | number) =>
      new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(new Date(moment)),
    timeToSecond: (moment: string | number) =>
      new Intl.DateTimeFormat(locale, { timeStyle: "medium" }).format(new Date(moment)),
    day: (moment: string | number) =>
      new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" }).format(
        new Date(moment),
      ),
    dayAndTime: (moment: string | number) =>
      new Intl.DateTimeFormat(locale, {
        day: "numeric",
        month: "short",
        hour: "2-digit",
        minute: "2-digit",
      }).format(new Date(moment)),
    dayAndSecond: (moment: string | number) =>
      new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "medium" }).format(new Date(moment)),
    number: (n: number) => new Intl.NumberFormat(locale).format(n),
    percent: (n: number) =>
      new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(n / 100),
    /** A shortcut as the keys are labelled: Alt+Maj+R. */
    keys: (combo: string) =>
      language === "fr"
        ? combo.replace("Shift", "Maj").replace("Control", "Ctrl")
        : combo.replace("Control", "Ctrl"),
    /** A name of the catalogue; its ID when the catalogue does not know it. */
    label: (labels: readonly Label[] | undefined, id: string | undefined) =>
      labels?.find((one) => one.id === id)?.[language] ?? id ?? "",
    /** The name of a language in the page's language: "anglais". */
    tongue(code: string): string {
      try {
        return new Intl.DisplayNames(locale, { type: "language" }).of(code) ?? code;
      } catch {
        return code; // not a code of BCP 47
      }
    },
  };
}

export type Say = ReturnType<typeof useSay>;
