/** What the server and the page say to each other. Places are (row, col); a mask is cropped to its box. */
export interface Place { row: number; col: number }

/** COCO's uncompressed run lengths of the crop: down each column, zeros first. An empty mask has height 0. */
export interface Mask { top: number; left: number; height: number; width: number; counts: number[] }

export type TargetStatus = "candidate" | "accepted" | "fixed" | "flagged" | "rejected";
export type FrameStatus = "todo" | "candidate" | "accepted" | "fixed" | "flagged" | "empty";
/** Order of the digits in the status string of a sequence. */
export const FRAME_STATUSES: readonly FrameStatus[] = ["todo", "candidate", "accepted", "fixed", "flagged", "empty"];

export type Params = Record<string, number | string>;

export interface Target extends Place {
  uuid: string;
  mask: Mask;
  area: number;
  radius: number;
  scr: number;
  seeds: Place[];
  negatives: Place[];
  generator: string | null;
  params: Params;
  source: string;
  status: TargetStatus;
  track: number | null;
}

export interface Lease { user: string; mine: boolean; until: string }

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
  error: string | null;
  targets: Target[];
  neighbours: Record<string, number | null>;
  can_undo: boolean;
  can_redo: boolean;
  lease: Lease | null;
}

export interface Param { name: string; label: string; min: number; max: number; step: number; default: number }
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
export interface FrameRow { id: number; index: number; status: FrameStatus; targets: number; error: string | null }
export interface FramePage { total: number; status: string; frames: FrameRow[]; next: number | null }

export interface CandidateRequest { seeds: Place[]; negatives: Place[]; generator: string; params: Params }
export interface Candidate extends Place {
  mask: Mask;
  area: number;
  radius: number;
  scr: number;
  energy: number[];
  generator: string;
  params: Params;
  milliseconds: number;
}

export interface Job<Result> {
  id: string;
  kind: string;
  state: "waiting" | "running" | "done" | "failed";
  done: number;
  total: number;
  error: string | null;
  result: Result | null;
}
export interface Propagated { frame: number; made: string[]; stopped: { uuid: string; scr: number }[] }
export interface QueueItem { frame: number; sequence: string; index: number; target: string | null; doubt?: number; why?: string }
export interface QueuePage { left: number; items: QueueItem[] }

/** Answer to every write. `frame` comes with undo and redo, `current` with 412. */
export interface WriteAnswer { rev: number; frame_status: FrameStatus; target?: Target; frame?: Frame; changed?: string | null }
