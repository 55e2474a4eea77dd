// What the mock answers from many frames at once: carrying over, the queue, the numbers.
import * as store from "./store.mjs";

/** Puts what `draft` makes of each target on a frame: nothing where it is there already, or the why. */
function carry(list, it, draft, user) {
  const stopped = [], made = [];
  for (const target of list) {
    const there = store.targetsOf(it).some((t) => t.track === target.track), found = there ? null : draft(target);
    if (!found?.mask) { stopped.push({ uuid: target.uuid, why: there ? "there already" : "scr", scr: found?.scr ?? null, match: null }); continue; }
    const uuid = crypto.randomUUID();
    store.write(it, uuid, () => store.put(store.made(it, { ...target, ...found, uuid, status: "candidate", reason: "" }, user)));
    made.push(uuid);
  }
  return { frame: made.length ? it.id : null, made, stopped };
}

export function propagate(from, step, wanted, user) {
  const to = store.frameAt(from.sequence.name, from.index + step), list = store.targetsOf(from).filter((t) => !wanted || wanted.includes(t.uuid));
  if (!to) return { frame: null, made: [], stopped: list.map(({ uuid }) => ({ uuid, why: "end", scr: null, match: null })) };
  return carry(list, to, (target) => store.follow(target, to), user);
}

export function repeat(it, user) {
  const before = store.frameAt(it.sequence.name, it.index - 1);
  return before ? carry(store.targetsOf(before), it, (target) => ({ mask: target.mask }), user) : { frame: null, made: [], stopped: [] };
}

export function queue(mode, limit) {
  const item = (it, target) => ({ frame: it.id, sequence: it.sequence.name, index: it.index, target: target?.uuid ?? null, doubt: target?.doubt ?? 1, why: target ? why(target) : "no target yet" });
  if (mode !== "review") {
    const open = store.frames.filter((it) => it.status === "todo");
    return { left: open.length, items: open.slice(0, limit).map((it) => item(it)) };
  }
  const waiting = store.frames.flatMap((it) => store.targetsOf(it).filter((t) => t.status === "candidate").map((t) => [it, t]));
  waiting.sort((a, b) => b[1].doubt - a[1].doubt);
  return { left: waiting.length, items: waiting.slice(0, limit).map(([it, target]) => item(it, target)) };
}

const why = ({ scr }) => (scr === null ? "a click without a mask" : scr < 4 ? "it hardly stands out" : "its edge is soft");

function binned(values, edges) {
  const counts = edges.slice(1).map((high, i) => values.filter((v) => v >= edges[i] && v < high).length);
  return { edges, counts };
}

export function stats(edits) {
  const all = store.frames.flatMap(store.targetsOf), of = (status) => all.filter((t) => (status === "accepted" ? ["accepted", "fixed"].includes(t.status) : t.status === status)).length;
  return {
    targets: Object.fromEntries(["candidate", "accepted", "rejected", "flagged"].map((s) => [s, of(s)])), by_hand: all.filter((t) => t.source === "hand").length,
    area: binned(all.map((t) => t.area).filter(Boolean), [1, 4, 9, 16, 25, 36, 49, 64, 81]), scr: binned(all.flatMap((t) => t.scr ?? []), [0, 1, 2, 3, 4, 6, 8, 12, 20]),
    users: [...edits].map(([name, count]) => ({ user: name, edits: count })),
  };
}
