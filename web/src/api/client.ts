/** Reads from the server. Writes go through the outbox, never from here. */
import type { Candidate, CandidateRequest, Frame, FramePage, Job, Lease, Project, QueuePage, Sequence } from "./types";

export const API = "/api/v1";

/** The server's refusal, with its status code. */
export class ApiError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

async function refuse(answer: Response): Promise<never> {
  const body: unknown = await answer.json().catch(() => null);
  const text = body && typeof body === "object" && "error" in body ? String(body.error) : answer.statusText;
  throw new ApiError(answer.status, text);
}

async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const answer = await fetch(API + path, init);
  return answer.ok ? ((await answer.json()) as T) : refuse(answer);
}

function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const headers = { "content-type": "application/json" };
  return ask<T>(path, { method: "POST", headers, body: JSON.stringify(body), signal });
}

const name = encodeURIComponent;

export const project = (): Promise<Project> => ask("/project");
export const sequences = (): Promise<{ sequences: Sequence[] }> => ask("/sequences");
export const frame = (id: number): Promise<Frame> => ask(`/frames/${id}`);
export const thumbnail = (id: number): string => `${API}/frames/${id}/thumb`;

/** A page of a sequence's frames; `after` is the index to continue behind. */
export function framePage(sequence: string, options: { after?: number; status?: string; limit?: number }): Promise<FramePage> {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(options)) if (value !== undefined && value !== "") query.set(key, String(value));
  return ask(`/sequences/${name(sequence)}/frames?${query}`);
}

/** The frame's counts as 16-bit numbers, plain or with local contrast. */
export async function raw(id: number, enhance: "none" | "clahe", signal?: AbortSignal): Promise<Uint16Array> {
  const answer = await fetch(`${API}/frames/${id}/raw?enhance=${enhance}`, { signal });
  return answer.ok ? new Uint16Array(await answer.arrayBuffer()) : refuse(answer);
}

export const candidate = (id: number, request: CandidateRequest, signal?: AbortSignal): Promise<Candidate> =>
  post(`/frames/${id}/candidates`, request, signal);
export const lease = (id: number): Promise<Lease> => post(`/frames/${id}/lease`, {});
export const queue = (mode: "label" | "review", limit = 1): Promise<QueuePage> => ask(`/queue/next?mode=${mode}&limit=${limit}`);

/** Starts a job and waits for its end. */
export async function runJob<Result>(path: string, body: unknown, progress?: (job: Job<Result>) => void): Promise<Result> {
  const { job } = await post<{ job: string }>(path, body);
  for (;;) {
    const now = await ask<Job<Result>>(`/jobs/${job}`);
    progress?.(now);
    if (now.state === "failed") throw new ApiError(500, now.error ?? "the job failed");
    if (now.state === "done" && now.result) return now.result;
    await new Promise((resume) => setTimeout(resume, 60));
  }
}

/** `match` looks for the targets again, `copy` repeats them where they are. */
export function propagatePath(sequence: string): string {
  return `/sequences/${name(sequence)}/propagate`;
}
