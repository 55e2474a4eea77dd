/** The project in numbers: targets by status, their sizes and contrasts, and who has done what. */
import * as api from "../api/client";
import type { Stats } from "../api/types";
import { bars } from "../ui/bars";
import { grouped, h, plural } from "../ui/dom";

function facts({ targets, by_hand: byHand }: Stats): HTMLElement {
  const rows: [string, number][] = [...Object.entries(targets), ["drawn by hand", byHand]];
  return h("dl", { class: "facts" }, ...rows.flatMap(([name, count]) => [h("dt", {}, name), h("dd", {}, grouped(count))]));
}

function people({ users }: Stats): HTMLElement {
  const rows = users.map(({ user, edits }) => h("li", {}, h("span", {}, user), h("span", {}, plural(edits, "edit"))));
  return h("ul", { class: "people", "aria-label": "Edits of each person" }, ...rows);
}

function filled(stats: Stats): HTMLElement[] {
  const pair = h("div", { class: "pair" }, bars("Area, pixels", stats.area), bars("Contrast, SCR", stats.scr));
  return [facts(stats), pair, people(stats)];
}

/** Fills itself; a server that cannot tell leaves a line that says so. */
export function numbers(): { element: HTMLElement; load(): Promise<void> } {
  const body = h("div", { class: "numbers" });
  const element = h("details", { class: "numbers-box", open: true }, h("summary", {}, "Numbers"), body);
  async function load(): Promise<void> {
    const made = await api.stats().then(filled).catch((error: Error) => [h("p", { class: "hint" }, `No numbers: ${error.message}`)]);
    body.replaceChildren(...made);
  }
  return { element, load };
}
