import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer, CallNote } from "../rest/client";
import { cleanText, type Entry, leftEntries, newEntry, readEntry, writeEntry } from "./journal";
import { Note, type Save } from "./note";

const day = 24 * 3_600_000;
const entry = (call: string, at: number, more: Partial<Entry> = {}): Entry => ({
  ...newEntry(call, "alice", "Marie", at),
  text: "imprimante",
  safe: false,
  ...more,
});

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe("the journal", () => {
  it("finds the notes of other calls that were not saved, newest first", () => {
    writeEntry(entry("a", 1));
    writeEntry(entry("b", 2));
    writeEntry(entry("now", 3));
    expect(leftEntries("alice", "now", 4).map((one) => one.call)).toEqual(["b", "a"]);
  });

  it("shows nobody another's notes, and keeps them for who typed them", () => {
    writeEntry(entry("a", 1, { by: "bruno" }));
    expect(leftEntries("alice", undefined, 2)).toEqual([]);
    expect(leftEntries("bruno", undefined, 2)).toHaveLength(1);
  });

  it("drops what is saved, a week old or not to be read, and nothing of others", () => {
    writeEntry(entry("saved", 8 * day, { safe: true }));
    writeEntry(entry("old", 0));
    localStorage.setItem("linekeeper.note.broken", "{");
    localStorage.setItem("linekeeper.language", "en");
    expect(leftEntries("alice", undefined, 8 * day)).toEqual([]);
    expect(Object.keys(localStorage)).toEqual(["linekeeper.language"]);
  });

  it("sends what the server takes: lines and tabs, no other control characters", () => {
    expect(cleanText("un\u0000e\u0007 ligne\n\tdeux\u0085 ")).toBe("une ligne\n\tdeux ");
  });
});

/** A server that keeps one note, as openapi.yaml says. */
class Server {
  note: CallNote = { revision: 0, text: "", done: [], others: [] };
  heard: Save[] = [];
  down = false;
  mute = false; // what is sent gets lost; the page waits ten seconds for an answer
  lost = false; // it takes the save, its answer does not arrive

  send = async (_call: string, save: Save): Promise<Answer<CallNote>> => {
    this.heard.push(save);
    if (this.mute) return new Promise((go) => setTimeout(go, 10_000, { ok: false, failure: { status: 0 } }));
    if (this.down) return { ok: false, failure: { status: 0 } };
    if (save.writer !== this.note.writer && save.revision !== this.note.revision)
      return { ok: false, failure: { status: 409, note: this.note } };
    this.note = { ...this.note, ...save, revision: this.note.revision + 1, saved_at: "2026-11-21T10:00:00Z" };
    return this.lost ? { ok: false, failure: { status: 0 } } : { ok: true, data: this.note, status: 200 };
  };
}

describe("a note", () => {
  const open = (server: Server) => {
    const note = new Note("c1", "alice", "Marie", server.send);
    note.start();
    return note;
  };
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  it("is in the journal at each key and on the server a moment after the last", async () => {
    const server = new Server();
    const note = open(server);
    note.type("écran");
    note.type("écran noir");
    expect(readEntry("alice", "c1")?.text).toBe("écran noir");
    expect(note.get().status).toBe("typed");
    await pass(700);
    expect(server.heard).toHaveLength(1);
    expect(server.note.text).toBe("écran noir");
    expect(note.get().status).toBe("kept");
  });

  it("is saved while somebody types on and on", async () => {
    const server = new Server();
    const note = open(server);
    for (let n = 0; n < 20; n++) {
      note.type("x".repeat(n + 1));
      await pass(500);
    }
    expect(server.heard.length).toBeGreaterThanOrEqual(3);
  });

  it("goes on trying while the network is lost, and never loses a key", async () => {
    const server = new Server();
    const note = open(server);
    server.down = true;
    note.type("avant");
    await pass(2_000);
    expect(note.get().status).toBe("offline");
    note.type("avant et pendant");
    expect(readEntry("alice", "c1")?.text).toBe("avant et pendant");
    server.down = false;
    await pass(20_000);
    expect(server.note.text).toBe("avant et pendant");
    expect(note.get().status).toBe("kept");
  });

  it("does not wait once the network is back", async () => {
    const server = new Server();
    const note = open(server);
    server.down = true;
    note.type("a");
    await pass(60_000);
    server.down = false;
    dispatchEvent(new Event("online"));
    await pass(1);
    expect(note.get().status).toBe("kept");
  });

  it("is sent as soon as the server is back, however long it was away", async () => {
    const server = new Server();
    const note = open(server);
    server.down = true;
    note.type("a");
    await pass(300_000);
    server.down = false;
    const tries = server.heard.length;
    note.again();
    await pass(1);
    expect(server.heard).toHaveLength(tries + 1);
    expect(note.get().status).toBe("kept");
  });

  it("waits as after a first failure when a server that is back does not take it yet", async () => {
    const server = new Server();
    const note = open(server);
    server.down = true;
    note.type("a");
    await pass(300_000);
    const tries = () => server.heard.length;
    const before = tries();
    note.again();
    await pass(1);
    expect(tries()).toBe(before + 1);
    await pass(998);
    expect(tries()).toBe(before + 1);
    await pass(1);
    expect(tries()).toBe(before + 2);
    await pass(1_999);
    expect(tries()).toBe(before + 2);
    await pass(1);
    expect(tries()).toBe(before + 3);
  });

  it("does not wait for an answer to what was sent before, and is not told by it later", async () => {
    const server = new Server();
    const note = open(server);
    server.mute = true;
    note.type("envoyé dans le vide");
    await pass(2_000);
    expect(note.get().status).toBe("saving");
    server.mute = false;
    note.again();
    await pass(1);
    expect(server.note.text).toBe("envoyé dans le vide");
    expect(server.heard.map(({ save }) => save)).toEqual([1, 2]);
    expect(note.get().status).toBe("kept");
    await pass(20_000);
    expect(note.get().status).toBe("kept");
    expect(server.heard).toHaveLength(2);
  });

  it("sends nothing of what the server has, or the wrap-up took along, when it is back", async () => {
    const server = new Server();
    const note = open(server);
    note.type("a");
    await pass(700);
    note.again();
    await pass(1);
    expect(server.heard).toHaveLength(1);
    note.type("ab");
    note.sent();
    note.again();
    await pass(20_000);
    expect(server.heard).toHaveLength(1);
  });

  it("goes on after a crash from where the journal stands", async () => {
    const server = new Server();
    const crashed = new Note("c1", "alice", "Marie", server.send);
    crashed.type("avant la panne");
    const note = open(server);
    expect(note.get().text).toBe("avant la panne");
    await pass(1);
    expect(server.note.text).toBe("avant la panne");
  });

  it("is not in its own way when the answer to a save was lost", async () => {
    const server = new Server();
    const note = open(server);
    server.lost = true;
    note.type("a");
    await pass(701);
    server.lost = false;
    note.type("ab");
    await pass(5_000);
    expect(note.get().status).toBe("kept");
    expect(server.note.text).toBe("ab");
  });

  it("asks which is right when another page saved another text", async () => {
    const server = new Server();
    const note = open(server);
    server.note = { revision: 3, text: "de l’autre poste", done: [], writer: "w2", save: 1, others: [] };
    note.type("d’ici");
    await pass(700);
    expect(note.get().status).toBe("clash");
    expect(note.get().theirs?.text).toBe("de l’autre poste");
    expect(note.get().text).toBe("d’ici");
    note.keepMine();
    await pass(1);
    expect(server.note.text).toBe("d’ici");
  });

  it("takes what the server has when nothing was typed here", () => {
    const note = open(new Server());
    note.found({ revision: 2, text: "déjà dit", done: ["id"], others: [] });
    expect(note.get()).toMatchObject({ text: "déjà dit", done: ["id"], status: "kept" });
  });

  it("keeps what was typed before the server told what it has", async () => {
    const server = new Server();
    const note = open(server);
    note.type("vite");
    note.found({ revision: 0, text: "", done: [], others: [] });
    await pass(700);
    expect(server.note.text).toBe("vite");
  });

  it("leaves nothing behind once the wrap-up took it along", () => {
    const note = open(new Server());
    note.type("a");
    note.sent();
    expect(localStorage.length).toBe(0);
  });

  it("is sent a last time when its call leaves the page", async () => {
    const server = new Server();
    const note = open(server);
    note.type("dernier mot");
    note.stop();
    await pass(1);
    expect(server.note.text).toBe("dernier mot");
    expect(localStorage.length).toBe(0);
  });
});
