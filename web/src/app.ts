/** What every screen shares: the project, the outbox, the way to another screen. */
import * as api from "./api/client";
import { send } from "./api/send";
import type { Project, WriteAnswer } from "./api/types";
import { answered } from "./model/gestures";
import { PRESETS, type Preset } from "./model/keys";
import { createKnown, type Known } from "./model/known";
import { createOutbox, type Conflict, type Letter, type Outbox, type Status } from "./model/outbox";
import { createShelf, holdTab, orphans } from "./model/shelf";
import { toast } from "./ui/toast";

export interface App {
  project: Project;
  outbox: Outbox;
  status: Status;
  preset: Preset;
  go(path: string, replace?: boolean): void;
  setPreset(preset: Preset): void;
  on<K extends keyof Events>(name: K, hear: Events[K]): void;
  /** Forgets every listener: the screen that made them is gone. */
  release(): void;
  frames: Known;
}

export interface Events {
  status(status: Status): void;
  answer(letter: Letter, answer: WriteAnswer, last: boolean): void;
  conflict(conflict: Conflict): void;
  refused(letter: Letter): void;
}

type Ears = { [K in keyof Events]: Set<Events[K]> };

const savedPreset = (): Preset => PRESETS.find((name) => name === localStorage.getItem("glimt-keys")) ?? "labelme";

function tabName(): string {
  const known = sessionStorage.getItem("glimt-tab") ?? crypto.randomUUID();
  sessionStorage.setItem("glimt-tab", known);
  return known;
}

function watchPage(outbox: Outbox): void {
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && void outbox.flush());
  addEventListener("pagehide", () => outbox.leave());
  addEventListener("online", () => void outbox.flush());
  addEventListener("beforeunload", (event) => {
    if (outbox.waiting()) event.preventDefault();
  });
}

interface Mail { outbox: Outbox; frames: Known }

async function startOutbox(ears: Ears, heard: (status: Status) => void): Promise<Mail> {
  const [shelf, tab] = [await createShelf(), tabName()];
  const tell = <K extends keyof Events>(name: K, ...what: Parameters<Events[K]>): void => {
    for (const hear of ears[name]) (hear as (...all: Parameters<Events[K]>) => void)(...what);
  };
  const outbox = createOutbox({
    send, shelf, tab, newKey: () => crypto.randomUUID(), debounce: 250, retry: 2000,
    onStatus: (status) => (heard(status), tell("status", status)),
    onAnswer: (letter, answer, last) => {
      const known = frames.get(letter.frame);
      if (known) frames.set(letter.frame, answered(known, answer, last));
      tell("answer", letter, answer, last);
    },
    onConflict: (conflict) => tell("conflict", conflict),
    onRefused: (letter, reason) => {
      frames.delete(letter.frame);
      toast(`Not saved: ${reason}`, { kind: "warn", seconds: 10 });
      tell("refused", letter);
    },
  });
  const frames = createKnown(outbox.waiting);
  outbox.restore(await orphans(shelf, tab));
  holdTab(tab);
  return { outbox, frames };
}

export async function createApp(go: App["go"]): Promise<App> {
  const ears: Ears = { status: new Set(), answer: new Set(), conflict: new Set(), refused: new Set() };
  const app: Partial<App> & { status: Status } = { status: { state: "saved", waiting: 0, reason: "" } };
  const mail = await startOutbox(ears, (status) => (app.status = status));
  await mail.outbox.flush();
  watchPage(mail.outbox);
  return Object.assign(app, {
    ...mail, go, project: await api.project(), preset: savedPreset(),
    setPreset(preset: Preset) {
      localStorage.setItem("glimt-keys", preset);
      app.preset = preset;
    },
    on: <K extends keyof Events>(name: K, hear: Events[K]) => void ears[name].add(hear),
    release: () => Object.values(ears).forEach((hear) => hear.clear()),
  }) as App;
}
