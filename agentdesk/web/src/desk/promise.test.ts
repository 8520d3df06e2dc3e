import { describe, expect, it } from "vitest";
import { asField, objectionTo, quickTimes, toSend } from "./promise";

const times = (now: string) => quickTimes(new Date(now)).map(({ id, at }) => `${id} ${asField(at)}`);

describe("the times one says at once", () => {
  it("are within the hour, this afternoon, tomorrow and on Monday", () => {
    expect(times("2026-11-25T10:20:31")).toEqual([
      "hour 2026-11-25T11:20",
      "today 2026-11-25T14:00",
      "tomorrow 2026-11-26T09:00",
      "monday 2026-11-30T09:00",
    ]);
  });
  it("leave out what is over or the same", () => {
    expect(times("2026-11-29T15:00:00")).toEqual(["hour 2026-11-29T16:00", "tomorrow 2026-11-30T09:00"]);
  });
  it("never fall on a weekend", () => {
    expect(times("2026-11-27T15:00:00")).toEqual(["hour 2026-11-27T16:00", "monday 2026-11-30T09:00"]);
    expect(times("2026-11-30T15:00:00")).toEqual([
      "hour 2026-11-30T16:00",
      "tomorrow 2026-12-01T09:00",
      "monday 2026-12-07T09:00",
    ]);
  });
});

describe("a promise", () => {
  const now = Date.parse("2026-11-25T10:00:00");
  const good = { at: "2026-11-25T14:00", until: "", number: "01 99 00 10 01", note: "" };
  it("that can be kept has nothing against it", () => {
    expect(objectionTo(good, now, "FR")).toBeUndefined();
    expect(objectionTo({ ...good, until: "2026-11-25T16:00" }, now, "FR")).toBeUndefined();
    expect(objectionTo({ ...good, at: asField(new Date(now)) }, now + 30_000, "FR")).toBeUndefined();
  });
  it.each([
    [{ at: "" }, "no-time"],
    [{ at: "demain" }, "no-time"],
    [{ at: "2026-11-25T09:58" }, "past"],
    [{ at: "2028-01-01T09:00" }, "far"],
    [{ until: "2026-11-25T14:00" }, "until"],
    [{ until: "2026-11-25T13:00" }, "until"],
    [{ number: "" }, "number"],
    [{ number: "Marie" }, "number"],
    [{ note: "x".repeat(8_001) }, "note"],
  ])("with %j is not", (more, why) => {
    expect(objectionTo({ ...good, ...more }, now, "FR")).toBe(why);
  });
  it("is sent with what differs from the call", () => {
    const body = toSend({ ...good, note: "  Écran. " }, true, "+33199001001", "FR");
    expect(body).toEqual({ at: new Date(good.at).toISOString(), note: "Écran.", mine: true });
    expect(toSend({ ...good, until: "2026-11-25T16:00" }, false, "+33199004242", "FR")).toEqual({
      at: new Date(good.at).toISOString(),
      until: new Date("2026-11-25T16:00").toISOString(),
      number: "+33199001001",
      mine: false,
    });
  });
});
