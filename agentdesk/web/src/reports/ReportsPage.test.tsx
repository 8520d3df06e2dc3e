import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { type Signed, SignedContext } from "../frame/session";
import { startWords } from "../i18n";
import { rest } from "../rest/client";
import ReportsPage from "./ReportsPage";

const reached = {
  queue: "n1",
  asked: 5,
  waiting: 1,
  reached: 3,
  expired: 1,
  cancelled: 0,
  resumed: 0,
  lost: 0,
};
const none = {
  queue: "gone",
  asked: 1,
  waiting: 1,
  reached: 0,
  expired: 0,
  cancelled: 0,
  resumed: 0,
  lost: 0,
};
const told = { queue: "n1", answered: 4, told: 3, within: 2, sooner: 1, later: 0, share_percent: 66.7 };
const full: Record<string, unknown> = {
  "/reports/callbacks": {
    callbacks: [
      { ...none, tries: 0 },
      { ...reached, tries: 7, waited_s: 90, longest_s: 200 },
    ],
  },
  "/reports/overflows": {
    overflows: [
      { queue: "n1", cause: "max-wait", to: "queue", target: "n2", calls: 7 },
      { queue: "n1", cause: "key", to: "number", target: "+33199000500", calls: 2 },
      { queue: "n1", cause: "unheard-of", to: "voicemail", calls: 1 },
    ],
  },
  "/reports/waits": {
    waits: [
      { ...told, actual_s: 118, low_s: 60, high_s: 180, off_s: 14 },
      { queue: "n2", answered: 2, told: 0, within: 0, sooner: 0, later: 0 },
    ],
  },
};
const signed = {
  catalogue: {
    queues: [
      { id: "n1", fr: "Niveau 1", en: "First line" },
      { id: "n2", fr: "Experts", en: "Second line" },
    ],
  },
} as unknown as Signed;

let root: Root;
let place: HTMLElement;
let answers: Record<string, unknown>;
/** What was asked for: a path and its period. */
let asked: { path: string; from: string; to: string }[];

beforeAll(() => startWords("fr"));
beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  [answers, asked] = [{ ...full }, []];
  vi.spyOn(rest, "GET").mockImplementation((async (
    path: string,
    { params }: { params: { query: Period } },
  ) => {
    asked.push({ path, ...params.query });
    const data = answers[path];
    if (typeof data !== "number") return { data, response: new Response() };
    const error = { code: data === 503 ? "unavailable" : "forbidden" };
    return { error, response: new Response(null, { status: data }) };
  }) as never);
  place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
});
afterEach(() => {
  act(() => root.unmount());
  place.remove();
});
type Period = { from: string; to: string };

const at = (testids: string) =>
  place.querySelector<HTMLElement>(
    testids
      .split(" ")
      .map((testid) => `[data-testid="${testid}"]`)
      .join(" "),
  );
const text = (testids: string) => at(testids)?.textContent?.replace(/[\u202f\u00a0]/g, " ");
const click = (testid: string) => act(async () => at(testid)?.click());
const draw = () =>
  act(async () =>
    root.render(
      <SignedContext value={signed}>
        <ReportsPage />
      </SignedContext>,
    ),
  );

it("shows what became of callbacks by queue, those defined first, and of all together", async () => {
  await draw();
  const heads = [...place.querySelectorAll('[data-testid="table-callbacks"] th[scope=row]')];
  expect(heads.map((head) => head.textContent)).toEqual(["Niveau 1", "gone", "Ensemble"]);
  expect(text("callbacks-n1 reached")).toBe("3");
  expect(text("callbacks-n1 tries")).toBe("7");
  expect(text("callbacks-n1 waited_s")).toBe("1 min 30");
  expect(text("callbacks-gone waited_s")).toBe("–");
  expect(text("callbacks-all asked")).toBe("6");
});

it("says why calls were sent on and where to, in words as far as there are some", async () => {
  await draw();
  const rows = [...place.querySelectorAll('[data-testid="overflows-n1"]')];
  expect(rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent))).toEqual([
    ["Attente maximale atteinte", "vers la file Experts", "7"],
    ["Sortie par touche", "vers le +33 1 99 00 05 00", "2"],
    ["unheard-of", "vers la messagerie", "1"],
  ]);
});

it("sets told waits beside those that came, and nothing where none was told", async () => {
  await draw();
  expect(text("waits-n1 within")).toBe("66,7 % (2)");
  expect(text("waits-n1 range")).toBe("1 à 3 min");
  expect(text("waits-n2 answered")).toBe("2");
  expect(text("waits-n2 within")).toBe("–");
  expect(text("waits-n2 actual")).toBe("–");
});

it("gives every figure its column's name, for a page too narrow for columns", async () => {
  await draw();
  for (const table of place.querySelectorAll("table")) {
    expect(table.caption?.textContent).not.toBe("");
    const names = [...table.querySelectorAll("thead th")].slice(1).map((head) => head.textContent);
    for (const row of table.querySelectorAll("tbody tr"))
      expect([...row.querySelectorAll("td")].map((cell) => cell.dataset.label)).toEqual(names);
  }
});

it("says which report cannot be read, why, and shows the others", async () => {
  answers["/reports/callbacks"] = 503;
  await draw();
  expect(text("report-callbacks report-failed")).toContain("Les fiches des appels ne répondent pas.");
  expect(text("reports-read")).toContain("une partie est indisponible");
  expect(at("table-overflows")).not.toBeNull();

  answers = full;
  await click("reports-refresh");
  expect(at("report-failed")).toBeNull();
  expect(text("callbacks-n1 reached")).toBe("3");
  expect(text("reports-read")).not.toContain("indisponible");
});

it("says to who supervises no queue that they have none", async () => {
  answers = { "/reports/callbacks": 403, "/reports/overflows": 403, "/reports/waits": 403 };
  await draw();
  expect(place.querySelectorAll('[data-testid="report-failed"]')).toHaveLength(3);
  expect(text("report-failed")).toContain("Vous ne supervisez aucune file.");
});

it("says that there was nothing", async () => {
  answers = {
    "/reports/callbacks": { callbacks: [] },
    "/reports/overflows": { overflows: [] },
    "/reports/waits": { waits: [] },
  };
  await draw();
  expect(place.querySelectorAll('[data-testid="report-none"]')).toHaveLength(3);
  expect(place.querySelector("table")).toBeNull();
});

it("asks for the days that are chosen, and not for those the wrong way round", async () => {
  await draw();
  const today = asked[0];
  await click("period-yesterday");
  expect(asked).toHaveLength(6);
  expect(asked[3]?.to).toBe(today?.from);

  await click("period-days"); // the same days, to be changed
  expect(asked[6]?.from).toBe(asked[3]?.from);
  const [from, to] = [at("period-from"), at("period-to")] as HTMLInputElement[];
  expect(from?.value).toBe(to?.value);
  await type(to, "2020-01-01");
  await click("period-show");
  expect(text("period-error")).toContain("Le premier jour vient après le dernier.");
  expect(asked).toHaveLength(9);

  await type(from, "2020-01-01");
  await click("period-show");
  expect(text("period-error")).toBe("");
  expect(asked[9]?.from).toBe(new Date(2020, 0, 1).toISOString());
  expect(asked[9]?.to).toBe(new Date(2020, 0, 2).toISOString());
  expect(text("reports-read")).toContain("1 janv. 2020");
});

/** As a person fills a field in: React hears of it by the event. */
function type(field: HTMLInputElement | undefined, value: string): Promise<void> {
  return act(async () => {
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set;
    if (field) set?.call(field, value);
    field?.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
