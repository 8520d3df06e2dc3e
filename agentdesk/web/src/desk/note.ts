// One call's note while its agent types: shown at once, written to the journal
// at each key, and saved on the server a moment later, again and again until it
// is there. Lives outside React; nothing here throws.
import type { Answer, CallNote, Failure } from "../rest/client";
import {
  cleanText,
  dropEntry,
  type Entry,
  newEntry,
  parseEntry,
  placeOf,
  readEntry,
  writeEntry,
} from "./journal";

export type NoteStatus =
  | "empty" // nothing typed
  | "typed" // about to be saved
  | "saving"
  | "kept" // the server has it
  | "offline" // the server did not take it; it stands in the journal and is tried again
  | "refused" // the server will not take it
  | "clash"; // another page of the same person saved another text

export type NoteState = {
  text: string;
  done: readonly string[];
  status: NoteStatus;
  savedAt: string | undefined;
  /** What other agents of the call wrote. */
  others: CallNote["others"];
  /** With a clash: what the server has. */
  theirs: CallNote | undefined;
};

export type Save = { revision: number; text: string; done: string[]; writer: string; save: number };
/** Sends one save; `last` is on when the page goes, so that the browser lets the request finish. */
export type Send = (call: string, save: Save, last: boolean) => Promise<Answer<CallNote>>;

/** After the last key, before it is saved; and at the latest after the first unsaved one, in ms. */
const pause = 700;
const longest = 3_000;
const firstRetry = 1_000;
const lastRetry = 15_000;

export class Note {
  private entry: Entry;
  private now: NoteState;
  private readonly readers = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private typedSince: number | undefined; // the first key that is not saved
  private tries = 0;
  private sending = false;
  private newest = 0; // numbers what is sent: the answer to the newest counts
  private closed = false;
  private readonly end = new AbortController();

  constructor(
    call: string,
    by: string,
    who: string,
    private readonly send: Send,
  ) {
    this.entry = readEntry(by, call) ?? newEntry(call, by, who, Date.now());
    if (who) this.entry = { ...this.entry, who };
    const { text, done, safe } = this.entry;
    this.now = {
      text,
      done,
      status: safe ? (text ? "kept" : "empty") : "typed",
      savedAt: undefined,
      others: [],
      theirs: undefined,
    };
  }

  get = (): NoteState => this.now;

  subscribe = (reader: () => void): (() => void) => {
    this.readers.add(reader);
    return () => this.readers.delete(reader);
  };

  start(): void {
    const { signal } = this.end;
    addEventListener("online", () => this.again(), { signal });
    addEventListener("pagehide", () => void this.save(true), { signal });
    addEventListener("storage", (event) => this.otherTab(event), { signal });
    if (!this.entry.safe) this.soon(0); // from before a reload or a crash
  }

  /**
   * The network or the server is back: what waits for its next try is sent now. What is on
   * its way was sent before, and may have no answer: it is not waited for.
   */
  again(): void {
    this.tries = 0;
    this.sending = false;
    this.soon(0);
  }

  /** Stops; what is not saved yet is sent once more and stands in the journal. */
  stop(): void {
    if (this.closed) return;
    this.end.abort();
    clearTimeout(this.timer);
    void this.save(true);
    this.closed = true;
  }

  /** The wrap-up took the note along: the journal is done with it. */
  sent(): void {
    this.closed = true;
    this.end.abort();
    clearTimeout(this.timer);
    dropEntry(this.entry.by, this.entry.call);
  }

  type(text: string): void {
    this.change({ text });
  }

  tick(step: string, on: boolean): void {
    const rest = this.entry.done.filter((one) => one !== step);
    this.change({ done: on ? [...rest, step] : rest });
  }

  /** What the server has, when the page opens. What was typed here and not saved yet stays. */
  found(note: CallNote): void {
    this.set({ others: note.others });
    if (note.revision <= this.entry.revision) return;
    if (this.entry.safe) this.adopt(note);
    else if (note.writer === this.entry.writer) this.entry = { ...this.entry, revision: note.revision };
    // Else the next save is told of the clash.
  }

  /** After a clash: this text is the one. */
  keepMine(): void {
    const { theirs } = this.now;
    if (!theirs) return;
    this.entry = { ...this.entry, revision: theirs.revision, safe: false };
    this.set({ theirs: undefined, status: "typed" });
    this.soon(0);
  }

  /** After a clash: the other text is the one. */
  takeTheirs(): void {
    const { theirs } = this.now;
    if (theirs) this.adopt(theirs);
  }

  private change(change: Partial<Pick<Entry, "text" | "done">>): void {
    this.entry = { ...this.entry, ...change, at: Date.now(), safe: false };
    writeEntry(this.entry);
    this.typedSince ??= Date.now();
    const status = this.now.status === "clash" || this.now.status === "offline" ? this.now.status : "typed";
    this.set({ text: this.entry.text, done: this.entry.done, status });
    if (status === "typed") this.soon(Math.min(pause, Math.max(0, this.typedSince + longest - Date.now())));
  }

  private adopt(note: CallNote): void {
    const { text, done, revision } = note;
    this.entry = { ...this.entry, text, done, revision, safe: true };
    writeEntry(this.entry);
    this.set({
      text,
      done,
      savedAt: note.saved_at,
      others: note.others,
      theirs: undefined,
      status: text || done.length > 0 ? "kept" : "empty",
    });
  }

  private soon(wait: number): void {
    clearTimeout(this.timer);
    if (!this.closed) this.timer = setTimeout(() => void this.save(false), wait);
  }

  private async save(last: boolean): Promise<void> {
    if (this.closed || this.entry.safe || this.now.status === "clash") return;
    if (this.sending && !last) return; // its answer goes on from here
    this.sending = true;
    const turn = ++this.newest;
    this.typedSince = undefined;
    this.entry = { ...this.entry, save: this.entry.save + 1 };
    writeEntry(this.entry);
    const { call, text, done, revision, writer, save } = this.entry;
    if (this.now.status === "typed") this.set({ status: "saving" });
    const answer = await this.send(call, { text: cleanText(text), done, revision, writer, save }, last);
    if (turn !== this.newest) return;
    this.sending = false;
    if (answer.ok) this.taken(answer.data, text, done);
    else this.failed(answer.failure);
  }

  private taken(note: CallNote, text: string, done: readonly string[]): void {
    this.tries = 0;
    const safe = this.entry.text === text && this.entry.done === done;
    this.entry = { ...this.entry, revision: Math.max(this.entry.revision, note.revision), safe };
    if (!this.closed) writeEntry(this.entry);
    else if (safe) dropEntry(this.entry.by, this.entry.call);
    const status = safe ? (text || done.length > 0 ? "kept" : "empty") : "typed";
    this.set({ savedAt: note.saved_at, others: note.others, status });
    if (!safe) this.soon(pause);
  }

  private failed({ status, note }: Failure): void {
    if (status === 409 && note) {
      if (note.text === this.entry.text) this.adopt({ ...note, done: this.entry.done });
      else this.set({ status: "clash", theirs: note, others: note.others });
      return;
    }
    const refused = status === 400 || status === 403 || status === 404;
    this.set({ status: refused ? "refused" : "offline" });
    if (!refused) this.soon(Math.min(lastRetry, firstRetry * 2 ** this.tries++));
  }

  /** Another tab of this browser writes on the same call: both show the same text. */
  private otherTab(event: StorageEvent): void {
    if (event.key !== placeOf(this.entry.by, this.entry.call)) return;
    const entry = parseEntry(event.newValue);
    if (!entry || entry.at <= this.entry.at) return;
    this.entry = entry;
    this.set({ text: entry.text, done: entry.done, status: entry.safe ? "kept" : "typed" });
  }

  private set(change: Partial<NoteState>): void {
    this.now = { ...this.now, ...change };
    for (const reader of this.readers) reader();
  }
}
