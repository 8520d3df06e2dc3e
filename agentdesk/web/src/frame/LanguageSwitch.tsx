import { speak } from "../i18n";
import { useSay } from "../i18n/format";
import type { Language } from "../rest/client";

const languages: [Language, string][] = [
  ["fr", "Français"],
  ["en", "English"],
];

/** Two buttons, the one in use pressed. The change is instant; `onChoose` keeps it. */
export function LanguageSwitch({ onChoose }: { onChoose: (language: Language) => void }) {
  const { t, language } = useSay();
  return (
    <fieldset className="switch" aria-label={t("language.switch")}>
      {languages.map(([code, name]) => (
        <button
          key={code}
          type="button"
          lang={code}
          className="switch-choice"
          aria-pressed={language === code}
          aria-label={`${code.toUpperCase()} – ${name}`}
          data-testid={`language-${code}`}
          onClick={() => {
            speak(code);
            onChoose(code);
          }}
        >
          {code.toUpperCase()}
        </button>
      ))}
    </fieldset>
  );
}
