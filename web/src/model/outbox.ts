/** Carries every gesture to the server, in order, once each.

The state turns "unsaved" before anything is awaited. A letter stays on the shelf (IndexedDB) until the server has answered it, and goes
out again with the same key, so a lost answer, a reload or a closed laptop neither loses nor doubles an edit. */
import type { Frame, WriteAnswer } from "../api/types";
import type { Request } from "./gestures";

/** `base` is the frame's revision this edit was made on. */
export interface Letter extends Request { key: string; order: number; base: number; tab: string }

export type Reply =
  | { kind: "ok"; answer: WriteAnswer }
  | { kind: "conflict"; current: Frame }
  | { kind: "refused"; reason: string }
  | { kind: "away"; reason: string };

export type SaveState = "saved" | "unsaved" | "saving" | "offline" | "conflict";
export interface Status { state: SaveState; waiting: number; reason: string }
export interface Conflict { frame: number; letters: Letter[]; current: Frame }

/** Where letters survive the page. */
export interface Shelf {
  put(letter: Letter): Promise<void>;
  remove(key: string): Promise<void>;
  all(): Promise<Letter[]>;
}

export interface Wiring {
  send(letter: Letter, leaving: boolean): Promise<Reply>;
  shelf: Shelf;
  tab: string;
  newKey(): string;
  debounce: number;
  retry: number;
  onStatus(status: Status): void;
  /** `last`: nothing more is waiting for that frame, so the answer is the whole truth about it. */
  onAnswer(letter: Letter, answer: WriteAnswer, last: boolean): void;
  onConflict(conflict: Conflict): void;
  onRefused(letter: Letter, reason: string): void;
}

export interface Outbox {
  post(request: Request): string;
  /** Tells the revision the server gave with a frame; ignored while edits of that frame are waiting. */
  know(frame: number, rev: number): void;
  flush(): Promise<void>;
  /** The page is going away: sends everything without waiting for answers. */
  leave(): void;
  restore(letters: Letter[]): void;
  /** Ends a conflict: the held letters go, `requests` take their place on top of revision `rev`. */
  resolve(frame: number, rev: number, requests: Request[]): void;
  waiting(frame?: number): number;
  conflict(): Conflict | null;
}

export function createOutbox(wiring: Wiring): Outbox {
  const queue: Letter[] = [];
  const revs = new Map<number, number>();
  const conflicts = new Map<number, Conflict>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | null = null;
  let away = "";
  let order = 0;

  const of = (frame: number): Letter[] => queue.filter((letter) => letter.frame === frame);
  const open = (): Letter | undefined => queue.find((letter) => !conflicts.has(letter.frame));
  const plan = (delay: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), delay);
  };

  function state(): SaveState {
    if (conflicts.size) return "conflict";
    if (!queue.length) return "saved";
    if (away) return "offline";
    return running ? "saving" : "unsaved";
  }
  const tell = (): void => wiring.onStatus({ state: state(), waiting: queue.length, reason: away });

  function post(request: Request): string {
    const base = (revs.get(request.frame) ?? 0) + of(request.frame).length;
    const letter: Letter = { ...request, base, key: wiring.newKey(), order: order++, tab: wiring.tab };
    queue.push(letter);
    conflicts.get(request.frame)?.letters.push(letter);
    tell();
    void wiring.shelf.put(letter);
    if (!away) plan(wiring.debounce);
    return letter.key;
  }

  function drop(letter: Letter): void {
    const at = queue.indexOf(letter);
    if (at >= 0) queue.splice(at, 1);
    void wiring.shelf.remove(letter.key);
  }

  /** Deals with one reply; false ends the round. */
  function take(letter: Letter, reply: Reply): boolean {
    away = reply.kind === "away" ? reply.reason : "";
    if (reply.kind === "away") return false;
    if (reply.kind === "conflict") {
      const found = { frame: letter.frame, letters: of(letter.frame), current: reply.current };
      conflicts.set(letter.frame, found);
      wiring.onConflict(found);
      return true;
    }
    drop(letter);
    if (reply.kind === "refused") {
      wiring.onRefused(letter, reply.reason);
      return true;
    }
    revs.set(letter.frame, reply.answer.rev);
    wiring.onAnswer(letter, reply.answer, of(letter.frame).length === 0);
    return true;
  }

  async function round(): Promise<void> {
    for (let letter = open(); letter; letter = open()) {
      const rev = revs.get(letter.frame) ?? letter.base;
      if (!take(letter, await wiring.send({ ...letter, base: rev }, false))) break;
      tell();
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    if (running) return running;
    if (!open()) return Promise.resolve();
    running = round().finally(() => {
      running = null;
      tell();
      if (open()) plan(away ? wiring.retry : wiring.debounce);
    });
    tell();
    return running;
  }

  return {
    post,
    flush,
    know(frame, rev) {
      if (!of(frame).length) revs.set(frame, rev);
    },
    leave() {
      const next = new Map(revs);
      for (const letter of queue.filter((one) => !conflicts.has(one.frame))) {
        const rev = next.get(letter.frame) ?? letter.base;
        next.set(letter.frame, rev + 1); // each accepted write raises the revision by one
        void wiring.send({ ...letter, base: rev }, true).catch(() => undefined);
      }
    },
    restore(letters) {
      queue.unshift(...[...letters].sort((a, b) => a.order - b.order));
      order = Math.max(order, ...letters.map((letter) => letter.order + 1));
      tell();
      if (letters.length) void flush();
    },
    resolve(frame, rev, requests) {
      for (const letter of of(frame)) drop(letter);
      conflicts.delete(frame);
      revs.set(frame, rev);
      requests.forEach(post);
      tell();
      if (open()) plan(0);
    },
    waiting: (frame) => (frame === undefined ? queue : of(frame)).length,
    conflict: () => conflicts.values().next().value ?? null,
  };
}
