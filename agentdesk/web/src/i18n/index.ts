// Sets the language of the whole page. Both are bundled: switching is instant
// and needs no network.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "../rest/client";
import en from "./en";
import fr from "./fr";
import { typeset } from "./typeset";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "words";
    resources: { words: typeof fr };
  }
}

const remembered = "linekeeper.language";

/** French unless this browser chose otherwise before. */
export function firstLanguage(): Language {
  return localStorage.getItem(remembered) === "en" ? "en" : "fr";
}

export function startWords(language: Language = firstLanguage()): void {
  i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: "words",
    resources: { fr: { words: typeset(fr) }, en: { words: typeset(en) } },
    interpolation: { escapeValue: false }, // React escapes
    initAsync: false,
    returnNull: false,
  });
  document.documentElement.lang = language;
}

export function speak(language: Language): void {
  localStorage.setItem(remembered, language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}
