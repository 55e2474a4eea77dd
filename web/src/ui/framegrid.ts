/** Thumbnails of a sequence: only those in sight exist, whatever the number of frames. */
import * as api from "../api/client";
import { FRAME_STATUSES, type FrameRow } from "../api/types";
import { frameAddress } from "../screens/annotate/navigate";
import { h, plural } from "./dom";
import { STATUS_COLOURS } from "./timeline";
import { toast } from "./toast";

export interface FrameGrid { element: HTMLElement; open(sequence: string, statuses: string[]): Promise<void>; close(): void }

const PAGE = 1000;

/** Rows of the grid that are in sight, one more on each side. */
export function inSight(top: number, height: number, rowHeight: number, columns: number, count: number): { first: number; end: number } {
  const first = Math.max(0, Math.floor(top / rowHeight) - 1) * columns;
  const end = Math.min(count, (Math.ceil((top + height) / rowHeight) + 1) * columns);
  return { first: Math.min(first, count), end };
}

function card(sequence: string, row: FrameRow): HTMLAnchorElement {
  const text = `Frame ${row.index + 1}, ${row.status}, ${plural(row.targets, "target")}${row.error ? ", cannot be read" : ""}`;
  const picture = row.error
    ? h("div", { class: "none", title: row.error }, "cannot be read")
    : h("img", { src: api.thumbnail(row.id), alt: "", loading: "lazy", decoding: "async" });
  const foot = h("footer", {}, h("span", {}, String(row.index + 1)), h("small", {}, row.targets ? plural(row.targets, "target") : row.status));
  foot.style.borderTopColor = STATUS_COLOURS[FRAME_STATUSES.indexOf(row.status)];
  return h("a", { class: "thumb", href: frameAddress(sequence, row.index), "data-link": true, "aria-label": text, title: text }, picture, foot);
}

async function load(sequence: string, statuses: string[], grown: (rows: FrameRow[]) => boolean): Promise<void> {
  for (let after: number | undefined; ;) {
    const page = await api.framePage(sequence, { status: statuses.join(","), after, limit: PAGE });
    if (!grown(page.frames) || page.next === null) return;
    after = page.next;
  }
}

export function createFrameGrid(): FrameGrid {
  const space = h("div", {});
  const element = h("div", { class: "grid-scroll", tabindex: 0, role: "region", "aria-label": "Frames" }, space);
  const made = new Map<number, HTMLElement>();
  let rows: FrameRow[] = [];
  let [sequence, turn] = ["", 0];

  function layout(): void {
    const unit = Number.parseFloat(getComputedStyle(element).fontSize);
    const columns = Math.max(1, Math.floor(element.clientWidth / (13 * unit)));
    const [width, height] = [element.clientWidth / columns, 11.5 * unit];
    space.style.height = `${Math.ceil(rows.length / columns) * height}px`;
    const { first, end } = inSight(element.scrollTop, element.clientHeight, height, columns, rows.length);
    for (const [at, old] of made) if (at < first || at >= end) made.delete(at) && old.remove();
    for (let at = first; at < end; at++) {
      const shown = made.get(at) ?? card(sequence, rows[at]);
      if (!made.has(at)) element.append(shown);
      made.set(at, shown);
      const [x, y] = [(at % columns) * width, Math.floor(at / columns) * height];
      Object.assign(shown.style, { left: `${x}px`, top: `${y}px`, width: `${width - 8}px`, height: `${height - 8}px` });
    }
  }

  element.addEventListener("scroll", layout, { passive: true });
  const watch = new ResizeObserver(layout);
  watch.observe(element);
  return {
    element,
    async open(name, statuses) {
      const own = ++turn;
      for (const old of made.values()) old.remove();
      made.clear();
      [rows, sequence, element.scrollTop] = [[], name, 0];
      await load(name, statuses, (more) => {
        if (own !== turn) return false;
        rows = rows.concat(more);
        layout();
        return true;
      }).catch((error: Error) => toast(`Frames cannot be listed: ${error.message}`, { kind: "warn" }));
    },
    close: () => watch.disconnect(),
  };
}
