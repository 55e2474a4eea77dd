/** Keys of the annotate screen, by the keymap. */
import { pixelAt } from "../../gl/view";
import { actionOf, chordName } from "../../model/keys";
import type { Stage } from "../../ui/stage";
import { ACTS, barred } from "./actions";
import { stepTarget } from "./decide";
import { useTool } from "./pointer";
import type { Session } from "./session";

const typing = (target: EventTarget | null): boolean => target instanceof HTMLElement && Boolean(target.closest("input:not([type=range]), select, textarea, dialog"));
const onControl = (target: EventTarget | null): boolean => target instanceof HTMLElement && Boolean(target.closest("button, a, [role=slider], input[type=range]"));

/** Keys that a focused control needs for itself. */
const OWN = new Set(["Space", "Enter", "Tab", "Shift+Tab", "ArrowLeft", "ArrowRight"]);

function switchPane(stage: Stage): void {
  const inside = stage.element === document.activeElement;
  (inside ? document.querySelector<HTMLElement>(".side button, .side select") : stage.element)?.focus();
}

function press(session: Session, stage: Stage, event: KeyboardEvent): boolean {
  const chord = chordName(event);
  const action = actionOf(session.app.preset, chord);
  if (!action || (onControl(event.target) && OWN.has(chord))) return false;
  if (barred(session, action)) return true;
  // A held key shows every frame on its way: the next one starts when the last one is on screen.
  if (event.repeat && session.heading !== null && (action === "next" || action === "previous")) return true;
  if (action === "panes") return switchPane(stage), true;
  if (action === "nextTarget") return stepTarget(session, 1);
  if (action === "previousTarget") return stepTarget(session, -1);
  if (action === "hide") return setHidden(session, true), true;
  if (action === "place") return placeTool(session), true;
  ACTS[action]?.(session);
  return true;
}

function setHidden(session: Session, hidden: boolean): void {
  if (session.hidden === hidden) return;
  session.hidden = hidden;
  session.redraw();
}

function placeTool(session: Session): void {
  const pixel = pixelAt(session.cursor ?? session.centre, session.frame.height, session.frame.width);
  if (pixel) useTool(session, pixel);
}

export function listenToKeys(session: Session, stage: Stage): () => void {
  const down = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && typing(event.target) && !document.querySelector("dialog[open]")) return stage.element.focus();
    if (typing(event.target) || event.isComposing) return;
    if (press(session, stage, event)) event.preventDefault();
  };
  const up = (event: KeyboardEvent): void => {
    if (actionOf(session.app.preset, chordName(event)) === "hide") setHidden(session, false);
  };
  const away = (): void => setHidden(session, false);
  addEventListener("keydown", down);
  addEventListener("keyup", up);
  addEventListener("blur", away);
  return () => {
    removeEventListener("keydown", down);
    removeEventListener("keyup", up);
    removeEventListener("blur", away);
  };
}
