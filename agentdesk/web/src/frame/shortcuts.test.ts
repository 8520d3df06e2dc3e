import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { objectionTo } from "./combo";
import {
  allShortcuts,
  changed,
  defaults,
  followShortcutsOf,
  groups,
  readShortcuts,
  setShortcuts,
  shortcutsNow,
  subscribeShortcuts,
  toKeep,
} from "./shortcuts";

describe("the shortcuts as they come", () => {
  it("are each in one group, each by keys of its own that nobody else uses", () => {
    expect(Object.values(groups).flat().sort()).toEqual([...allShortcuts].sort());
    const combos = Object.values(defaults);
    expect(new Set(combos).size).toBe(combos.length);
    expect(combos.filter((combo) => objectionTo(combo))).toEqual([]);
  });
});

describe("a change", () => {
  it("exchanges keys that another had, so that no keys do two things", () => {
    const next = changed(defaults, "answer", defaults.hangup);
    expect(next.answer).toBe(defaults.hangup);
    expect(next.hangup).toBe(defaults.answer);
  });

  it("is kept and read back as it was", () => {
    let next = changed(defaults, "answer", defaults.hangup);
    next = changed(next, "reject", "Control+Alt+K");
    next = changed(next, "mute", "");
    next = changed(next, "ready", next.answer);
    expect(readShortcuts(toKeep(next) ?? null)).toEqual(next);
    expect(toKeep(defaults)).toBeUndefined();
  });

  it.each(["", "{", "null", "[]", '{"answer":"R"}', '{"answer":7}', '{"nothing":"Alt+Shift+Y"}'])(
    "that cannot be read leaves the defaults: %s",
    (text) => {
      expect(readShortcuts(text)).toEqual(defaults);
    },
  );
});

describe("a person's choice", () => {
  beforeEach(() => localStorage.clear());
  afterEach(() => setShortcuts(defaults));

  it("is theirs alone", () => {
    const end = followShortcutsOf("alice");
    setShortcuts(changed(shortcutsNow(), "answer", "Alt+Shift+Y"));
    end();
    followShortcutsOf("bruno")();
    expect(shortcutsNow().answer).toBe(defaults.answer);
    followShortcutsOf("alice")();
    expect(shortcutsNow().answer).toBe("Alt+Shift+Y");
  });

  it("is followed when another tab changes it", () => {
    const end = followShortcutsOf("alice");
    const told = vi.fn();
    const leave = subscribeShortcuts(told);
    localStorage.setItem("linekeeper.keys.alice", '{"mute":"Alt+Shift+Y"}');
    dispatchEvent(new StorageEvent("storage", { key: "linekeeper.keys.alice" }));
    expect(shortcutsNow().mute).toBe("Alt+Shift+Y");
    expect(told).toHaveBeenCalled();
    leave();
    end();
  });
});
