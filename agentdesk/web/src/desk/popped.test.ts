import { afterEach, expect, it, vi } from "vitest";
import { whenPainted } from "./popped";

const turn = () => new Promise((resolve) => setTimeout(resolve, 30));

afterEach(() => vi.unstubAllGlobals());

function frames() {
  const asked: FrameRequestCallback[] = [];
  vi.stubGlobal("requestAnimationFrame", (callback: FrameRequestCallback) => asked.push(callback));
  vi.stubGlobal("cancelAnimationFrame", () => {});
  const draw = () => {
    for (const callback of asked.splice(0)) callback(0);
  };
  return { draw };
}

it("waits for the frame of a visible page, and tells once", async () => {
  const screen = frames();
  const done = vi.fn();
  whenPainted(done);
  await turn();
  expect(done).not.toHaveBeenCalled();
  screen.draw();
  await turn();
  document.dispatchEvent(new Event("visibilitychange"));
  await turn();
  expect(done).toHaveBeenCalledOnce();
});

it("does not wait for a frame on a hidden page", async () => {
  frames();
  vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  const done = vi.fn();
  whenPainted(done);
  await turn();
  expect(done).toHaveBeenCalledOnce();
});

it("does not hold the phone when no frame comes", async () => {
  frames();
  const done = vi.fn();
  whenPainted(done);
  await vi.waitFor(() => expect(done).toHaveBeenCalledOnce(), { timeout: 1_000 });
});

it("tells nothing once the pop is gone", async () => {
  const screen = frames();
  const done = vi.fn();
  const end = whenPainted(done);
  end();
  screen.draw();
  await turn();
  expect(done).not.toHaveBeenCalled();
});
