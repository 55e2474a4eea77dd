/** Review: one target, large, least trustworthy first; one key a verdict. */
import type { App } from "../app";
import * as api from "../api/client";
import type { QueueItem, Target, TargetStatus } from "../api/types";
import { applied, requestOf, undoRequest, verdict } from "../model/gestures";
import { actionOf, chordName, hint, type Action } from "../model/keys";
import { button, h, plural } from "../ui/dom";
import { showCheatSheet } from "../ui/cheatsheet";
import { createShell } from "../ui/shell";
import { createStage, type Stage } from "../ui/stage";
import { toast } from "../ui/toast";
import { drawClose, drawWhole, labelsOf, loadShown, ordinalOf, type Shown } from "../ui/viewer";
import type { Labels } from "../gl/renderer";
import { frameAddress, loadFrame } from "./annotate/navigate";

interface Now { item: QueueItem; shown: Shown; target: Target; labels: Labels }
interface State { app: App; items: QueueItem[]; now: Now | null; decided: number; hidden: boolean; busy: boolean; render(): void }

const UNDO_SECONDS = 10;

/** The first item that can be shown; items whose target is gone are passed over. */
async function advance(state: State): Promise<void> {
  state.busy = true;
  for (let item = state.items.shift(); ; item = state.items.shift()) {
    const next = item ? await prepare(state.app, item).catch(() => null) : null;
    if (item && !next) continue;
    state.now = next;
    state.busy = false;
    return state.render();
  }
}

async function prepare(app: App, item: QueueItem): Promise<Now | null> {
  const shown = await loadShown(item.frame, await loadFrame({ app }, item.frame));
  const target = shown.frame.targets.find(({ uuid, status }) => uuid === item.target && status === "candidate");
  return target ? { item, shown, target, labels: labelsOf(shown.frame.targets, shown.picture) } : null;
}

function decide(state: State, status: TargetStatus, op: string): void {
  const { now, app } = state;
  if (!now || state.busy || app.project.readonly) return;
  const change = { uuid: now.target.uuid, before: now.target, after: { ...now.target, status } };
  app.outbox.post(requestOf(now.item.frame, change, op));
  app.frames.set(now.item.frame, applied(now.shown.frame, change));
  state.decided++;
  const undo = (): void => {
    app.outbox.post(undoRequest(now.item.frame, "undo"));
    app.frames.set(now.item.frame, now.shown.frame);
    if (state.now) state.items.unshift(state.now.item);
    state.decided--;
    state.now = now;
    state.render();
  };
  last = undo;
  toast(`${status[0].toUpperCase()}${status.slice(1)}: ${now.item.sequence}, frame ${now.item.index + 1}`, {
    seconds: UNDO_SECONDS, action: { text: `Undo (${hint(app.preset, "undo")})`, press: () => takeBack() },
  });
  void advance(state);
}

let last: (() => void) | null = null;

function takeBack(): void {
  last?.();
  last = null;
}

const act = (state: State): Partial<Record<Action, () => void>> => ({
  accept: () => state.now && decide(state, verdict(state.now.target), "accept"),
  reject: () => decide(state, "rejected", "reject"),
  flag: () => decide(state, "flagged", "flag"),
  next: () => void skip(state),
  undo: takeBack,
  queue: () => state.app.go("/"),
  help: () => showCheatSheet(state.app.preset, state.app.setPreset),
  seed: () => edit(state), brush: () => edit(state),
});

function edit({ app, now }: State): void {
  if (now) app.go(frameAddress(now.item.sequence, now.item.index));
}

async function skip(state: State): Promise<void> {
  if (state.busy) return;
  if (state.now) state.items.push(state.now.item);
  await advance(state);
}

function facts({ item, target, shown }: Now): HTMLElement {
  const rows: [string, string][] = [
    ["Frame", `${item.sequence} ${item.index + 1} / ${shown.frame.frames}`], ["Doubt", (item.doubt ?? 0).toFixed(2)], ["Why", item.why ?? "–"],
    ["Area", `${target.area} px`], ["Radius", target.radius.toFixed(1)], ["SCR", target.scr.toFixed(1)], ["Source", target.source], ["Track", String(target.track ?? "–")],
  ];
  return h("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function verdictButton(state: State, action: Action, text: string, kind: string): HTMLElement {
  const key = hint(state.app.preset, action);
  const made = button("", () => act(state)[action]?.(), { class: `big ${kind}`, title: `${text} (${key})`, "aria-keyshortcuts": key, "aria-label": text });
  made.append(text, h("kbd", {}, key.split(" or ")[0]));
  return made;
}

function panel(state: State): Node[] {
  const { now } = state;
  if (!now) return [];
  return [h("h2", {}, `${plural(state.items.length + 1, "target")} to look at`), facts(now),
    verdictButton(state, "accept", "Accept", "good"), verdictButton(state, "reject", "Reject", "bad"), verdictButton(state, "flag", "Flag", ""),
    verdictButton(state, "next", "Later", ""), verdictButton(state, "brush", "Edit", ""),
    h("p", { class: "hint" }, `Hold ${hint(state.app.preset, "hide")} to see the frame without the mask. ${plural(state.decided, "verdict")} this visit.`)];
}

function draw({ now, hidden }: State, stage: Stage, panes: HTMLElement[]): void {
  if (!now) return;
  const { shown, target, labels } = now;
  const selected = ordinalOf(shown.frame.targets, target.uuid);
  const reach = Math.max(16, target.radius * 6);
  const scale = Math.min(64, Math.max(8, Math.floor(panes[0].clientHeight / reach / 2)));
  drawClose(stage, panes[0], { shown, labels: hidden ? null : labels, at: target, selected, scale });
  drawWhole(stage, panes[1], shown, target);
}

function keys(state: State, redraw: () => void): () => void {
  const hide = (event: KeyboardEvent, hidden: boolean): boolean => {
    if (actionOf(state.app.preset, chordName(event)) !== "hide") return false;
    state.hidden = hidden;
    redraw();
    return true;
  };
  const down = (event: KeyboardEvent): void => {
    if (document.querySelector("dialog[open]") || hide(event, true)) return;
    const chord = chordName(event);
    const control = event.target instanceof HTMLElement && event.target.closest("button, a");
    if (control && ["Space", "Enter"].includes(chord)) return;
    const action = actionOf(state.app.preset, chord);
    const todo = action && act(state)[action];
    if (!todo) return;
    event.preventDefault();
    todo();
  };
  const up = (event: KeyboardEvent): void => void hide(event, false);
  addEventListener("keydown", down);
  addEventListener("keyup", up);
  return () => {
    removeEventListener("keydown", down);
    removeEventListener("keyup", up);
  };
}

function nothingLeft(state: State): HTMLElement {
  return h("div", { class: "empty" }, h("h1", {}, "Nothing to review"), h("p", {}, state.decided ? `${plural(state.decided, "verdict")} this visit. Well done.` : "Candidates appear here once targets are clicked or carried over."),
    h("a", { href: "/", class: "button primary", "data-link": true }, "To the queue"));
}

export function openReview(app: App, root: HTMLElement): () => void {
  const panes = ["global", "global"].map((name) => h("div", { class: `pane ${name}` }));
  const side = h("aside", { "aria-label": "Verdict" });
  const state: State = { app, items: [], now: null, decided: 0, hidden: false, busy: false, render: () => undefined };
  const stage = createStage("Target under review. Keys work here; press ? for the list", (own) => draw(state, own, panes));
  const shell = createShell(app);
  stage.element.append(...panes);
  const main = h("main", { class: "review" }, stage.element, side);
  root.append(shell.bar, main);
  state.render = () => {
    side.replaceChildren(...panel(state));
    shell.middle.replaceChildren(h("b", {}, state.now?.item.sequence ?? ""), h("span", {}, state.now ? `frame ${state.now.item.index + 1}` : ""));
    if (!state.now) main.replaceWith(nothingLeft(state));
    else if (!main.isConnected) root.querySelector(".empty")?.replaceWith(main);
    stage.invalidate();
  };
  stage.element.focus();
  const stop = keys(state, () => stage.invalidate());
  void app.outbox.flush()
    .then(() => api.queue("review", 200))
    .then(({ items }) => {
      state.items = items;
      return advance(state);
    })
    .catch((error: Error) => toast(`The review queue cannot be read: ${error.message}`, { kind: "warn", seconds: 20 }));
  return () => {
    last = null;
    stop();
    stage.close();
  };
}
