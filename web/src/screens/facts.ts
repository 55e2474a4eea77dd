/** What is known of the target under review. */
import type { QueueItem, Target } from "../api/types";
import type { Labels } from "../gl/renderer";
import { areaText, radiusText, scrText, sequenceName, trackText } from "../model/words";
import { h } from "../ui/dom";
import type { Shown } from "../ui/viewer";

export interface Now { item: QueueItem; shown: Shown; target: Target; labels: Labels }

export function facts({ item, target, shown }: Now): HTMLElement {
  const rows: [string, string][] = [
    ["Frame", `${sequenceName(item.sequence)} ${item.index + 1} / ${shown.frame.frames}`], ["Doubt", item.doubt.toFixed(2)],
    ["Area", areaText(target)], ["Radius", radiusText(target)], ["SCR", scrText(target)], ["Source", target.source], ["Track", trackText(target) || "–"],
  ];
  return h("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}
