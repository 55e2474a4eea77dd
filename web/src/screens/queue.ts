/** The queue: what there is, how far it has come, where to go on. */
import type { App } from "../app";
import * as api from "../api/client";
import { FRAME_STATUSES, type Counts, type Sequence } from "../api/types";
import { button, grouped, h, plural } from "../ui/dom";
import { createFrameGrid } from "../ui/framegrid";
import { createShell } from "../ui/shell";
import { STATUS_COLOURS } from "../ui/timeline";
import { sequenceName } from "../model/words";
import { toast } from "../ui/toast";
import { frameAddress } from "../model/address";
import { exporter } from "./files";
import { numbers } from "./numbers";

function coloured(index: number, tag: "i" | "div", share?: number): HTMLElement {
  const made = h(tag, {});
  made.style.background = STATUS_COLOURS[index];
  if (share !== undefined) made.style.width = `${share * 100}%`;
  return made;
}

const ORDER = [2, 3, 5, 1, 4, 6, 0]; // finished first, then open, then untouched

function progress(counts: Counts): HTMLElement {
  const total = Math.max(1, Object.values(counts).reduce((sum, count) => sum + count, 0));
  const text = FRAME_STATUSES.map((status) => `${status} ${counts[status]}`).join(", ");
  return h("div", { class: "progress", role: "img", "aria-label": text, title: text }, ...ORDER.slice(0, -1).map((i) => coloured(i, "div", counts[FRAME_STATUSES[i]] / total)));
}

function legend(counts: Counts): HTMLElement {
  const shown = ORDER.filter((i) => FRAME_STATUSES[i] !== "missing" || counts.missing);
  return h("div", { class: "legend" }, ...shown.map((i) => h("span", {}, coloured(i, "i"), `${FRAME_STATUSES[i]} ${grouped(counts[FRAME_STATUSES[i]])}`)));
}

function hero(app: App): HTMLElement {
  const { project } = app;
  const resume = project.resume;
  const finished = project.counts.accepted + project.counts.fixed + project.counts.empty;
  const go = resume ? h("a", { class: "button primary", "data-link": true, href: frameAddress(resume.sequence, resume.index) }, app.project.readonly ? "Look at the frames" : resume.index || finished ? "Continue where I stopped" : "Start") : null;
  return h("div", { class: "hero" }, h("h1", {}, project.name), h("p", { class: "hint" }, `${grouped(finished)} of ${plural(project.frames, "frame")} done${project.readonly ? " · open for reading only" : ""}`), go);
}

function others({ project }: App): HTMLElement | null {
  if (!project.others.length) return null;
  return h("p", { class: "hint" }, project.others.map(({ user, sequence, index }) => `${user} is in ${sequenceName(sequence)}, frame ${index + 1}`).join(" · "));
}

function sequenceRow(sequence: Sequence, choose: () => void): HTMLButtonElement {
  const row = button("", choose, { class: "sequence", "aria-pressed": "false" });
  row.append(h("div", {}, h("b", {}, sequenceName(sequence.name)), h("span", {}, plural(sequence.frames, "frame"))), progress(sequence.counts));
  return row;
}

export function openQueue(app: App, root: HTMLElement): () => void {
  const shell = createShell(app);
  const rows = h("div", { class: "hero", role: "group", "aria-label": "Sequences" });
  const grid = createFrameGrid();
  const chosen = new Set<string>();
  let sequence = "";
  const filters = h("div", { class: "filters", role: "group", "aria-label": "Show frames that are" }, ...FRAME_STATUSES.map((status) => {
    const toggle = button(status, () => {
      if (!chosen.delete(status)) chosen.add(status);
      toggle.setAttribute("aria-pressed", String(chosen.has(status)));
      void grid.open(sequence, [...chosen]);
    }, { "aria-pressed": "false" });
    return toggle;
  }));
  const head = h("div", { class: "hero" });
  const figures = numbers();
  const left = h("section", { "aria-label": "Project" }, head, rows, figures.element);
  root.append(shell.bar, h("main", { class: "queue" }, left, h("section", { "aria-label": "Frames" }, filters, grid.element)));

  function choose(name: string): void {
    sequence = name;
    rows.querySelectorAll("button").forEach((row) => row.setAttribute("aria-pressed", String(row.dataset.name === name)));
    void grid.open(name, [...chosen]);
  }

  async function load(): Promise<void> {
    await app.outbox.flush();
    const [project, { sequences }] = await Promise.all([api.project(), api.sequences()]);
    app.project = project;
    head.replaceChildren(hero(app), progress(project.counts), legend(project.counts), exporter(app), ...[others(app)].filter((node) => node !== null));
    rows.replaceChildren(h("h2", {}, "Sequences"), ...sequences.map((one) => {
      const row = sequenceRow(one, () => choose(one.name));
      row.dataset.name = one.name;
      return row;
    }));
    const first = sequences.find(({ name }) => name === project.resume?.sequence) ?? sequences[0];
    if (first) choose(first.name);
    head.querySelector<HTMLElement>("a.primary")?.focus();
    await figures.load();
  }
  load().catch((error: Error) => toast(`The queue cannot be read: ${error.message}`, { kind: "warn", seconds: 20 }));
  return () => grid.close();
}
