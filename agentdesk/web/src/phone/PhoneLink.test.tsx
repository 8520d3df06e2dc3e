import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, expect, it, vi } from "vitest";
import type { LiveDesk } from "../live/live";
import { emptyBoard } from "../live/state";
import { LiveContext } from "../live/use";
import type { Mic } from "./microphone";
import { healthOf, PhoneLink } from "./PhoneLink";
import { Softphone } from "./softphone";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it.each<Mic>(["unknown", "ready", "other", "denied", "missing", "insecure"])(
  "tells the server of the microphone as it is: %s",
  (mic) => {
    expect(healthOf({ mic, line: "registered", call: undefined }).microphone).toBe(mic);
  },
);

it("has the phone not wait for its next try once the board is back", () => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  const phone = new Softphone({ kind: "webrtc" });
  const wake = vi.spyOn(phone, "wake");
  const live = { board: emptyBoard, link: "live", heardAt: 0, phone: undefined };
  const backs = new Set<() => void>();
  const desk = {
    get: () => live,
    subscribe: () => () => {},
    whenBack: (act: () => void) => {
      backs.add(act);
      return () => backs.delete(act);
    },
    tell: () => {},
  } as unknown as LiveDesk;
  const root = createRoot(document.createElement("div"));
  act(() =>
    root.render(
      <LiveContext value={desk}>
        <PhoneLink softphone={phone} agentId={undefined} />
      </LiveContext>,
    ),
  );
  expect(wake).not.toHaveBeenCalled();
  for (const back of backs) back();
  expect(wake).toHaveBeenCalledOnce();
  act(() => root.unmount());
  expect(backs.size).toBe(0);
});
