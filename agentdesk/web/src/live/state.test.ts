import { describe, expect, it } from "vitest";
import type { Agent, Call } from "../rest/client";
import { apply, type Board, decode, emptyBoard, type Message } from "./state";

const alice: Agent = {
  id: "alice",
  name: "Alice",
  state: "ready",
  since: "2026-11-21T09:00:00Z",
  queues: ["n1"],
};
const bruno: Agent = { ...alice, id: "bruno", name: "Bruno" };
const call = (id: string, state: Call["state"] = "waiting"): Call => ({
  id,
  state,
  number: "0199000001",
  caller: { number: "+33199000042" },
  arrived_at: "2026-11-21T09:01:00Z",
});
const first: Extract<Message, { type: "snapshot" }> = {
  type: "snapshot",
  seq: 10,
  epoch: "e1",
  at: "2026-11-21T09:02:00Z",
  agents: [alice, bruno],
  queues: [],
  calls: [call("a"), call("b")],
};
const board = apply(emptyBoard, first);
const play = (start: Board, ...messages: Message[]) => messages.reduce(apply, start);

describe("the live board", () => {
  it("starts from a snapshot", () => {
    expect(board.seq).toBe(10);
    expect(Object.keys(board.calls)).toEqual(["a", "b"]);
  });

  it("takes a jump in the sequence as it is: not every number is sent", () => {
    const after = play(board, {
      type: "delta",
      seq: 17,
      agents: [{ ...alice, state: "offered", call: "a" }],
    });
    expect(after.seq).toBe(17);
    expect(after.agents.alice?.state).toBe("offered");
  });

  it("ignores a delta it has seen, as a resume may repeat it", () => {
    const once = play(board, { type: "delta", seq: 11, calls: [call("a", "connected")] });
    const twice = play(
      once,
      { type: "delta", seq: 11, calls: [call("a", "waiting")] },
      { type: "delta", seq: 4, gone: ["a"] },
    );
    expect(twice).toBe(once);
  });

  it("ignores a delta before the first snapshot", () => {
    expect(play(emptyBoard, { type: "delta", seq: 3, calls: [call("a")] })).toBe(emptyBoard);
  });

  it("resumes: deltas after a reconnect go on from where it stood", () => {
    const after = play(
      board,
      { type: "delta", seq: 11, calls: [call("c")] },
      { type: "delta", seq: 12, gone: ["b"] },
    );
    expect(Object.keys(after.calls).sort()).toEqual(["a", "c"]);
    expect(after.seq).toBe(12);
  });

  it("is replaced by a fresh snapshot, even by one of a lower sequence", () => {
    const after = play(board, { ...first, seq: 2, calls: [], agents: [bruno] } as Message);
    expect(after).toEqual({ ...emptyBoard, seq: 2, epoch: "e1", agents: { bruno }, queues: {}, calls: {} });
  });

  it("lets calls go, also ones it never knew", () => {
    const after = play(board, { type: "delta", seq: 11, gone: ["a", "never-seen"] });
    expect(Object.keys(after.calls)).toEqual(["b"]);
    expect(play(board, { type: "delta", seq: 11, gone: ["never-seen"] }).calls).toBe(board.calls);
  });

  it("lets a call go that the same delta still carried", () => {
    const after = play(board, { type: "delta", seq: 11, calls: [call("a", "ended")], gone: ["a"] });
    expect(after.calls.a).toBeUndefined();
  });

  it("keeps the identity of what did not change", () => {
    const after = play(board, { type: "delta", seq: 11, agents: [{ ...alice, state: "not-ready" }] });
    expect(after.agents.bruno).toBe(board.agents.bruno);
    expect(after.calls).toBe(board.calls);
  });

  it("is untouched by beat and bye", () => {
    const after = play(
      board,
      { type: "beat", at: "2026-11-21T09:03:00Z" },
      { type: "bye", reason: "restarting" },
    );
    expect(after).toBe(board);
  });
});

describe("what is wrong with whose page", () => {
  it("is replaced as a whole, and outlives a fresh snapshot until told anew", () => {
    const told = play(board, {
      type: "consoles",
      consoles: [{ agent: "alice", since: first.at, microphone: "denied" }],
    });
    expect(told.unwell.alice?.microphone).toBe("denied");
    expect(play(told, { ...first, seq: 12 }).unwell.alice).toBeDefined();
    expect(play(told, { type: "consoles", consoles: [] }).unwell).toEqual({});
  });
});

describe("decode", () => {
  it("reads what the contract names", () => {
    expect(decode(JSON.stringify(first))).toEqual(first);
    expect(decode('{"type":"beat","at":"2026-11-21T09:03:00Z"}')?.type).toBe("beat");
  });
  it.each([
    "",
    "null",
    "[]",
    "{",
    '"beat"',
    '{"type":"weather"}',
    '{"type":"delta"}',
    '{"type":"snapshot","seq":1}',
  ])("refuses %s", (text) => {
    expect(decode(text)).toBeUndefined();
  });
});
