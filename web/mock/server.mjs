// The annotation server's HTTP API on synthetic frames, for developing the page: `node mock/server.mjs [port] [folder] [--readonly] [--token]`.
// `--token` answers 401 to everybody, as the real server does to a browser without its cookie.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import * as store from "./store.mjs";
import { SEQUENCES, HEIGHT, WIDTH, enhance, frame as draw } from "./scene.mjs";
import { png } from "./png.mjs";
import { propagate, queue, repeat, stats } from "./work.mjs";

const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const port = Number(words[0] ?? 8765), folder = words[1] ?? "../src/glimt/annotate/web/static";
const READONLY = process.argv.includes("--readonly"), LOCKED = process.argv.includes("--token");
const STATUSES = ["todo", "candidate", "accepted", "fixed", "flagged", "empty", "missing"];
const KINDS = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const jobs = new Map(), leases = new Map(), edits = new Map();
let lastFrame = null, user = "anna";

const support = (name, value) => ({ name, label: "Support", min: 1, max: 40, step: 1, default: value });
const polarity = { name: "polarity", label: "Polarity", choices: ["auto", "bright", "dark"], default: "auto" };
const GENERATORS = [
  { name: "pmg", label: "PMG", support: "support", params: [support("support", 8), { name: "alpha", label: "Weight of the click", min: 0, max: 1, step: 0.05, default: 0.15 }, polarity] },
  { name: "pamg", label: "PAMG", support: "support", params: [support("support", 10), { name: "warm_up", label: "Warm-up", min: 0, max: 10, step: 1, default: 3 }, polarity] },
  { name: "best", label: "Best of all", support: "support", params: [support("support", 8), polarity] },
  { name: "half_peak", label: "Half peak", support: "support", params: [support("support", 6), polarity] },
];

function countsOf(list) {
  const counts = Object.fromEntries(STATUSES.map((s) => [s, 0]));
  for (const it of list) counts[it.status]++;
  return counts;
}

function frameBody(it) {
  const beside = Object.fromEntries([-2, -1, 0, 1, 2].map((d) => [d, store.frameAt(it.sequence.name, it.index + d)?.id ?? null]));
  return {
    id: it.id, sequence: it.sequence.name, index: it.index, name: `${it.sequence.name || "frames"}/${String(it.index).padStart(6, "0")}.png`,
    frames: it.sequence.frames, height: it.error ? 0 : HEIGHT, width: it.error ? 0 : WIDTH, bits: 14, rev: it.rev, status: it.status,
    verdict: it.verdict, reason: it.reason, error: it.error,
    targets: store.targetsOf(it).map(store.describe), neighbours: beside, can_undo: it.ops.length > 0, can_redo: it.undone.length > 0,
    lease: leases.get(it.id) ?? null,
  };
}

const routes = [
  ["GET", /^\/project$/, () => ({
    name: "synthetic", user, readonly: READONLY, generators: GENERATORS, flag_reasons: ["clutter?", "edge of frame", "two targets", "ask a colleague"],
    counts: countsOf(store.frames), frames: store.frames.length, resume: lastFrame ?? { sequence: "drift", index: 0 },
    others: [{ user: "bo", sequence: "night", index: 412 }], export_formats: ["png", "coco", "yolo", "voc", "labelme", "points"],
  })],
  ["PUT", /^\/me$/, ({ body }) => (body.user?.trim() ? { user: (user = body.user.trim()) } : { status: 422, error: "a name has at least one letter" })],
  ["GET", /^\/sequences$/, () => ({
    sequences: SEQUENCES.map((s) => {
      const all = store.frames.filter((it) => it.sequence === s);
      return { name: s.name, frames: s.frames, counts: countsOf(all), first: all[0].id };
    }),
  })],
  ["GET", /^\/frames$/, ({ query }) => {
    const wanted = query.get("status")?.split(",").filter(Boolean), limit = Number(query.get("limit") ?? 500), after = Number(query.get("after") ?? -1);
    const all = store.frames.filter((it) => it.sequence.name === query.get("sequence"));
    const match = all.filter((it) => it.index > after && (!wanted?.length || wanted.includes(it.status)));
    const page = match.slice(0, limit);
    return {
      total: all.length, status: all.map((it) => STATUSES.indexOf(it.status)).join(""),
      frames: page.map((it) => ({ id: it.id, index: it.index, status: it.status, targets: store.targetsOf(it).length })),
      next: match.length > limit ? page.at(-1).index : null,
    };
  }],
  ["GET", /^\/frames\/(\d+)$/, ({ args }) => { const it = store.frameOf(+args[0]); lastFrame = { sequence: it.sequence.name, index: it.index }; return frameBody(it); }],
  ["POST", /^\/frames\/(\d+)\/candidates$/, ({ args, body }) => {
    const start = performance.now(), found = store.candidate(store.frameOf(+args[0]), body);
    return { ...found, generator: body.generator, params: body.params, milliseconds: performance.now() - start };
  }],
  ["POST", /^\/frames\/(\d+)\/targets$/, (ask) => change(ask, store.frameOf(+ask.args[0]), (it) => {
    const { op, ...given } = ask.body;
    store.write(it, given.uuid, () => store.put(store.made(it, given, user)));
    return { status: 201, target: store.describe(store.findTarget(given.uuid)) };
  })],
  ["PUT", /^\/targets\/([\w-]+)$/, (ask) => {
    const old = store.findTarget(ask.args[0]);
    if (!old) return { status: 404, error: "no such target" };
    return change(ask, store.frameOf(old.frame), (it) => {
      const { op, ...given } = ask.body;
      store.write(it, old.uuid, () => store.put(store.made(it, { ...old, ...given }, user)));
      return { target: store.describe(store.findTarget(old.uuid)) };
    });
  }],
  ["DELETE", /^\/targets\/([\w-]+)$/, (ask) => {
    const old = store.findTarget(ask.args[0]);
    if (!old) return { status: 404, error: "no such target" };
    return change(ask, store.frameOf(old.frame), (it) => { store.write(it, old.uuid, () => store.drop(old.uuid)); return {}; });
  }],
  ["PUT", /^\/frames\/(\d+)$/, (ask) => change(ask, store.frameOf(+ask.args[0]), (it) => {
    const { verdict, reason = "" } = ask.body;
    store.write(it, null, () => {
      Object.assign(it, { verdict, reason });
      if (verdict !== "done") return;
      for (const t of store.targetsOf(it)) if (t.status === "candidate") store.put(store.made(it, { ...t, status: "accepted" }, user));
    });
    return { frame: frameBody(it) };
  })],
  ["POST", /^\/frames\/(\d+)\/(undo|redo)$/, (ask) => change(ask, store.frameOf(+ask.args[0]), (it) => {
    const op = ask.args[1] === "undo" ? store.undo(it) : store.redo(it);
    return { frame: frameBody(it), changed: op?.uuid ?? null };
  })],
  ["POST", /^\/frames\/(\d+)\/lease$/, ({ args }) => {
    leases.set(+args[0], { user, mine: true, until: Date.now() / 1000 + 120 });
    return leases.get(+args[0]);
  }],
  ["DELETE", /^\/frames\/(\d+)\/lease$/, ({ args }) => { leases.delete(+args[0]); return {}; }],
  ["POST", /^\/propagate$/, ({ body }) => propagate(store.frameOf(body.frame), body.step, body.targets, user)],
  ["POST", /^\/repeat$/, ({ body }) => repeat(store.frameOf(body.frame), user)],
  ["POST", /^\/imports$/, ({ query }) => {
    if (!/\.(csv|zip)$/.test(query.get("name"))) return { status: 422, error: "a .csv of clicks or a .zip is wanted" };
    for (const index of [45, 46]) store.importPoint(store.frameAt("drift", index));
    return { frames: 2, targets: 2, kept: 1 };
  }],
  ["GET", /^\/stats$/, () => stats(edits)],
  ["GET", /^\/jobs\/([\w-]+)$/, ({ args }) => jobs.get(args[0]) ?? { status: 404, error: "no such job" }],
  ["GET", /^\/queue\/next$/, ({ query }) => queue(query.get("mode"), Number(query.get("limit") ?? 1))],
  ["POST", /^\/exports$/, ({ body }) => ({ job: job("export", { url: `/api/v1/exports/${body.format}.zip`, targets: 12 }) })],
];

function job(kind, result, error = null) {
  const id = crypto.randomUUID();
  jobs.set(id, { id, kind, state: error ? "failed" : "done", error, result });
  return id;
}

/** One write: a known key answers again, an old revision is refused, a mask must fill its box. */
function change({ headers, body }, it, act) {
  const key = headers["idempotency-key"];
  if (key && store.remembered.has(key)) return store.remembered.get(key);
  if (headers["if-match"] !== `"${it.rev}"`) return { status: 412, error: "the frame has changed", current: frameBody(it) };
  if (body?.mask && body.mask.counts.reduce((a, b) => a + b, 0) !== body.mask.height * body.mask.width) return { status: 422, error: "run lengths do not add up to height * width" };
  const answer = { ...act(it) };
  answer.rev = it.rev; answer.frame_status = it.status;
  edits.set(user, (edits.get(user) ?? 0) + 1);
  if (key) store.remembered.set(key, answer);
  return answer;
}

function thumb(it) {
  const pixels = draw(it.sequence, it.index), step = 4, w = WIDTH / step, h = HEIGHT / step, grey = new Uint8Array(w * h);
  for (let r = 0; r < h; r++) for (let c = 0; c < w; c++) grey[r * w + c] = Math.max(0, Math.min(255, (pixels[r * step * WIDTH + c * step] - 2700) / 14));
  return png(grey, w, h);
}

function binary(path, query, reply) {
  const found = /^\/frames\/(\d+)\/(raw|thumb)$/.exec(path);
  if (!found) return false;
  const it = store.frameOf(+found[1]);
  if (!it || it.error) return send(reply, 422, { error: it?.error ?? "no such frame" }), true;
  if (found[2] === "thumb") return reply.writeHead(200, { "content-type": "image/png", "cache-control": "max-age=3600" }).end(thumb(it)), true;
  const plain = draw(it.sequence, it.index), out = (query.get("enhance") ?? "none") === "none" ? plain : enhance(plain);
  reply.writeHead(200, { "content-type": "application/octet-stream", "cache-control": "private, max-age=3600, immutable", etag: `"${it.id}"` });
  return reply.end(Buffer.from(out.buffer)), true;
}

function send(reply, status, body) { reply.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)); }

async function page(path, reply) {
  const file = extname(path) ? normalize(path) : "/index.html";
  try {
    const data = await readFile(join(folder, file));
    reply.writeHead(200, { "content-type": KINDS[extname(file)] ?? "application/octet-stream", "content-security-policy": "default-src 'self'" }).end(data);
  } catch { reply.writeHead(404).end(); }
}

async function bodyOf(ask) {
  const parts = [];
  for await (const part of ask) parts.push(part);
  return ask.headers["content-type"] === "application/json" ? JSON.parse(Buffer.concat(parts).toString()) : {};
}

const reads = (method, path) => method === "GET" || (method === "POST" && (path.endsWith("/candidates") || path === "/exports"));

store.fill();
createServer(async (ask, reply) => {
  const url = new URL(`http://x${ask.url}`), path = decodeURIComponent(url.pathname);
  if (!path.startsWith("/api/v1")) return page(url.pathname, reply);
  if (LOCKED) return send(reply, 401, { error: "no token" });
  const rest = path.slice(7);
  if (ask.method === "GET" && binary(rest, url.searchParams, reply)) return;
  if (READONLY && !reads(ask.method, rest)) return send(reply, 403, { error: "this project is open for reading only" });
  const body = await bodyOf(ask);
  for (const [verb, shape, act] of routes) {
    const found = verb === ask.method && shape.exec(rest);
    if (!found) continue;
    const { status = 200, ...answer } = act({ args: found.slice(1), query: url.searchParams, body, headers: ask.headers });
    return send(reply, typeof status === "number" ? status : 200, typeof status === "number" ? answer : { status, ...answer });
  }
  send(reply, 404, { error: `no ${ask.method} ${rest}` });
}).listen(port, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${port}/\n`));
