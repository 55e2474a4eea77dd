/** A small histogram in CSS bars, told in words to those who cannot see it. */
import type { Bins } from "../api/types";
import { binEnds, binName, binText } from "../model/words";
import { grouped, h } from "./dom";

function bar(bins: Bins, i: number, most: number): HTMLElement {
  const made = h("i", { title: `${binName(bins, i)}: ${grouped(bins.counts[i])}` });
  made.style.height = `${(bins.counts[i] / most) * 100}%`;
  return made;
}

export function bars(title: string, bins: Bins): HTMLElement {
  const most = Math.max(1, ...bins.counts);
  const picture = h("div", { class: "bars", role: "img", "aria-label": `${title}. ${binText(bins)}` }, ...bins.counts.map((_, i) => bar(bins, i, most)));
  const ends = (binEnds(bins) ?? []).map((text) => h("span", {}, text));
  return h("figure", {}, h("figcaption", {}, title), picture, h("div", { class: "ends", "aria-hidden": "true" }, ...ends));
}
