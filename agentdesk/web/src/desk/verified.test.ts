import { expect, it } from "vitest";
import type { Call, Script } from "../rest/client";
import { verifiedOf } from "./verified";

const call = { caller: {} } as Call;
const known = { ...call, contact: { id: "c1", name: "Marie" } } as Call;
const script: Script = {
  id: "s",
  fr: "",
  en: "",
  steps: [{ id: "who", fr: "", en: "", check: true, verifies: true }],
};

it("goes by the number until the server answers, then by what it says", () => {
  expect(verifiedOf(call, undefined, [])).toBe("none");
  expect(verifiedOf(known, undefined, [])).toBe("number");
  expect(verifiedOf(call, { verified: "agent" }, [])).toBe("agent");
});

it("goes by the step that is ticked, as soon as it is", () => {
  expect(verifiedOf(known, { verified: "number", script }, [])).toBe("number");
  expect(verifiedOf(known, { verified: "number", script }, ["who"])).toBe("agent");
  expect(verifiedOf(known, { verified: "number", script }, ["other"])).toBe("number");
});
