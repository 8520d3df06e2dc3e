import { expect, it } from "vitest";
import type { Mic } from "./microphone";
import { healthOf } from "./PhoneLink";

it.each<Mic>(["unknown", "ready", "other", "denied", "missing", "insecure"])(
  "tells the server of the microphone as it is: %s",
  (mic) => {
    expect(healthOf({ mic, line: "registered", call: undefined }).microphone).toBe(mic);
  },
);
