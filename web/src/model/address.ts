/** Addresses of frames: `/s/{sequence}/{index}`, the sequence percent-encoded and possibly empty.

Browsers drop the segments `.` and `..` (encoded ones too), and a folder's own frames are the sequence `.`: such a name goes behind a `~`,
and so does a name that begins with one. */
const MARKED = /^(~|\.\.?$)/;

export const frameAddress = (sequence: string, index: number): string =>
  `/s/${MARKED.test(sequence) ? "~" : ""}${encodeURIComponent(sequence)}/${index}`;

/** The frame that an address names; null where it names none. */
export function frameAt(pathname: string): { sequence: string; index: number } | null {
  const found = /^\/s\/~?([^/]*)\/(\d+)$/.exec(pathname);
  return found && { sequence: decodeURIComponent(found[1]), index: Number(found[2]) };
}
