import type { Catalogue, Label } from "../rest/client";

/** Reasons the floor gives by itself when an offer is missed; nobody chooses them. */
const givenByFloor = ["ring-no-answer", "rejected", "unreachable"];

/** The reasons an agent may choose. */
export const pauseReasons = (catalogue: Catalogue | undefined): Label[] =>
  catalogue?.reasons.filter((reason) => !givenByFloor.includes(reason.id)) ?? [];
