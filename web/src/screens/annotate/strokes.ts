/** Brush, eraser and fill: a stroke is shown while it is made and sent when it ends. */
import type { Place, Target } from "../../api/types";
import { bitsOf } from "../../model/gestures";
import { area, brush, EMPTY, filled, line, painted } from "../../model/mask";
import { commit, newTarget, reshape } from "./edit";
import { relabel, selectedTarget, type Session } from "./session";

export interface Stroke { target: Target; created: boolean; on: boolean; last: Place }

export function touch(session: Session, stroke: Stroke, pixel: Place): void {
  const before = session.live?.bits ?? bitsOf(stroke.target);
  const touched = line(stroke.last, pixel).flatMap((place) => brush(place, session.brush));
  session.live = { uuid: stroke.target.uuid, bits: painted(before, touched, stroke.on, session.frame), target: stroke.target, created: stroke.created };
  stroke.last = pixel;
  relabel(session);
  session.redraw();
}

export function endStroke(session: Session, { target, created }: Stroke): void {
  const live = session.live;
  session.live = null;
  if (!live) return relabel(session); // Esc took it back
  if (!created) return reshape(session, target, live.bits, "stroke", "hand");
  if (!area(live.bits)) return relabel(session);
  const after = newTarget(live.bits, target.uuid);
  session.selected = after.uuid;
  commit(session, { uuid: after.uuid, before: null, after }, "create");
}

/** A new target starts where the brush touches and none is selected. */
export function beginStroke(session: Session, on: boolean, pixel: Place): Stroke | null {
  const known = selectedTarget(session);
  if (!known && !on) return null;
  const target = known ?? newTarget(EMPTY);
  if (!known) session.selected = target.uuid;
  const stroke = { target, created: !known, on, last: pixel };
  touch(session, stroke, pixel);
  return stroke;
}

export function fillAt(session: Session, pixel: Place): void {
  const target = selectedTarget(session);
  if (target) reshape(session, target, filled(bitsOf(target), pixel), "fill", "hand");
}
