/** Thumbnails of a sequence: only those in sight exist and are asked for, whatever the number of frames. */
import * as api from "../api/client";
import { FRAME_STATUSES, type FramePage, type FrameRow } from "../api/types";
import { inSight, matching, stepped, type Span } from "../model/window";
import { frameAddress } from "../model/address";
import { h, plural } from "./dom";
import { STATUS_COLOURS } from "./timeline";
import { toast } from "./toast";

export interface FrameGrid { element: HTMLElement; open(sequence: string, statuses: string[]): Promise<void>; close(): void }

const PAGE = 200;
const SETTLE = 80; // milliseconds without scrolling before anything is asked for

const unread = (row: FrameRow): HTMLElement => h("div", { class: "none" }, row.status === "missing" ? "missing" : "cannot be read");

function picture(row: FrameRow): HTMLElement {
  if (row.status === "missing") return unread(row);
  return h("img", { src: api.thumbnail(row.id), alt: "", decoding: "async", onerror: (event: Event) => (event.target as HTMLElement).replaceWith(unread(row)) });
}

function describe(card: HTMLElement, row: FrameRow): void {
  const text = `Frame ${row.index + 1}, ${row.status}, ${plural(row.targets, "target")}`;
  card.setAttribute("aria-label", text);
  card.title = text;
  const foot = h("footer", {}, h("span", {}, String(row.index + 1)), h("small", {}, row.targets ? plural(row.targets, "target") : row.status));
  foot.style.borderTopColor = STATUS_COLOURS[FRAME_STATUSES.indexOf(row.status)];
  card.replaceChildren(picture(row), foot);
}

interface Grid { sequence: string; statuses: string[]; status: string; indices: number[]; rows: Map<number, FrameRow>; pages: Set<number>; at: number }

const nothing = (): Grid => ({ sequence: "", statuses: [], status: "", indices: [], rows: new Map(), pages: new Set(), at: 0 });

function keep(grid: Grid, page: FramePage): void {
  for (const row of page.frames) grid.rows.set(row.index, row);
}

/** Asks for one page of rows around a place of the list, if it is not here yet. */
async function fetchPage(grid: Grid, page: number): Promise<void> {
  if (grid.pages.has(page)) return;
  grid.pages.add(page);
  const before = grid.indices[page * PAGE] - 1;
  try {
    keep(grid, await api.framePage(grid.sequence, { status: grid.statuses.join(","), after: before < 0 ? undefined : before, limit: PAGE }));
  } catch (error) {
    grid.pages.delete(page);
    toast(`Frames cannot be listed: ${(error as Error).message}`, { kind: "warn" });
  }
}

/** Everything but the elements: what the grid holds now. */
async function listed(sequence: string, statuses: string[]): Promise<Grid> {
  const page = await api.framePage(sequence, { status: statuses.join(","), limit: PAGE });
  const grid: Grid = { ...nothing(), sequence, statuses, status: page.status, indices: matching(page.status, statuses), pages: new Set([0]) };
  keep(grid, page);
  return grid;
}

export function createFrameGrid(): FrameGrid {
  const space = h("div", {});
  const element = h("div", { class: "grid-scroll", role: "group", "aria-label": "Frames: arrow keys move, Enter opens" }, space);
  const made = new Map<number, HTMLAnchorElement>();
  let grid = nothing();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function sizes(): { columns: number; width: number; height: number } {
    const unit = Number.parseFloat(getComputedStyle(element).fontSize);
    const columns = Math.max(1, Math.floor(element.clientWidth / (13 * unit)));
    return { columns, width: element.clientWidth / columns, height: 11.5 * unit };
  }

  function sight(): Span {
    const { columns, height } = sizes();
    return inSight(element.scrollTop, element.clientHeight, height, columns, grid.indices.length);
  }

  function drop({ first, end }: Span): void {
    for (const [at, old] of made) {
      if ((at >= first && at < end) || old === document.activeElement) continue;
      old.querySelector("img")?.removeAttribute("src"); // ends a request that nobody waits for any more
      old.remove();
      made.delete(at);
    }
  }

  function card(at: number): HTMLAnchorElement {
    const known = made.get(at);
    if (known) return known;
    const index = grid.indices[at];
    const fresh = h("a", { class: "thumb", href: frameAddress(grid.sequence, index), "data-link": true, "aria-label": `Frame ${index + 1}` });
    made.set(at, fresh);
    element.append(fresh);
    return fresh;
  }

  function layout(): void {
    const { columns, width, height } = sizes();
    space.style.height = `${Math.ceil(grid.indices.length / columns) * height}px`;
    const span = sight();
    drop(span);
    for (let at = span.first; at < span.end; at++) {
      const shown = card(at);
      shown.tabIndex = at === grid.at ? 0 : -1;
      const [x, y] = [(at % columns) * width, Math.floor(at / columns) * height];
      Object.assign(shown.style, { left: `${x}px`, top: `${y}px`, width: `${width - 8}px`, height: `${height - 8}px` });
    }
    if (!made.has(grid.at)) made.get(span.first)?.setAttribute("tabindex", "0");
    clearTimeout(timer);
    timer = setTimeout(() => void fill(), SETTLE);
  }

  /** Rows and pictures of what is in sight, once the scrolling rests. */
  async function fill(): Promise<void> {
    const own = grid;
    const { first, end } = sight();
    for (let page = Math.floor(first / PAGE); page * PAGE < end; page++) await fetchPage(own, page);
    if (own !== grid) return;
    for (const [at, shown] of made) {
      const row = grid.rows.get(grid.indices[at]);
      if (row && !shown.childElementCount) describe(shown, row);
    }
  }

  function moveTo(at: number): void {
    const { columns, height } = sizes();
    const top = Math.floor(at / columns) * height;
    grid.at = at;
    if (top < element.scrollTop) element.scrollTop = top;
    if (top + height > element.scrollTop + element.clientHeight) element.scrollTop = top + height - element.clientHeight;
    layout();
    made.get(at)?.focus({ preventScroll: true });
  }

  element.addEventListener("scroll", layout, { passive: true });
  element.addEventListener("focusin", (event) => {
    for (const [at, one] of made) if (one === event.target) grid.at = at;
  });
  element.addEventListener("keydown", (event) => {
    const to = stepped(event.key, grid.at, sizes().columns, grid.indices.length);
    if (to === null || !grid.indices.length) return;
    event.preventDefault();
    moveTo(to);
  });
  const watch = new ResizeObserver(layout);
  watch.observe(element);
  let turn = 0;
  return {
    element,
    async open(name, statuses) {
      const own = ++turn;
      const found = await listed(name, statuses).catch((error: Error) => void toast(`Frames cannot be listed: ${error.message}`, { kind: "warn" }));
      if (own !== turn || !found) return;
      made.forEach((old) => old.remove());
      made.clear();
      grid = found;
      element.scrollTop = 0;
      layout();
    },
    close: () => {
      clearTimeout(timer);
      watch.disconnect();
    },
  };
}
