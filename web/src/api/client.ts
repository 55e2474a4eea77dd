/** Reads from the server, and the few writes that are no edit of one frame. Edits go through the outbox, never from here. */
import type {
  Candidate, CandidateRequest, Carried, Frame, FramePage, Imported, Job, Lease, Project, QueuePage, Sequence, Stats,
} from "./types";
import type { Enhance } from "../model/frames";
import { refusal } from "./words";

export const API = "/api/v1";
const JSON_BODY = { "content-type": "application/json" };
const PATIENCE = 250; // milliseconds between two looks at a job

/** The server's refusal, with its status code. */
export class ApiError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

async function refuse(answer: Response): Promise<never> {
  throw new ApiError(answer.status, refusal(answer.status, await answer.json().catch(() => null)));
}

async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const answer = await fetch(API + path, init);
  return answer.ok ? ((await answer.json()) as T) : refuse(answer);
}

const tell = <T>(method: string, path: string, body: unknown, more: RequestInit = {}): Promise<T> =>
  ask(path, { ...more, method, headers: { ...JSON_BODY, ...more.headers }, body: JSON.stringify(body) });

export const project = (): Promise<Project> => ask("/project");
export const rename = (user: string): Promise<{ user: string }> => tell("PUT", "/me", { user });
export const sequences = (): Promise<{ sequences: Sequence[] }> => ask("/sequences");
export const frame = (id: number): Promise<Frame> => ask(`/frames/${id}`);
export const stats = (): Promise<Stats> => ask("/stats");
export const thumbnail = (id: number): string => `${API}/frames/${id}/thumb`;
export const queue = (mode: "label" | "review", limit = 1): Promise<QueuePage> => ask(`/queue/next?mode=${mode}&limit=${limit}`);

/** A page of a sequence's frames; `after` is the index to continue behind. */
export function framePage(sequence: string, options: { after?: number; status?: string; limit?: number }): Promise<FramePage> {
  const query = new URLSearchParams({ sequence });
  for (const [key, value] of Object.entries(options)) if (value !== undefined && value !== "") query.set(key, String(value));
  return ask(`/frames?${query}`);
}

/** The frame's counts as 16-bit numbers, plain or with local contrast. */
export async function raw(id: number, enhance: Enhance): Promise<Uint16Array> {
  const answer = await fetch(`${API}/frames/${id}/raw?enhance=${enhance}`);
  return answer.ok ? new Uint16Array(await answer.arrayBuffer()) : refuse(answer);
}

export const candidate = (id: number, request: CandidateRequest, signal: AbortSignal): Promise<Candidate> =>
  tell("POST", `/frames/${id}/candidates`, request, { signal });

export const lease = (id: number): Promise<Lease> => ask(`/frames/${id}/lease`, { method: "POST" });
/** Gives a lease back; it runs out by itself where this fails. */
export const release = (id: number): void =>
  void fetch(`${API}/frames/${id}/lease`, { method: "DELETE", keepalive: true }).catch(() => undefined);

const once = (): RequestInit => ({ headers: { "idempotency-key": crypto.randomUUID() } });

/** Looks for the targets in the next or the previous frame; null takes all of them. */
export const propagate = (frameId: number, step: 1 | -1, targets: string[] | null): Promise<Carried> =>
  tell("POST", "/propagate", { frame: frameId, step, targets }, once());
/** Puts the targets of the frame before on this one, at their places. */
export const repeat = (frameId: number): Promise<Carried> => tell("POST", "/repeat", { frame: frameId }, once());

export const importFile = (file: File): Promise<Imported> =>
  ask(`/imports?name=${encodeURIComponent(file.name)}`, {
    method: "POST", headers: { ...once().headers, "content-type": "application/octet-stream" }, body: file,
  });

/** Writes what is accepted; answers with the address of the zip. */
export async function exported(format: string): Promise<string> {
  const { job } = await tell<{ job: string }>("POST", "/exports", { format, split: null, status: ["accepted", "fixed"] });
  for (;;) {
    const now = await ask<Job<{ url: string }>>(`/jobs/${job}`);
    if (now.state === "failed") throw new ApiError(500, now.error ?? "the job failed");
    if (now.state === "done" && now.result) return now.result.url;
    await new Promise((resume) => setTimeout(resume, PATIENCE));
  }
}
