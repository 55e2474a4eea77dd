/** Everything the annotate screen knows. Parts change it, then call `changed`. */
import type { App } from "../../app";
import type { Frame, Params, Place, Target } from "../../api/types";
import * as api from "../../api/client";
import type { Labels, Look, Picture } from "../../gl/renderer";
import { createCache, type Enhance, type FrameCache } from "../../model/frames";
import { NO_HISTORY, type History } from "../../model/history";
import { labelPixels } from "../../model/labels";
import type { Bits } from "../../model/mask";
import { countLevels, robustRange } from "../../model/stretch";

export type Tool = "seed" | "brush" | "erase" | "fill" | "move";
export const TOOLS: readonly Tool[] = ["seed", "brush", "erase", "fill", "move"];

/** A stroke under way: shown, not sent. */
export interface Live { uuid: string; bits: Bits; target: Target; created: boolean }

export interface Session {
  app: App;
  cache: FrameCache;
  frame: Frame;
  picture: Picture;
  shown: Picture;
  labels: Labels;
  selected: string | null;
  centre: Place;
  scale: number;
  looks: Record<Enhance, Look>;
  enhance: Enhance;
  tool: Tool;
  brush: number;
  generator: string;
  params: Record<string, Params>;
  hidden: boolean;
  lock: boolean;
  cursor: Place | null;
  live: Live | null;
  strip: Map<number, Picture>;
  status: string;
  busy: boolean;
  /** Index of the frame on its way, so that quick presses add up. */
  heading: number | null;
  histories: Map<number, History>;
  /** The picture or the marks changed. */
  redraw(): void;
  /** Targets, tools or settings changed: the panels too. */
  changed(): void;
}

export const NO_PICTURE: Picture = { key: "none", pixels: new Uint16Array(1), height: 1, width: 1 };
const LOOK: Look = { low: 0, high: 65535, gamma: 1, palette: "grey" };

export function createSession(app: App, frame: Frame): Session {
  const params = app.project.generators.map(({ name, params: list }) => [name, Object.fromEntries(list.map((one) => [one.name, one.default]))]);
  return {
    app, frame, cache: createCache(api.raw), picture: NO_PICTURE, shown: NO_PICTURE, labels: { pixels: new Uint8Array(1), version: 0 },
    selected: null, centre: { row: frame.height / 2, col: frame.width / 2 }, scale: 16, looks: { none: { ...LOOK }, local: { ...LOOK }, clahe: { ...LOOK } },
    enhance: "none", tool: app.project.readonly ? "seed" : "brush", brush: 1, generator: app.project.generators[0]?.name ?? "", params: Object.fromEntries(params),
    hidden: false, lock: true, cursor: null, live: null, strip: new Map(), status: "", busy: false, heading: null, histories: new Map(),
    redraw: () => undefined, changed: () => undefined,
  };
}

export const selectedTarget = (session: Session): Target | null =>
  session.frame.targets.find(({ uuid }) => uuid === session.selected) ?? null;

export const historyOf = (session: Session): History => session.histories.get(session.frame.id) ?? NO_HISTORY;

export const readonly = (session: Session): boolean => session.app.project.readonly;

export const look = (session: Session): Look => session.looks[session.enhance];

/** Draws the masks again. The version tells the renderer to upload them. */
export function relabel(session: Session): void {
  const { frame, live } = session;
  const targets = live?.created ? [...frame.targets, live.target] : frame.targets;
  session.labels.pixels = labelPixels(frame.error ? [] : targets, session.shown, live ?? undefined);
  session.labels.version++;
}

/** Sets the window to 1 % - 99.9 % of what is shown. */
export function autoWindow(session: Session): void {
  Object.assign(look(session), robustRange(countLevels(session.shown.pixels)));
}

export function select(session: Session, uuid: string | null, recentre = true): void {
  session.selected = uuid;
  const target = selectedTarget(session);
  if (target && recentre) session.centre = { row: target.row + 0.5, col: target.col + 0.5 };
  session.changed();
}
