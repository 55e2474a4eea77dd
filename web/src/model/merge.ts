/** Two versions of one frame: what the held edits make of it, and where that differs from what is stored. */
import type { Frame, Target } from "../api/types";
import { applied, bitsOf, blankTarget, requestOf, type Request } from "./gestures";
import { decode, encode, measure, union } from "./mask";
import type { Letter } from "./outbox";

export type Choice = "mine" | "theirs" | "union";
export interface Difference { uuid: string; mine: Target | null; theirs: Target | null }

const uuidOf = (letter: Letter): string => String(letter.body.uuid ?? letter.path.split("/").at(-1));

function edited(frame: Frame, letter: Letter): Frame {
  const uuid = uuidOf(letter);
  const before = frame.targets.find((target) => target.uuid === uuid) ?? null;
  if (letter.method === "DELETE") return applied(frame, { uuid, before, after: null });
  const { op: _op, reason: _reason, ...fields } = letter.body as Partial<Target> & { op?: string; reason?: string };
  const mask = fields.mask ?? before?.mask;
  if (!mask) return frame; // an undo, or a verdict on the frame: nothing to compare
  const source = fields.generator === undefined ? before?.source : (fields.generator ?? "hand");
  const after = { ...blankTarget(uuid), ...before, ...fields, source: source ?? "hand", mask };
  return applied(frame, { uuid, before, after: mask.height ? { ...after, ...measure(decode(mask)) } : after });
}

/** The stored frame with the held edits made on it. */
export const mineOf = (theirs: Frame, letters: Letter[]): Frame => letters.reduce(edited, theirs);

/** Targets that the two versions do not share, in the order of theirs, then mine. */
export function differences(mine: Frame, theirs: Frame): Difference[] {
  const find = (frame: Frame, uuid: string): Target | null => frame.targets.find((target) => target.uuid === uuid) ?? null;
  const all = new Set([...theirs.targets, ...mine.targets].map((target) => target.uuid));
  return [...all]
    .map((uuid) => ({ uuid, mine: find(mine, uuid), theirs: find(theirs, uuid) }))
    .filter((pair) => JSON.stringify([pair.mine?.mask, pair.mine?.status]) !== JSON.stringify([pair.theirs?.mask, pair.theirs?.status]));
}

function chosen({ mine, theirs }: Difference, choice: Choice): Target | null {
  if (choice !== "union") return choice === "mine" ? mine : theirs;
  if (!mine || !theirs) return mine ?? theirs;
  const bits = union(bitsOf(mine), bitsOf(theirs));
  return { ...theirs, ...measure(bits), mask: encode(bits), source: "hand", generator: null };
}

/** The requests that turn the stored frame into the chosen one. */
export function merged(frame: number, pairs: Difference[], choices: Map<string, Choice>): Request[] {
  return pairs.flatMap((pair) => {
    const after = chosen(pair, choices.get(pair.uuid) ?? "theirs");
    if (after === pair.theirs) return [];
    return [requestOf(frame, { uuid: pair.uuid, before: pair.theirs, after }, "merge")];
  });
}

/** What was said of the whole frame meanwhile; it holds whichever masks are chosen. */
export const verdictsOf = (letters: Letter[]): Request[] =>
  letters.filter(({ method, path }) => method === "PUT" && path.startsWith("/frames/")).map(({ frame, method, path, body }) => ({ frame, method, path, body }));
