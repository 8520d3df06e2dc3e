import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { setDevices } from "../phone/devices";
import { type Notice, useNotify } from "./useNotify";

class FakeNotification {
  static permission = "granted";
  static shown: FakeNotification[] = [];
  onclick: (() => void) | null = null;
  closed = false;
  constructor(
    readonly title: string,
    readonly options: NotificationOptions,
  ) {
    FakeNotification.shown.push(this);
  }
  close() {
    this.closed = true;
  }
}

let hidden = true;
let root: Root;
const offer: Notice = { offer: "o1", title: "Appel : Marie Durand", body: "Support niveau 1" };

function Probe({ notice }: { notice: Notice | undefined }) {
  useNotify(notice);
  return null;
}
const draw = (notice: Notice | undefined) => act(() => root.render(<Probe notice={notice} />));
const see = (seen: boolean) => {
  hidden = !seen;
  document.dispatchEvent(new Event("visibilitychange"));
};

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.stubGlobal("Notification", FakeNotification);
  vi.spyOn(document, "hidden", "get").mockImplementation(() => hidden);
  FakeNotification.permission = "granted";
  FakeNotification.shown = [];
  hidden = true;
  setDevices({ notify: true });
  root = createRoot(document.createElement("div"));
});
afterEach(() => act(() => root.unmount()));

it("tells of an offer while the page is hidden, and goes with it", () => {
  draw(offer);
  expect(FakeNotification.shown.map((one) => one.title)).toEqual(["Appel : Marie Durand"]);
  draw(undefined);
  expect(FakeNotification.shown[0]?.closed).toBe(true);
});

it("does not tell who is looking, and goes when they look", () => {
  see(true);
  draw(offer);
  expect(FakeNotification.shown).toHaveLength(0);
  see(false);
  expect(FakeNotification.shown).toHaveLength(1);
  see(true);
  expect(FakeNotification.shown[0]?.closed).toBe(true);
});

it("tells once of one offer, whatever is drawn again", () => {
  draw(offer);
  draw({ ...offer, body: "First-line support" });
  expect(FakeNotification.shown).toHaveLength(1);
  draw({ ...offer, offer: "o2" });
  expect(FakeNotification.shown).toHaveLength(2);
});

it.each(["default", "denied"])("shows nothing without the permission (%s)", (permission) => {
  FakeNotification.permission = permission;
  draw(offer);
  expect(FakeNotification.shown).toHaveLength(0);
});

it("shows nothing to a person who did not ask for it", () => {
  setDevices({ notify: false });
  draw(offer);
  expect(FakeNotification.shown).toHaveLength(0);
});
