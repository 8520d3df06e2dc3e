import type { Catalogue, Label } from "../rest/client";

/** Reasons the floor gives by itself, for a missed offer or a phone lost in a talk; nobody chooses them. */
const givenByFloor = ["ring-no-answer", "rejected", "unreachable", "phone-lost"];

/** The reasons an agent may choose. */
export const pauseReasons = (catalogue: Catalogue | undefined): Label[] =>
  catalogue?.reasons.filter((reason) => !givenByFloor.includes(reason.id)) ?? [];
