/** Letters in IndexedDB. A tab takes over the letters of tabs that are gone, never those of a living one. */
import type { Letter, Shelf } from "./outbox";

const STORE = "letters";

function opened(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const ask = indexedDB.open("glimt", 1);
    ask.onupgradeneeded = () => ask.result.createObjectStore(STORE, { keyPath: "key" });
    ask.onsuccess = () => done(ask.result);
    ask.onerror = () => fail(ask.error);
  });
}

function done<T>(ask: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, fail) => {
    ask.onsuccess = () => resolve(ask.result);
    ask.onerror = () => fail(ask.error);
  });
}

/** Keeps nothing: for a browser that forbids storage. Edits still go to the server. */
const NOWHERE: Shelf = { put: async () => undefined, remove: async () => undefined, all: async () => [] };

export async function createShelf(): Promise<Shelf> {
  const base = await opened().catch(() => null);
  if (!base) return NOWHERE;
  const store = (mode: IDBTransactionMode): IDBObjectStore => base.transaction(STORE, mode, { durability: "relaxed" }).objectStore(STORE);
  return {
    put: async (letter) => void (await done(store("readwrite").put(letter))),
    remove: async (key) => void (await done(store("readwrite").delete(key))),
    all: () => done(store("readonly").getAll() as IDBRequest<Letter[]>),
  };
}

const lockName = (tab: string): string => `glimt-tab-${tab}`;

/** Holds a lock for as long as this tab lives. */
export function holdTab(tab: string): void {
  void navigator.locks?.request(lockName(tab), () => new Promise(() => undefined));
}

/** The letters that no living tab will send. */
export async function orphans(shelf: Shelf, tab: string): Promise<Letter[]> {
  const held = (await navigator.locks?.query())?.held ?? [];
  const living = new Set(held.map((lock) => lock.name));
  return (await shelf.all()).filter((letter) => letter.tab === tab || !living.has(lockName(letter.tab)));
}
