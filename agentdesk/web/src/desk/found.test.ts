import { expect, it } from "vitest";
import { found } from "./found";

it.each([
  ["Gaëlle Le Goff", "gae", true],
  ["Gaëlle Le Goff", "GOFF gaë", true],
  ["Gaëlle Le Goff", "", true],
  ["Gaëlle Le Goff", "aelle", false],
  ["Chloé Garnier-Petit", "petit", true],
  ["Bruno Lefèvre", "bruno x", false],
])("%s by “%s”: %s", (name, typed, want) => {
  expect(found(name, typed)).toBe(want);
});
