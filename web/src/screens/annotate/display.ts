/** The controls of what the picture looks like: window, gamma, local contrast, palette. */
import { PALETTES } from "../../gl/palettes";
import { ENHANCES, type Enhance } from "../../model/frames";
import { hint, type Action } from "../../model/keys";
import { h } from "../../ui/dom";
import { createHistogram } from "../../ui/histogram";
import { setEnhance } from "./navigate";
import { keyButton, type Panel } from "./panels";
import { look, type Session } from "./session";

/** What a local contrast is called. */
export const CONTRASTS: Record<Enhance, string> = { none: "plain", local: "local contrast", clahe: "CLAHE" };

/** A select with its name before it and its key in the tooltip. */
function choice<T extends string>(session: Session, action: Action, label: string, names: readonly T[], texts: (name: T) => string, chosen: (name: T) => void): { row: HTMLElement; field: HTMLSelectElement } {
  const field = h("select", {
    "aria-label": label, title: `${label} (${hint(session.app.preset, action)})`,
    onchange: () => chosen(names.find((name) => name === field.value) ?? names[0]),
  }, ...names.map((name) => h("option", { value: name }, texts(name))));
  return { row: h("label", { class: "slider two" }, h("span", {}, label), field), field };
}

function gammaSlider(session: Session): { row: HTMLElement; show: (gamma: number) => void } {
  const value = h("output", {});
  const field = h("input", {
    type: "range", min: -1, max: 1, step: 0.05, value: 0, "aria-label": "Gamma", title: "Gamma",
    oninput: () => {
      look(session).gamma = 2 ** -Number(field.value);
      session.changed();
    },
  });
  const show = (gamma: number): void => {
    field.value = String(-Math.log2(gamma));
    value.textContent = gamma.toFixed(2);
  };
  return { row: h("label", { class: "slider" }, h("span", {}, "Gamma"), field, value), show };
}

export function displayPanel(session: Session): Panel {
  const levels = createHistogram((window) => {
    Object.assign(look(session), window);
    session.changed();
  });
  const gamma = gammaSlider(session);
  const contrast = choice(session, "contrast", "Local contrast", ENHANCES, (name) => (name === "clahe" ? CONTRASTS.clahe : name), (name) => void setEnhance(session, name));
  const palette = choice(session, "palette", "Palette", PALETTES, (name) => name, (name) => {
    look(session).palette = name;
    session.changed();
  });
  const auto = keyButton(session, "window", "Auto window", "Automatic window, 1 % to 99.9 %");
  const lock = keyButton(session, "lock", "Lock place", "Keep the place across frames");
  const show = (): void => {
    const own = look(session);
    levels.show(session.shown.pixels, own);
    gamma.show(own.gamma);
    [contrast.field.value, palette.field.value] = [session.enhance, own.palette];
    lock.setAttribute("aria-pressed", String(session.lock));
  };
  const element = h("section", { "aria-label": "Display" }, h("h2", {}, "Display"), levels.element, gamma.row, contrast.row, palette.row,
    h("div", { class: "pair" }, auto, lock));
  return { element, show };
}
