/** The annotate screen: full frame and magnified detail side by side. */
import type { App } from "../../app";
import * as api from "../../api/client";
import type { Frame, WriteAnswer } from "../../api/types";
import { pixelAt } from "../../gl/view";
import type { Letter } from "../../model/outbox";
import { sequenceName } from "../../model/words";
import { button, grouped, h } from "../../ui/dom";
import { createShell } from "../../ui/shell";
import { createStage, type Stage } from "../../ui/stage";
import { createTimeline } from "../../ui/timeline";
import { toast } from "../../ui/toast";
import { detailView, drawAll, globalView, type Surfaces } from "./draw";
import { settle } from "./edit";
import { listenToKeys } from "./keyboard";
import { CONTRASTS, displayPanel } from "./display";
import { keepLease } from "./lease";
import { goTo, idAt, loadFrame, setDigit, show } from "./navigate";
import { growPanel } from "./grow";
import { targetPanel, toolbar, type Panel } from "./panels";
import { keepView, restoreView } from "./place";
import { listen, type Panes } from "./pointer";
import { createSession, NO_PICTURE, readonly, type Session } from "./session";

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
  const local = enhance === "none" ? "" : ` · ${CONTRASTS[enhance]} ${grouped(shown.pixels[at])}`;
  return `row ${pixel.row} · col ${pixel.col} · ${grouped(picture.pixels[at])}${local}`;
}

function showTexts({ session, stage, readout, captions, surfaces }: Page): void {
  const { frame, scale, enhance } = session;
  captions[0].textContent = frame.error ? "Full frame" : `Full frame · ${frame.width} × ${frame.height} · ${frame.bits} bit${enhance === "none" ? "" : ` · ${CONTRASTS[enhance]}`}`;
  captions[1].textContent = `Detail · ${Math.round(scale)} ×${session.lock ? " · place locked" : ""}`;
  surfaces.global.classList.toggle("broken", Boolean(frame.error));
  surfaces.global.dataset.error = frame.error ? `${frame.status === "missing" ? "This frame is missing" : "This frame cannot be read"}: ${frame.error}` : "";
  readout.textContent = readoutText(session);
  stage.element.dataset.frame = session.picture === NO_PICTURE && !frame.error ? "" : String(frame.index);
}

/** An answer from the server: the new status of its frame, and the truth about this one once nothing is on its way. */
function heard(session: Session, letter: Letter, answer: WriteAnswer, last: boolean): void {
  const known = session.app.frames.get(letter.frame);
  if (known?.sequence === session.frame.sequence) setDigit(session, known.index, answer.frame_status);
  if (!known || letter.frame !== session.frame.id) return session.changed();
  session.frame = known;
  if (last && answer.changed) session.selected = answer.changed;
  if (last && !session.live) settle(session);
  else session.changed();
}

/** A refused edit was never made: the frame is shown as the server has it. */
function refused(session: Session, { frame }: Letter): void {
  if (frame !== session.frame.id || session.app.outbox.waiting(frame)) return;
  session.histories.delete(frame);
  void show(session, frame);
}

function layout(stage: Stage, panels: Panel[], bottom: HTMLElement): HTMLElement {
  const side = h("aside", { class: "side", "aria-label": "Controls" }, ...panels.slice(1).map(({ element }) => element));
  return h("main", { class: "annotate" }, panels[0].element, stage.element, side, bottom);
}

const badge = ({ status, verdict, reason }: Frame): HTMLElement =>
  h("span", { class: `badge ${status}` }, verdict === "flagged" && reason ? `${status}: ${reason}` : status);

function frameTitle(session: Session): HTMLElement[] {
  const { frame } = session;
  return [h("b", {}, sequenceName(frame.sequence)), h("span", {}, `${frame.index + 1} / ${grouped(frame.frames)}`), badge(frame),
    h("small", {}, frame.name)];
}

function build(app: App, root: HTMLElement, session: Session): () => void {
  const panels = [toolbar(session), targetPanel(session), ...(readonly(session) ? [] : [growPanel(session)]), displayPanel(session)];
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
    lease.follow();
    for (const panel of panels) panel.show();
    shell.middle.replaceChildren(...frameTitle(session));
    timeline.show(session.status, session.frame.index);
    session.redraw();
  };
  listen(session, stage, panes);
  const stopKeys = listenToKeys(session, stage);
  const lease = keepLease(session);
  app.on("answer", (letter, answer, last) => heard(session, letter, answer, last));
  app.on("refused", (letter) => refused(session, letter));
  app.on("conflict", () => void toast("Somebody else changed this frame meanwhile. Both versions are kept.", { kind: "warn", seconds: 20, action: { text: "Compare", press: () => app.go("/compare") } }));
  const least = Math.min(right.element.clientWidth, right.element.clientHeight);
  session.scale = Math.min(64, Math.max(16, Math.round(least / 32))); // about 32 pixels of the frame, on a large screen too
  stage.element.focus();
  const keep = (): void => keepView(session);
  addEventListener("pagehide", keep);
  return () => {
    keep();
    removeEventListener("pagehide", keep);
    lease.close();
    stopKeys();
    stage.close();
  };
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
    await Promise.all([show(session, frame.id).then((there) => there && restoreView(session)), loadStatus(session)]);
  }
  start().catch((error: Error) => toast(`This frame cannot be opened: ${error.message}`, { kind: "warn", seconds: 20 }));
  return () => {
    gone = true;
    close?.();
  };
}
