/** Refusals of the server in the words of a person who can do something about them. */
export const LET_IN = "open the address that glimt annotate printed";
export const READONLY = "This project is open for reading only";

const PLAIN: Record<number, string> = {
  401: LET_IN,
  403: "the server refused it",
  413: "the file is larger than the server takes",
  507: "the disk is full; nothing is lost, free some space",
};

/** The server's own text says more than the code does, save for a missing key, a large file and a full disk. */
export function told(status: number, error: string): string {
  const plain = PLAIN[status];
  if (!plain) return error || `the server answered ${status}`;
  return status === 403 ? error || plain : plain;
}

/** The refusal of an answer that is not ok, from its JSON where it has one. */
export function refusal(status: number, body: unknown): string {
  const error = body && typeof body === "object" && "error" in body ? String(body.error) : "";
  return told(status, error);
}
