import { useEffect, useState, useSyncExternalStore } from "react";
import { useSigned } from "../frame/session";
import { useDesk } from "../live/use";
import { ask, rest } from "../rest/client";
import { Note, type NoteState, type Send } from "./note";

export const sendNote: Send = (call, save, last) =>
  ask(rest.PUT("/calls/{call}/note", { params: { path: { call } }, body: save, keepalive: last }));

/** The signed-in person's note on a call, being saved for as long as it is on the page. */
export function useNote(call: string, who: string): { note: Note; state: NoteState } {
  const { session } = useSigned();
  const desk = useDesk();
  const [note] = useState(() => new Note(call, session.name, who, sendNote));
  useEffect(() => {
    note.start();
    return () => note.stop();
  }, [note]);
  useEffect(() => desk.whenBack(() => note.again()), [desk, note]);
  return { note, state: useSyncExternalStore(note.subscribe, note.get) };
}
