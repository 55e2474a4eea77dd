/** The controls right of the image: targets, growing, display. Each `show` brings one in line with the session. */
import type { Generator, Target } from "../../api/types";
import { PALETTES } from "../../gl/palettes";
import { hint, type Action } from "../../model/keys";
import { button, h } from "../../ui/dom";
import { createHistogram } from "../../ui/histogram";
import { ACTS } from "./actions";
import { regrow } from "./edit";
import { look, select, TOOLS, type Session } from "./session";

export interface Panel { element: HTMLElement; show(): void }

const press = (session: Session, action: Action): void => ACTS[action]?.(session);

/** A button that does what its key does and says so. */
function keyButton(session: Session, action: Action, text: string, tip: string, extra: Record<string, string> = {}): HTMLButtonElement {
  const key = hint(session.app.preset, action);
  return button(text, () => press(session, action), { title: `${tip} (${key})`, "aria-keyshortcuts": key, ...extra });
}

const TOOL_TIPS: Record<string, [string, string]> = {
  seed: ["✛", "Seed: a click grows a mask"], brush: ["▪", "Brush: paint pixels"], erase: ["▫", "Eraser: clear pixels"],
  fill: ["◉", "Fill a hole of the mask"], move: ["✥", "Move a target by whole pixels"],
};

export function toolbar(session: Session): Panel {
  const tools = TOOLS.map((tool) => keyButton(session, tool, TOOL_TIPS[tool][0], TOOL_TIPS[tool][1], { class: "icon", "aria-label": TOOL_TIPS[tool][1] }));
  const size = h("output", { "aria-label": "Brush size", title: "Brush size in pixels" });
  const less = keyButton(session, "brushSmaller", "−", "Brush smaller", { class: "icon small", "aria-label": "Brush smaller" });
  const more = keyButton(session, "brushLarger", "+", "Brush larger", { class: "icon small", "aria-label": "Brush larger" });
  const undo = keyButton(session, "undo", "↶", "Undo", { class: "icon", "aria-label": "Undo" });
  const redo = keyButton(session, "redo", "↷", "Redo", { class: "icon", "aria-label": "Redo" });
  const show = (): void => {
    tools.forEach((tool, i) => tool.setAttribute("aria-pressed", String(TOOLS[i] === session.tool)));
    size.textContent = `${session.brush} px`;
    undo.disabled = !session.frame.can_undo;
    redo.disabled = !session.frame.can_redo;
  };
  const element = h("div", { class: "tools", role: "toolbar", "aria-label": "Tools", "aria-orientation": "vertical" },
    ...tools, h("hr"), more, size, less, h("hr"), undo, redo);
  return { element, show };
}

function targetRow(session: Session, target: Target, index: number): HTMLElement {
  const text = `target ${index + 1}, ${target.status}, ${target.area} pixels, contrast ${target.scr.toFixed(1)}`;
  const row = button("", () => select(session, target.uuid), {
    class: "target", role: "option", "aria-selected": String(target.uuid === session.selected), "aria-label": text, title: text, "data-status": target.status,
  });
  const track = target.track === null ? target.source : `${target.source} · track ${target.track}`;
  row.append(h("i", { class: "dot" }), h("b", {}, String(index + 1)), h("span", {}, `${target.area} px`), h("span", {}, `r ${target.radius.toFixed(1)}`),
    h("span", {}, target.scr ? `SCR ${target.scr.toFixed(1)}` : "–"), h("small", {}, `${target.status} · ${track}`));
  return row;
}

export function targetPanel(session: Session): Panel {
  const list = h("div", { class: "targets", role: "listbox", "aria-label": "Targets of this frame" });
  const verdicts = [
    keyButton(session, "accept", "Accept", "Accept and next", { class: "good" }), keyButton(session, "reject", "Reject", "Reject", { class: "bad" }),
    keyButton(session, "flag", "Flag", "Flag with a reason"), keyButton(session, "delete", "Delete", "Delete"),
  ];
  const done = keyButton(session, "done", "Frame done", "Frame done, also without a target", { class: "wide" });
  const show = (): void => {
    const { targets } = session.frame;
    const empty = h("p", { class: "hint" }, "Click a target in the full frame. No target here? Press Ctrl+Enter.");
    list.replaceChildren(...(targets.length ? targets.map((target, i) => targetRow(session, target, i)) : [empty]));
    list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
    done.textContent = targets.length ? "Frame done" : "No target here";
  };
  const element = h("section", { "aria-label": "Targets" }, h("h2", {}, "Targets"), list, h("div", { class: "verdicts" }, ...verdicts), done);
  return { element, show };
}

function slider(session: Session, generator: Generator, index: number): HTMLElement {
  const param = generator.params[index];
  const own = session.params[generator.name];
  const value = h("output", {}, String(own[param.name]));
  const keys = param.name === generator.support ? ` (${hint(session.app.preset, "supportLess")} and ${hint(session.app.preset, "supportMore")})` : "";
  const input = h("input", {
    type: "range", min: param.min, max: param.max, step: param.step, value: own[param.name], "aria-label": param.label, title: param.label + keys,
    oninput: (event: Event) => {
      own[param.name] = Number((event.target as HTMLInputElement).value);
      value.textContent = String(own[param.name]);
    },
    onchange: () => regrow(session),
  });
  return h("label", { class: "slider" }, h("span", {}, param.label), input, value);
}

/** How the share of grown pixels falls with the level, as a line. */
function curve(energy: number[]): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  const top = Math.max(...energy, 1e-9);
  path.setAttribute("points", energy.map((value, i) => `${(i / Math.max(1, energy.length - 1)) * 100},${30 - (value / top) * 28}`).join(" "));
  svg.setAttribute("viewBox", "0 0 100 32");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("class", "curve");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "Energy curve of the last mask");
  svg.append(path);
  return svg;
}

export function growPanel(session: Session): Panel {
  const choice = h("select", {
    "aria-label": "Generator", title: `Generator (${hint(session.app.preset, "generator")})`,
    onchange: (event: Event) => {
      session.generator = (event.target as HTMLSelectElement).value;
      regrow(session);
    },
  }, ...session.app.project.generators.map(({ name, label }) => h("option", { value: name }, label)));
  const inner = h("div", {});
  const buttons = [keyButton(session, "propagateBack", "◂ Carry", "Carry to the previous frame"), keyButton(session, "repeat", "Repeat", "Repeat the previous frame's targets"),
    keyButton(session, "propagate", "Carry ▸", "Carry to the next frame; hold the key to go on")];
  let drawn = "";
  const show = (): void => {
    const now = JSON.stringify([session.generator, session.params, session.energy]);
    if (now === drawn) return; // a slider under the hand must not be made anew
    drawn = now;
    choice.value = session.generator;
    const generator = session.app.project.generators.find(({ name }) => name === session.generator);
    inner.replaceChildren(...(generator?.params.map((_, i) => slider(session, generator, i)) ?? []), ...(session.energy.length ? [curve(session.energy)] : []));
  };
  const element = h("section", { "aria-label": "Growing" }, h("h2", {}, "Grow"), choice, inner, h("div", { class: "verdicts three" }, ...buttons));
  return { element, show };
}

export function displayPanel(session: Session): Panel {
  const levels = createHistogram((window) => {
    Object.assign(look(session), window);
    session.changed();
  });
  const contrast = keyButton(session, "contrast", "Local contrast", "Local contrast");
  const auto = keyButton(session, "window", "Auto", "Automatic window, 1 % to 99.9 %");
  const lock = keyButton(session, "lock", "Lock place", "Keep the place across frames");
  const palettes = h("select", {
    "aria-label": "Palette", title: `Palette (${hint(session.app.preset, "palette")})`,
    onchange: (event: Event) => {
      look(session).palette = PALETTES.find((name) => name === (event.target as HTMLSelectElement).value) ?? "grey";
      session.changed();
    },
  }, ...PALETTES.map((name) => h("option", { value: name }, name)));
  const gamma = h("input", {
    type: "range", min: -1, max: 1, step: 0.05, value: 0, "aria-label": "Gamma", title: "Gamma",
    oninput: (event: Event) => {
      look(session).gamma = 2 ** -Number((event.target as HTMLInputElement).value);
      session.changed();
    },
  });
  const gammaValue = h("output", {});
  const show = (): void => {
    const own = look(session);
    levels.show(session.shown.pixels, own);
    palettes.value = own.palette;
    gammaValue.textContent = own.gamma.toFixed(2);
    contrast.setAttribute("aria-pressed", String(session.enhance === "clahe"));
    lock.setAttribute("aria-pressed", String(session.lock));
  };
  const element = h("section", { "aria-label": "Display" }, h("h2", {}, "Display"), levels.element,
    h("label", { class: "slider" }, h("span", {}, "Gamma"), gamma, gammaValue),
    h("div", { class: "verdicts three" }, contrast, auto, lock), palettes);
  return { element, show };
}
