/** The annotate screen: full frame and magnified detail side by side. */
import type { App } from "../../app";
import * as api from "../../api/client";
import type { WriteAnswer } from "../../api/types";
import { pixelAt } from "../../gl/view";
import { applied } from "../../model/gestures";
import type { Letter } from "../../model/outbox";
import { button, grouped, h } from "../../ui/dom";
import { createShell } from "../../ui/shell";
import { createStage, type Stage } from "../../ui/stage";
import { createTimeline } from "../../ui/timeline";
import { toast } from "../../ui/toast";
import { setDigit } from "./actions";
import { detailView, drawAll, globalView, type Surfaces } from "./draw";
import { settle } from "./edit";
import { listenToKeys } from "./keyboard";
import { goTo, idAt, loadFrame, show } from "./navigate";
import { displayPanel, growPanel, targetPanel, toolbar, type Panel } from "./panels";
import { listen, type Panes } from "./pointer";
import { createSession, type Session } from "./session";

interface Page { session: Session; stage: Stage; surfaces: Surfaces; panels: Panel[]; readout: HTMLElement; captions: HTMLElement[] }

function pane(name: string): { element: HTMLElement; caption: HTMLElement } {
  const caption = h("span", { class: "caption" });
  return { element: h("div", { class: `pane ${name}` }, caption), caption };
}

function stripCell(session: () => Session, step: number): HTMLElement {
  const name = step ? `${Math.abs(step)} ${step < 0 ? "before" : "after"}` : "this frame";
  const cell = button("", () => void goTo(session(), session().frame.index + step), { class: step ? "cell" : "cell now", title: `The same place, ${name}`, "aria-label": `The same place, ${name}` });
  cell.append(h("span", {}, step ? (step > 0 ? `+${step}` : `−${-step}`) : "now"));
  return cell;
}

function readoutText({ cursor, picture, shown, frame, enhance }: Session): string {
  const pixel = cursor && pixelAt(cursor, frame.height, frame.width);
  if (!pixel || frame.error) return "–";
  const at = pixel.row * frame.width + pixel.col;
  const local = enhance === "clahe" ? ` · local ${grouped(shown.pixels[at])}` : "";
  return `row ${pixel.row} · col ${pixel.col} · ${grouped(picture.pixels[at])}${local}`;
}

function showTexts({ session, readout, captions, surfaces }: Page): void {
  const { frame, scale, enhance } = session;
  captions[0].textContent = `Full frame · ${frame.width} × ${frame.height} · ${frame.bits} bit${enhance === "clahe" ? " · local contrast" : ""}`;
  captions[1].textContent = `Detail · ${Math.round(scale)} ×${session.lock ? " · place locked" : ""}`;
  surfaces.global.classList.toggle("broken", Boolean(frame.error));
  surfaces.global.dataset.error = frame.error ? `This frame cannot be read: ${frame.error}` : "";
  readout.textContent = readoutText(session);
}

/** An answer from the server: the new status of the frame, and the truth about a target once nothing is on its way. */
function heard(session: Session, letter: Letter, answer: WriteAnswer, last: boolean): void {
  const known = session.app.frames.get(letter.frame);
  if (known) session.app.frames.set(letter.frame, { ...known, rev: answer.rev, status: answer.frame_status });
  if (letter.frame !== session.frame.id) {
    if (known?.sequence === session.frame.sequence) setDigit(session, known.index, answer.frame_status);
    return;
  }
  session.frame = { ...session.frame, rev: answer.rev, status: answer.frame_status };
  setDigit(session, session.frame.index, answer.frame_status);
  if (!last) return;
  if (answer.frame) session.frame = answer.frame;
  else if (answer.target) session.frame = applied(session.frame, { uuid: answer.target.uuid, before: null, after: answer.target });
  if (answer.changed) session.selected = answer.changed;
  if (!session.live) settle(session);
}

function layout(stage: Stage, panels: Panel[], bottom: HTMLElement): HTMLElement {
  const side = h("aside", { class: "side", "aria-label": "Controls" }, ...panels.slice(1).map(({ element }) => element));
  return h("main", { class: "annotate" }, panels[0].element, stage.element, side, bottom);
}

function frameTitle(session: Session): HTMLElement[] {
  const { frame } = session;
  return [h("b", {}, frame.sequence), h("span", {}, `${frame.index + 1} / ${grouped(frame.frames)}`), h("span", { class: `badge ${frame.status}` }, frame.status),
    h("small", {}, frame.name)];
}

function build(app: App, root: HTMLElement, session: Session): () => void {
  const panels = [toolbar(session), targetPanel(session), growPanel(session), displayPanel(session)];
  const [left, right] = [pane("global"), pane("detail")];
  const surfaces: Surfaces = { global: left.element, detail: right.element, strip: [-2, -1, 0, 1, 2].map((step) => stripCell(() => session, step)) };
  const stage = createStage("Image. Keys work here; press ? for the list", (own) => drawAll(session, own, surfaces));
  const readout = h("output", { class: "readout", "aria-label": "Value under the cursor" });
  const timeline = createTimeline((index) => void goTo(session, index));
  right.element.append(readout);
  const strip = h("div", { class: "strip", role: "group", "aria-label": "The same place in the frames around" }, ...surfaces.strip);
  stage.element.append(left.element, right.element, strip);
  const shell = createShell(app);
  root.append(shell.bar, layout(stage, panels, timeline.element));
  const page: Page = { session, stage, surfaces, panels, readout, captions: [left.caption, right.caption] };
  const panes: Panes = {
    global: left.element, detail: right.element,
    globalView: () => globalView(session, stage, left.element), detailView: () => detailView(session, stage, right.element),
  };
  session.redraw = () => {
    showTexts(page);
    stage.invalidate();
  };
  session.changed = () => {
    for (const panel of panels) panel.show();
    shell.middle.replaceChildren(...frameTitle(session));
    timeline.show(session.status, session.frame.index);
    session.redraw();
  };
  listen(session, stage, panes);
  const stopKeys = listenToKeys(session, stage);
  const beat = setInterval(() => void api.lease(session.frame.id).catch(() => undefined), 30_000);
  app.on("answer", (letter, answer, last) => heard(session, letter, answer, last));
  app.on("conflict", () => void toast("Somebody else changed this frame meanwhile. Both versions are kept.", { kind: "warn", seconds: 20, action: { text: "Compare", press: () => app.go("/compare") } }));
  const least = Math.min(right.element.clientWidth, right.element.clientHeight);
  session.scale = Math.min(64, Math.max(16, Math.round(least / 32))); // about 32 pixels of the frame, on a large screen too
  stage.element.focus();
  return () => {
    clearInterval(beat);
    stopKeys();
    stage.close();
  };
}

async function tellLease(id: number): Promise<void> {
  const lease = await api.lease(id).catch(() => null);
  if (lease && !lease.mine) toast(`${lease.user} is working on this frame`, { seconds: 8 });
}

/** Reads the status of the whole sequence in one string. */
async function loadStatus(session: Session): Promise<void> {
  session.status = (await api.framePage(session.frame.sequence, { limit: 1 })).status;
  session.changed();
}

export function openAnnotate(app: App, root: HTMLElement, sequence: string, index: number): () => void {
  let close: (() => void) | null = null;
  let gone = false;
  async function start(): Promise<void> {
    const frame = await loadFrame({ app }, await idAt(sequence, index));
    if (gone) return;
    const session = createSession(app, frame);
    close = build(app, root, session);
    await Promise.all([show(session, frame.id).then(() => session.selected && recentre(session)), loadStatus(session)]);
    void tellLease(frame.id);
  }
  start().catch((error: Error) => toast(`This frame cannot be opened: ${error.message}`, { kind: "warn", seconds: 20 }));
  return () => {
    gone = true;
    close?.();
  };
}

function recentre(session: Session): void {
  const target = session.frame.targets.find(({ uuid }) => uuid === session.selected);
  if (target) session.centre = { row: target.row + 0.5, col: target.col + 0.5 };
  session.redraw();
}
