// What there is to hear of a part of a recording, and who may delete it.
import type { RecordingPart, Session } from "../rest/client";

export type Sound = "there" | "deleted" | "comes";

/** A part's file comes into the store a moment after the talk; deleted, only the word of it stays. */
export function partSound({ deleted, bytes }: RecordingPart): Sound {
  if (deleted) return "deleted";
  return bytes > 0 ? "there" : "comes";
}

/** Supervisors and administrators; of which queues, the server knows. */
export const mayDelete = ({ role }: Session): boolean => role !== "agent";
