import { beforeEach, describe, expect, it, vi } from "vitest";
import { devicesNow, firstDevices, listDevices, readDevices, setDevices, subscribeDevices } from "./devices";

describe("what is kept of the devices", () => {
  it.each([null, "", "{", "null", "7", '{"mic":"x","volume":"loud","ring":"organ","notify":"yes"}'])(
    "is as at first when it cannot be read: %s",
    (text) => {
      expect(readDevices(text)).toEqual(firstDevices);
    },
  );

  it("is read part by part", () => {
    const kept = {
      mic: { id: "a", label: "Casque" },
      ringer: { id: "b" },
      ring: "soft",
      volume: 250,
      notify: true,
    };
    expect(readDevices(JSON.stringify(kept))).toEqual({
      mic: { id: "a", label: "Casque" },
      speaker: undefined,
      ringer: { id: "b", label: "" },
      ring: "soft",
      volume: 100,
      notify: true,
    });
  });
});

describe("a choice of device", () => {
  beforeEach(() => localStorage.clear());

  it("is told at once, kept, and followed from another tab", () => {
    const told = vi.fn();
    const end = subscribeDevices(told);
    setDevices({ speaker: { id: "s", label: "Écouteur" } });
    expect(told).toHaveBeenCalledTimes(1);
    const kept = localStorage.getItem("linekeeper.devices");
    expect(readDevices(kept).speaker?.id).toBe("s");
    dispatchEvent(new StorageEvent("storage", { key: "linekeeper.devices", newValue: '{"volume":10}' }));
    expect(devicesNow().volume).toBe(10);
    expect(devicesNow().speaker).toBeUndefined();
    end();
  });
});

it("lists what is plugged in without the browser's doubles", async () => {
  const device = (kind: string, deviceId: string) => ({ kind, deviceId, label: deviceId });
  vi.stubGlobal("navigator", {
    mediaDevices: {
      enumerateDevices: async () => [
        device("audioinput", "default"),
        device("audioinput", "m1"),
        device("audioinput", ""),
        device("audiooutput", "communications"),
        device("audiooutput", "s1"),
        device("videoinput", "c1"),
      ],
    },
  });
  expect(await listDevices()).toEqual({
    mics: [{ id: "m1", label: "m1" }],
    speakers: [{ id: "s1", label: "s1" }],
  });
  vi.unstubAllGlobals();
});
