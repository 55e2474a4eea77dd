/** Sends one letter of the outbox and names what came of it. */
import type { Frame, WriteAnswer } from "./types";
import type { Letter, Reply } from "../model/outbox";
import { API } from "./client";

const AWAY = new Set([502, 503, 504, 507]); // worth another try: the server restarts, or its disk is full

async function reply(answer: Response): Promise<Reply> {
  const body = (await answer.json().catch(() => ({}))) as { error?: string; current?: Frame };
  if (answer.ok) return { kind: "ok", answer: body as WriteAnswer };
  const reason = body.error ?? answer.statusText;
  if (answer.status === 412 && body.current) return { kind: "conflict", current: body.current };
  return { kind: AWAY.has(answer.status) || answer.status >= 500 ? "away" : "refused", reason };
}

export async function send(letter: Letter, leaving: boolean): Promise<Reply> {
  const headers = { "content-type": "application/json", "if-match": `"${letter.base}"`, "idempotency-key": letter.key };
  try {
    return await reply(await fetch(API + letter.path, {
      method: letter.method, headers, body: JSON.stringify(letter.body), keepalive: leaving,
    }));
  } catch {
    return { kind: "away", reason: "the server does not answer" };
  }
}
