/** What the server and the page say to each other. Places are (row, col); a mask is cropped to its box. */
export interface Place { row: number; col: number }

/** COCO's uncompressed run lengths of the crop: down each column, zeros first. An empty mask has height 0. */
export interface Mask { top: number; left: number; height: number; width: number; counts: number[] }

export type TargetStatus = "candidate" | "accepted" | "fixed" | "flagged" | "rejected";
export type FrameStatus = "todo" | "candidate" | "accepted" | "fixed" | "flagged" | "empty" | "missing";
/** Order of the digits in the status string of a sequence. */
export const FRAME_STATUSES: readonly FrameStatus[] = ["todo", "candidate", "accepted", "fixed", "flagged", "empty", "missing"];
/** What a person said of a whole frame. */
export type Verdict = "done" | "flagged";

export type Params = Record<string, number | string>;

/** Null where it is not known, as for a click without a mask. */
interface Figures extends Place {
  mask: Mask;
  area: number;
  radius: number | null;
  scr: number | null;
  rho: number | null;
  quality: number | null;
  doubt: number;
}

export interface Target extends Figures {
  uuid: string;
  seeds: Place[];
  negatives: Place[];
  generator: string | null;
  params: Params;
  source: string;
  status: TargetStatus;
  reason: string;
  track: string;
  by: string;
  at: string;
}

/** `until` is in seconds since 1970. */
export interface Lease { user: string; mine: boolean; until: number }

export interface Frame {
  id: number;
  sequence: string;
  index: number;
  name: string;
  frames: number;
  height: number;
  width: number;
  bits: number;
  rev: number;
  status: FrameStatus;
  verdict: Verdict | null;
  reason: string;
  error: string | null;
  targets: Target[];
  neighbours: Record<string, number | null>;
  can_undo: boolean;
  can_redo: boolean;
  lease: Lease | null;
}

export interface Range { name: string; label: string; min: number; max: number; step: number; default: number }
export interface Choice { name: string; label: string; choices: string[]; default: string }
export type Param = Range | Choice;
/** `support` names the parameter that the keys , and . change. */
export interface Generator { name: string; label: string; support: string | null; params: Param[] }
export type Counts = Record<FrameStatus, number>;

export interface Project {
  name: string;
  user: string;
  readonly: boolean;
  generators: Generator[];
  flag_reasons: string[];
  counts: Counts;
  frames: number;
  resume: { sequence: string; index: number } | null;
  others: { user: string; sequence: string; index: number }[];
  export_formats: string[];
}

export interface Sequence { name: string; frames: number; counts: Counts; first: number }
export interface FrameRow { id: number; index: number; status: FrameStatus; targets: number }
export interface FramePage { total: number; status: string; frames: FrameRow[]; next: number | null }

/** `uuid` is the target the mask is for, where it is there already. */
export interface CandidateRequest { seeds: Place[]; negatives: Place[]; generator: string; params: Params; uuid?: string }
export interface Candidate extends Figures {
  generator: string;
  params: Params;
  milliseconds: number;
}

export interface Job<Result> {
  id: string;
  kind: string;
  state: "running" | "done" | "failed";
  error: string | null;
  result: Result | null;
}
/** `frame` is null where there is none that way. */
export interface Carried { frame: number | null; made: string[]; stopped: { uuid: string; why: string; scr: number | null; match: number | null }[] }
export interface Imported { frames: number; targets: number; kept: number }
export interface QueueItem { frame: number; sequence: string; index: number; target: string | null; doubt: number; why: string }
export interface QueuePage { left: number; items: QueueItem[] }

/** One more edge than counts. */
export interface Bins { edges: number[]; counts: number[] }
export interface Stats {
  targets: Record<string, number>;
  by_hand: number;
  area: Bins;
  scr: Bins;
  users: { user: string; edits: number }[];
}

/** Answer to every write. `frame` comes with undo, redo and a frame's verdict. */
export interface WriteAnswer { rev: number; frame_status: FrameStatus; target?: Target; frame?: Frame; changed?: string | null }
