/** What the server names in one word, and places and numbers, said to a person. */
import type { Bins, Carried, Imported, Target } from "../api/types";

/** A folder's own frames are of no video. */
export const sequenceName = (name: string): string => (name === "" || name === "." ? "frames" : name);

const number = (value: number | null, digits = 1): string => (value === null ? "–" : value.toFixed(digits));
export const scrText = ({ scr }: { scr: number | null }): string => (scr === null ? "–" : scr >= 1000 ? ">999" : scr.toFixed(1));
export const radiusText = ({ radius }: { radius: number | null }): string => number(radius);
export const areaText = ({ area }: { area: number }): string => (area ? `${area} px` : "a click");

/** A track of its own is not worth a word; a long name is cut. */
export function trackText({ track, uuid }: Target): string {
  if (track === uuid) return "";
  return track.length > 12 ? track.slice(0, 4) : track;
}

type Stopped = Carried["stopped"][number];

const STOPPED: Record<string, (stopped: Stopped) => string> = {
  end: () => "there is no frame that way",
  "there already": () => "it is there already",
  match: ({ match }) => `nothing there looks like it (likeness ${number(match, 2)})`,
  scr: (stopped) => `its contrast ${scrText(stopped)} is too low`,
  "off the frame": () => "it would leave the frame",
  "nothing drawn": () => "no mask could be drawn there",
};

export const stoppedText = (stopped: Stopped): string => STOPPED[stopped.why]?.(stopped) ?? stopped.why;

const count = (value: number, noun: string): string => `${value.toLocaleString("en")} ${noun}${value === 1 ? "" : "s"}`;

export function importedText({ frames, targets, kept }: Imported): string {
  const left = kept ? `; ${count(kept, "frame")} edited before stayed as ${kept === 1 ? "it was" : "they were"}` : "";
  return `${count(targets, "target")} came in on ${count(frames, "frame")}${left}`;
}

export const short = (value: number): string => (Math.abs(value) >= 1e5 ? value.toExponential(0) : String(Number(value.toPrecision(3))));

const BOUNDLESS = 1e6; // the upper edge of a last bin that has none

/** `4 to 9`, or `120+` for a last bin without an end. */
export const binName = ({ edges }: Bins, i: number): string =>
  edges[i + 1] >= BOUNDLESS ? `${short(edges[i])}+` : `${short(edges[i])} to ${short(edges[i + 1])}`;

/** What stands under the two ends of a histogram. */
export function binEnds({ edges }: Bins): [string, string] | null {
  const [low, high, last] = [edges[0], edges.at(-1), edges.at(-2)];
  if (low === undefined || high === undefined || last === undefined) return null;
  return [short(low), high >= BOUNDLESS ? `${short(last)}+` : short(high)];
}

/** `4 to 9: 12` for every bin that holds something. */
export function binText(bins: Bins): string {
  const told = bins.counts.flatMap((count, i) => (count ? [`${binName(bins, i)}: ${count.toLocaleString("en")}`] : []));
  return told.join(", ") || "none yet";
}
