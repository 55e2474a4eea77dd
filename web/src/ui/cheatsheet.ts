/** The list of keys, from the same keymap that the keys are read from. */
import { ACTIONS, bindings, pretty, PRESETS, type Action, type Preset } from "../model/keys";
import { button, h } from "./dom";

const MOUSE = [
  ["Click in the full frame", "Grow a mask here, or select the target"],
  ["Drag in the full frame", "Move the detail view"],
  ["Shift + click", "Add a seed to the same target"],
  ["Ctrl + click", "Never grow here"],
  ["Drag in the detail", "Brush"],
  ["Alt + drag, right drag in the detail", "Erase"],
  ["Right drag in the full frame", "Window and level"],
  ["Wheel", "Zoom the detail at the cursor"],
];

const keycaps = (chords: string[]): HTMLElement =>
  h("dt", {}, ...chords.flatMap((chord, i) => [i ? " " : null, h("kbd", {}, pretty(chord))]));

function group(name: string, preset: Preset): HTMLElement {
  const rows = [...bindings(preset)].filter(([action]) => ACTIONS[action].group === name);
  return h("section", {}, h("h3", {}, name), h("dl", {}, ...rows.flatMap(([action, chords]) => [keycaps(chords), h("dd", {}, ACTIONS[action as Action].text)])));
}

export function showCheatSheet(preset: Preset, choose: (preset: Preset) => void): void {
  const groups = [...new Set(Object.values(ACTIONS).map((action) => action.group))];
  const close = button("Close", () => sheet.close());
  const presets = PRESETS.map((name) => button(name, () => {
    choose(name);
    sheet.close();
    showCheatSheet(name, choose);
  }, { "aria-pressed": String(name === preset) }));
  const mouse = h("section", {}, h("h3", {}, "Mouse"), h("dl", { class: "mouse" }, ...MOUSE.flatMap(([what, does]) => [h("dt", {}, what), h("dd", {}, does)])));
  const sheet = h("dialog", { class: "sheet", "aria-labelledby": "sheet-title", onclose: () => sheet.remove() },
    h("header", {}, h("h2", { id: "sheet-title" }, "Keys"), h("div", { class: "segments", role: "group", "aria-label": "Key preset" }, ...presets), close),
    h("div", { class: "columns" }, ...groups.map((name) => group(name, preset)), mouse));
  document.body.append(sheet);
  sheet.showModal();
  close.focus();
}
