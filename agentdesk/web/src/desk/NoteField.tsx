import { useId } from "react";
import { useSay } from "../i18n/format";

export function NoteField({ note, setNote }: { note: string; setNote: (text: string) => void }) {
  const { t } = useSay();
  const hint = useId();
  return (
    <label className="field note">
      <span>{t("note.label")}</span>
      <textarea
        value={note}
        maxLength={8_000}
        rows={4}
        aria-describedby={hint}
        data-testid="note"
        onChange={(event) => setNote(event.target.value)}
      />
      <small id={hint} className="muted">
        {t("note.hint")}
      </small>
    </label>
  );
}
