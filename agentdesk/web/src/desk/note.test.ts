import { beforeEach, expect, it } from "vitest";
import { cleanNote, dropDraft, leftDrafts, saveDraft } from "./note";

const day = 24 * 3_600_000;
const draft = (call: string, at: number, text = "imprimante") => ({ call, text, who: "Marie", at });

beforeEach(() => localStorage.clear());

it("finds the notes of other calls, newest first", () => {
  saveDraft(draft("a", 1));
  saveDraft(draft("b", 2));
  saveDraft(draft("now", 3));
  expect(leftDrafts("now", 4).map((one) => one.call)).toEqual(["b", "a"]);
});

it("keeps no empty note and none that was sent", () => {
  saveDraft(draft("a", 1));
  saveDraft(draft("a", 2, "  "));
  saveDraft(draft("b", 1));
  dropDraft("b");
  expect(localStorage.length).toBe(0);
});

it("drops what is a week old or not to be read, and nothing of others", () => {
  saveDraft(draft("old", 0));
  localStorage.setItem("linekeeper.note.broken", "{");
  localStorage.setItem("linekeeper.language", "en");
  expect(leftDrafts(undefined, 8 * day)).toEqual([]);
  expect(Object.keys(localStorage)).toEqual(["linekeeper.language"]);
});

it("sends what the server takes: lines and tabs, no other control characters", () => {
  expect(cleanNote(" un\u0000e\u0007 ligne\n\tdeux\u0085 ")).toBe("une ligne\n\tdeux");
});
