import { describe, expect, it } from "vitest";
import { comboOf, objectionTo, type Press } from "./combo";

const press = (key: string, code: string, held = "AS", more: Partial<Press> = {}): Press => ({
  key,
  code,
  altKey: held.includes("A"),
  shiftKey: held.includes("S"),
  ctrlKey: held.includes("C"),
  metaKey: held.includes("M"),
  ...more,
});

describe("keys pressed", () => {
  it.each([
    ["a letter", press("R", "KeyR"), "Alt+Shift+R"],
    ["the letter of an AZERTY keyboard, not its place", press("A", "KeyQ"), "Alt+Shift+A"],
    ["Option on a Mac, by its place", press("‰", "KeyR"), "Alt+Shift+R"],
    ["a digit with Shift, by its place", press("!", "Digit1"), "Alt+Shift+1"],
    ["Cyrillic, by its place", press("К", "KeyR"), "Alt+Shift+R"],
    ["Ctrl and Alt", press("r", "KeyR", "CA"), "Control+Alt+R"],
    ["only modifiers", press("Shift", "ShiftLeft"), undefined],
    ["AltGr, which types", press("€", "KeyE", "CA", { getModifierState: () => true }), undefined],
    ["an arrow", press("ArrowUp", "ArrowUp"), undefined],
  ])("%s", (_name, pressed, combo) => {
    expect(comboOf(pressed)).toBe(combo);
  });
});

describe("what may be a shortcut", () => {
  it.each(["R", "Shift+R", "Alt+R", "Control+R", "Meta+R", "Control+Shift+R", "Alt+Shift+Meta+R", ""])(
    "not %s: single keys and the browser's own",
    (combo) => {
      expect(objectionTo(combo)).toBe("modifiers");
    },
  );
  it.each(["Alt+Shift+T", "Alt+Shift+B", "Alt+Shift+I", "Control+Alt+T", "Control+Alt+2", "Control+Alt+E"])(
    "not %s: others use it",
    (combo) => {
      expect(objectionTo(combo)).toBe("browser");
    },
  );
  it.each(["Alt+Shift+R", "Alt+Shift+1", "Control+Alt+K", "Control+Alt+Shift+K"])("%s", (combo) => {
    expect(objectionTo(combo)).toBeUndefined();
  });
});
