/** Compare: two versions of a frame side by side after a conflict. Nothing is lost until the person has chosen. */
import type { App } from "../app";
import * as api from "../api/client";
import { createCache } from "../model/frames";
import { bitsOf } from "../model/gestures";
import { iou } from "../model/mask";
import { differences, merged, mineOf, verdictsOf, type Choice, type Difference } from "../model/merge";
import type { Conflict } from "../model/outbox";
import { areaText, sequenceName } from "../model/words";
import type { Frame, Target } from "../api/types";
import { button, h, plural } from "../ui/dom";
import { createShell } from "../ui/shell";
import { createStage } from "../ui/stage";
import { toast } from "../ui/toast";
import { drawClose, labelsOf, loadShown, ordinalOf, type Shown } from "../ui/viewer";
import { frameAddress } from "../model/address";

const CHOICES: readonly [Choice, string, string][] = [["mine", "Mine", "1"], ["theirs", "Theirs", "2"], ["union", "Both together", "3"]];

interface State { app: App; conflict: Conflict; mine: Frame; pairs: Difference[]; choices: Map<string, Choice>; at: number; shown: Shown | null }

const describe = (target: Target | null): string => (target ? `${areaText(target)}, ${target.status}` : "none");

function overlap({ mine, theirs }: Difference): string {
  return mine && theirs ? `IoU ${iou(bitsOf(mine), bitsOf(theirs)).toFixed(2)}` : "in one version only";
}

function card(state: State, pair: Difference, at: number, render: () => void): HTMLElement {
  const pick = (choice: Choice): void => {
    state.choices.set(pair.uuid, choice);
    state.at = Math.min(state.pairs.length - 1, at + 1);
    render();
  };
  const buttons = CHOICES.map(([choice, text, key]) => button(text, () => pick(choice), { "aria-pressed": String(state.choices.get(pair.uuid) === choice), title: `${text} (${key})` }));
  return h("div", { class: at === state.at ? "pair-card now" : "pair-card" }, h("b", {}, `Target ${at + 1} · ${overlap(pair)}`),
    h("small", {}, `mine: ${describe(pair.mine)} · theirs: ${describe(pair.theirs)}`), h("div", { class: "verdicts three" }, ...buttons));
}

function finish({ app, conflict, pairs, choices }: State): void {
  app.outbox.resolve(conflict.frame, conflict.current.rev, [...merged(conflict.frame, pairs, choices), ...verdictsOf(conflict.letters)]);
  app.frames.delete(conflict.frame);
  void app.outbox.flush().then(() => app.go(frameAddress(conflict.current.sequence, conflict.current.index)));
}

function begin(app: App, conflict: Conflict): State {
  const mine = mineOf(conflict.current, conflict.letters);
  const pairs = differences(mine, conflict.current);
  return { app, conflict, mine, pairs, choices: new Map(), at: 0, shown: null };
}

function nothing(root: HTMLElement): void {
  root.append(h("div", { class: "empty" }, h("h1", {}, "No conflict"), h("p", {}, "Everybody's edits fit together."), h("a", { href: "/", class: "button primary", "data-link": true }, "To the queue")));
}

function keys(state: State, render: () => void, save: () => void): () => void {
  const down = (event: KeyboardEvent): void => {
    const choice = CHOICES.find(([, , key]) => key === event.key)?.[0];
    const pair = state.pairs[state.at];
    if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) return save();
    if (!choice || !pair) return;
    state.choices.set(pair.uuid, choice);
    state.at = Math.min(state.pairs.length - 1, state.at + 1);
    render();
  };
  addEventListener("keydown", down);
  return () => removeEventListener("keydown", down);
}

export function openCompare(app: App, root: HTMLElement): () => void {
  const shell = createShell(app);
  root.append(shell.bar);
  const conflict = app.outbox.conflict();
  if (!conflict) return nothing(root), () => undefined;
  const state = begin(app, conflict);
  const panes = ["Mine", "Theirs"].map((text) => h("div", { class: "pane global" }, h("span", { class: "caption" }, text)));
  const stage = createStage("Two versions of the frame", (own) => {
    const pair = state.pairs[state.at];
    if (!state.shown || !pair) return;
    const at = pair.mine ?? pair.theirs ?? { row: 0, col: 0 };
    for (const [i, frame] of [state.mine, conflict.current].entries())
      drawClose(own, panes[i], { shown: state.shown, labels: labelsOf(frame.targets, state.shown.picture), at, selected: ordinalOf(frame.targets, pair.uuid), scale: 16 });
  });
  stage.element.append(...panes);
  const side = h("aside", { "aria-label": "Choice" });
  root.append(h("main", { class: "compare" }, stage.element, side));
  const save = (): void => {
    if (state.choices.size < state.pairs.length) return void toast("Choose for every target first", { kind: "warn" });
    finish(state);
  };
  const render = (): void => {
    const name = `${sequenceName(conflict.current.sequence)}, frame ${conflict.current.index + 1}`;
    side.replaceChildren(h("h2", {}, name), h("p", { class: "hint" }, `Somebody else saved this frame while you worked on it. ${plural(state.pairs.length, "target")} differ${state.pairs.length === 1 ? "s" : ""}.`),
      h("div", { class: "pairs" }, ...state.pairs.map((pair, i) => card(state, pair, i, render))), button("Save the choice", save, { class: "primary", title: "Save (Enter)" }));
    stage.invalidate();
  };
  render();
  const stop = keys(state, render, save);
  loadShown(conflict.current, createCache(api.raw)).then((shown) => {
    state.shown = shown;
    stage.invalidate();
  }).catch((error: Error) => toast(error.message, { kind: "warn" }));
  return () => {
    stop();
    stage.close();
  };
}
