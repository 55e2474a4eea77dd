/** Where the detail view was, kept for a reload of the page. */
import type { Place } from "../../api/types";
import type { Session } from "./session";

const KEY = "glimt-view";

interface Kept { frame: number; centre: Place; scale: number; selected: string | null }

export function keepView({ frame, centre, scale, selected }: Session): void {
  const kept: Kept = { frame: frame.id, centre, scale, selected };
  sessionStorage.setItem(KEY, JSON.stringify(kept));
}

/** The view as it was on this very frame; else the detail shows the chosen target, or the first. */
export function restoreView(session: Session): void {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Kept | null;
  const { targets } = session.frame;
  if (kept?.frame === session.frame.id) {
    const selected = targets.some(({ uuid }) => uuid === kept.selected) ? kept.selected : session.selected;
    Object.assign(session, { centre: kept.centre, scale: kept.scale, selected });
  } else {
    const target = targets.find(({ uuid }) => uuid === session.selected) ?? targets.find(({ status }) => status !== "rejected");
    if (target) session.centre = { row: target.row + 0.5, col: target.col + 0.5 };
  }
  session.changed();
}
