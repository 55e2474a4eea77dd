/** Review: one target, large, least trustworthy first; one key a verdict. */
import type { App } from "../app";
import * as api from "../api/client";
import type { QueueItem, TargetStatus } from "../api/types";
import { applied, requestOf, undoRequest, verdict } from "../model/gestures";
import { ACTIONS, actionOf, chordName, hint, type Action } from "../model/keys";
import { button, h, plural } from "../ui/dom";
import { showCheatSheet } from "../ui/cheatsheet";
import { createShell } from "../ui/shell";
import { createStage, type Stage } from "../ui/stage";
import { toast } from "../ui/toast";
import { createFilm, type Film } from "../ui/film";
import { askReason } from "../ui/reasons";
import { drawClose, drawWhole, labelsOf, loadShown, localLook, ordinalOf } from "../ui/viewer";
import { READONLY } from "../api/words";
import { createCache, type FrameCache } from "../model/frames";
import { sequenceName } from "../model/words";
import { facts, type Now } from "./facts";
import { frameAddress } from "../model/address";
import { loadFrame } from "./annotate/navigate";

interface State { app: App; cache: FrameCache; items: QueueItem[]; now: Now | null; decided: number; hidden: boolean; busy: boolean; last: (() => void) | null; told: () => void; render(): void }

const UNDO_SECONDS = 10;

/** The first item that can be shown; items whose target is gone are passed over. */
async function advance(state: State): Promise<void> {
  state.busy = true;
  for (let item = state.items.shift(); ; item = state.items.shift()) {
    const next = item ? await prepare(state, item).catch(() => null) : null;
    if (item && !next) continue;
    state.now = next;
    state.busy = false;
    return state.render();
  }
}

async function prepare({ app, cache }: State, item: QueueItem): Promise<Now | null> {
  const shown = await loadShown(await loadFrame({ app }, item.frame), cache);
  const target = shown.frame.targets.find(({ uuid, status }) => uuid === item.target && status === "candidate");
  return target ? { item, shown, target, labels: labelsOf(shown.frame.targets, shown.picture) } : null;
}

function decide(state: State, status: TargetStatus, op: string, reason?: string): void {
  const { now, app } = state;
  if (!now || state.busy) return;
  const change = { uuid: now.target.uuid, before: now.target, after: { ...now.target, status, reason: reason ?? "" } };
  app.outbox.post(requestOf(now.item.frame, change, op, reason ? { reason } : {}));
  app.frames.set(now.item.frame, applied(now.shown.frame, change));
  state.decided++;
  state.told();
  state.last = () => takenBack(state, now);
  state.told = toast(`${status[0].toUpperCase()}${status.slice(1)}: ${sequenceName(now.item.sequence)}, frame ${now.item.index + 1}`, {
    seconds: UNDO_SECONDS, action: { text: `Undo (${hint(app.preset, "undo")})`, press: () => takeBack(state) },
  });
  void advance(state);
}

/** Shows the target again as it was before its verdict. */
function takenBack(state: State, then: Now): void {
  state.app.outbox.post(undoRequest(then.item.frame, "undo"));
  state.app.frames.set(then.item.frame, then.shown.frame);
  if (state.now) state.items.unshift(state.now.item);
  state.decided--;
  state.now = then;
  state.render();
}

function takeBack(state: State): void {
  state.told();
  state.last?.();
  state.last = null;
}

function flag(state: State): void {
  const { now, app } = state;
  if (!now || state.busy) return;
  askReason("the target", app.project.flag_reasons, (reason) => now === state.now && decide(state, "flagged", "flag", reason));
}

const act = (state: State): Partial<Record<Action, () => void>> => ({
  accept: () => state.now && decide(state, verdict(state.now.target), "accept"),
  reject: () => decide(state, "rejected", "reject"),
  flag: () => flag(state),
  next: () => void skip(state),
  undo: () => takeBack(state),
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

function verdictButton(state: State, action: Action, text: string, kind: string): HTMLElement {
  const key = hint(state.app.preset, action);
  const made = button("", () => act(state)[action]?.(), { class: `big ${kind}`, title: `${text} (${key})`, "aria-keyshortcuts": key, "aria-label": text });
  made.append(text, h("kbd", {}, key.split(" or ")[0]));
  return made;
}

function panel(state: State): Node[] {
  const { now } = state;
  if (!now) return [];
  const verdicts = state.app.project.readonly ? [] : [verdictButton(state, "accept", "Accept", "good"), verdictButton(state, "reject", "Reject", "bad"), verdictButton(state, "flag", "Flag", "")];
  const open = state.app.project.readonly ? h("a", { class: "button big", "data-link": true, href: frameAddress(now.item.sequence, now.item.index) }, "Show the frame") : verdictButton(state, "brush", "Edit", "");
  return [h("h2", {}, `${plural(state.items.length + 1, "target")} to look at`), h("p", { class: "why" }, now.item.why), facts(now),
    ...verdicts, verdictButton(state, "next", "Later", ""), open,
    h("p", { class: "hint" }, `Hold ${hint(state.app.preset, "hide")} to see the frame without the mask. ${plural(state.decided, "verdict")} this visit.`)];
}

function draw({ now, hidden }: State, stage: Stage, panes: HTMLElement[], film: Film): void {
  if (!now) return;
  const { shown, target, labels } = now;
  const selected = ordinalOf(shown.frame.targets, target.uuid);
  const reach = Math.max(16, (target.radius ?? 0) * 6);
  const scale = Math.min(64, Math.max(8, Math.floor(panes[0].clientHeight / reach / 2)));
  drawClose(stage, panes[0], { shown, labels: hidden ? null : labels, at: target, selected, scale, point: !target.area && !hidden });
  drawWhole(stage, panes[1], shown, target);
  film.draw(stage, localLook(shown, target), target);
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
    if (state.app.project.readonly && action && ACTIONS[action].edits) return void toast(READONLY, { kind: "warn" });
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
  const state: State = { app, cache: createCache(api.raw), items: [], now: null, decided: 0, hidden: false, busy: false, last: null, told: () => undefined, render: () => undefined };
  const stage = createStage("Target under review. Keys work here; press ? for the list", (own) => draw(state, own, panes, film));
  const film = createFilm(state.cache, () => stage.invalidate());
  const shell = createShell(app);
  stage.element.append(...panes, film.element);
  const main = h("main", { class: "review" }, stage.element, side);
  root.append(shell.bar, main);
  state.render = () => {
    film.show(state.now?.shown.frame ?? null);
    side.replaceChildren(...panel(state));
    shell.middle.replaceChildren(h("b", {}, state.now ? sequenceName(state.now.item.sequence) : ""), h("span", {}, state.now ? `frame ${state.now.item.index + 1}` : ""));
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
    stop();
    stage.close();
  };
}
