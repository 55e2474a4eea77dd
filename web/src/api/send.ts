/** Sends one letter of the outbox and names what came of it. */
import type { Frame, WriteAnswer } from "./types";
import type { Letter, Reply } from "../model/outbox";
import { API } from "./client";
import { refusal } from "./words";

const NO_KEY = 401; // the server started anew: the edit waits for the new address

async function reply(answer: Response): Promise<Reply> {
  const body = (await answer.json().catch(() => ({}))) as { current?: Frame };
  if (answer.ok) return { kind: "ok", answer: body as WriteAnswer };
  if (answer.status === 412 && body.current) return { kind: "conflict", current: body.current };
  return { kind: answer.status === NO_KEY || answer.status >= 500 ? "away" : "refused", reason: refusal(answer.status, body) };
}

function request({ method, body, base, key }: Letter, leaving: boolean): RequestInit {
  const headers: Record<string, string> = { "if-match": `"${base}"`, "idempotency-key": key };
  if (!Object.keys(body).length) return { method, headers, keepalive: leaving };
  headers["content-type"] = "application/json";
  return { method, headers, keepalive: leaving, body: JSON.stringify(body) };
}

export async function send(letter: Letter, leaving: boolean): Promise<Reply> {
  try {
    return await reply(await fetch(API + letter.path, request(letter, leaving)));
  } catch {
    return { kind: "away", reason: "the server does not answer" };
  }
}
