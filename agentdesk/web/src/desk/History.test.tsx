import { renderToStaticMarkup } from "react-dom/server";
import { beforeEach, expect, it, vi } from "vitest";
import { startWords } from "../i18n";
import type { PastCall } from "../rest/client";
import { PastRow } from "./History";

vi.mock("./free", () => ({ useFree: () => true }));
vi.mock("../live/use", () => ({ useAgent: () => undefined }));
vi.mock("../frame/session", () => ({ useSigned: () => ({ catalogue: undefined }) }));

const known: PastCall = {
  call: "c1",
  arrived_at: "2026-11-20T09:00:00Z",
  outcome: "answered",
  direction: "out",
  queue: "n1",
  agent: "bruno",
  note: "câble changé",
  waited_s: 7,
  talked_s: 60,
};
const elsewhere: PastCall = {
  call: "c2",
  arrived_at: "2026-11-20T09:00:00Z",
  outcome: "abandoned",
  waited_s: 0,
  talked_s: 0,
  elsewhere: true,
};

function drawn(call: PastCall) {
  const place = document.createElement("div");
  place.innerHTML = renderToStaticMarkup(<PastRow call={call} />);
  const facts = [...place.querySelectorAll(".row-facts")].map((one) => one.textContent?.replace(/\s/g, " "));
  return { place, title: place.querySelector(".row-title")?.textContent?.trim(), facts };
}

beforeEach(() => startWords("fr"));

it("says of a call of another queue that there was one, and whose the rest is", async () => {
  const fr = drawn(elsewhere);
  expect(fr.title).toBe("Abandonné");
  expect(fr.facts).toEqual(["Appel d’une autre file, détail réservé à ses agents"]);
  expect(fr.place.querySelector("time")?.dateTime).toBe(elsewhere.arrived_at);
  expect(fr.place.querySelectorAll("button, .row-note")).toHaveLength(0);
  await startWords("en");
  expect(drawn(elsewhere).facts).toEqual(["A call of another queue: its agents have the details"]);
});

it("tells a call of the own queues whole", () => {
  const { place, facts } = drawn(known);
  expect(facts).toEqual(["n1 · bruno · attente 7 s · conversation 1 min 00"]);
  expect(place.querySelector(".row-note")?.textContent).toBe("câble changé");
});
