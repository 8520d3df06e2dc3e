import { afterEach, expect, it, vi } from "vitest";
import { endSession } from "./session";

afterEach(() => {
  vi.unstubAllGlobals();
});

const answering = (answer: Response) => vi.stubGlobal("fetch", async () => answer);

it("leaves for the issuer of single sign-on without a sign-in form in between", async () => {
  const go = vi.spyOn(location, "assign").mockImplementation(() => {});
  answering(Response.json({ continue: "https://issuer.example/end" }));
  const stays = vi.fn();
  await endSession(stays);
  expect(go).toHaveBeenCalledWith("https://issuer.example/end");
  expect(stays).not.toHaveBeenCalled();
});

it("stays where there is nowhere else to sign out, or no answer", async () => {
  for (const answer of [new Response(null, { status: 204 }), new Response(null, { status: 503 })]) {
    answering(answer);
    const stays = vi.fn();
    await endSession(stays);
    expect(stays).toHaveBeenCalledOnce();
  }
});
