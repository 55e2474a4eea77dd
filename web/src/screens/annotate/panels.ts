/** The controls right of the image: targets, growing, display. Each `show` brings one in line with the session. */
import type { Target } from "../../api/types";
import { ACTIONS, hint, type Action } from "../../model/keys";
import { areaText, radiusText, scrText, trackText } from "../../model/words";
import { button, h } from "../../ui/dom";
import { ACTS } from "./actions";
import { readonly, select, selectedTarget, TOOLS, type Session } from "./session";

export interface Panel { element: HTMLElement; show(): void }

const press = (session: Session, action: Action): void => ACTS[action]?.(session);

/** A button that does what its key does and says so. */
export function keyButton(session: Session, action: Action, text: string, tip: string, extra: Record<string, string> = {}): HTMLButtonElement {
  const key = hint(session.app.preset, action);
  const disabled = readonly(session) && Boolean(ACTIONS[action].edits);
  return button(text, () => press(session, action), { title: `${tip} (${key})`, "aria-keyshortcuts": key, disabled, ...extra });
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
    undo.disabled = readonly(session) || !session.frame.can_undo;
    redo.disabled = readonly(session) || !session.frame.can_redo;
  };
  const element = h("div", { class: "tools", role: "toolbar", "aria-label": "Tools", "aria-orientation": "vertical" },
    ...tools, h("hr"), more, size, less, h("hr"), undo, redo);
  return { element, show };
}

/** Where it came from, in a few words. */
function origin(target: Target): string {
  const track = trackText(target);
  return [target.reason ? `${target.status}: ${target.reason}` : target.status, target.source, track && `track ${track}`].filter(Boolean).join(" · ");
}

function targetRow(session: Session, target: Target, index: number): HTMLElement {
  const text = `target ${index + 1}, ${areaText(target)}, contrast ${scrText(target)}, ${origin(target)}`;
  const row = button("", () => select(session, target.uuid), {
    class: "target", role: "option", "aria-selected": String(target.uuid === session.selected), "aria-label": text, title: text, "data-status": target.status,
  });
  row.append(h("i", { class: "dot" }), h("b", {}, String(index + 1)), h("span", {}, areaText(target)), h("span", {}, target.area ? `r ${radiusText(target)}` : ""),
    h("span", {}, target.scr === null ? "" : `SCR ${scrText(target)}`), h("small", {}, origin(target)));
  return row;
}

const emptyText = (session: Session): string => {
  if (session.frame.error) return "This frame cannot be read.";
  return readonly(session) ? "No target in this frame." : "Click a target in the full frame. No target here? Press Ctrl+Enter.";
};

export function targetPanel(session: Session): Panel {
  const list = h("div", { class: "targets", role: "listbox", "aria-label": "Targets of this frame" });
  const verdicts = [
    keyButton(session, "accept", "Accept", "Accept and next", { class: "good" }), keyButton(session, "reject", "Reject", "Reject, or open anew", { class: "bad" }),
    keyButton(session, "flag", "Flag", "Flag with a reason"), keyButton(session, "delete", "Delete", "Delete"),
  ];
  const again = keyButton(session, "regrow", "Grow a mask from the click", "Grow the mask from its clicks", { class: "wide" });
  const done = keyButton(session, "done", "Frame done", "Frame done, also without a target", { class: "wide" });
  const show = (): void => {
    const { targets, verdict } = session.frame;
    const chosen = selectedTarget(session);
    const empty = h("p", { class: "hint" }, emptyText(session));
    list.replaceChildren(...(targets.length ? targets.map((target, i) => targetRow(session, target, i)) : [empty]));
    list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
    again.hidden = !chosen || chosen.area > 0 || !chosen.seeds.length;
    done.textContent = verdict === "done" ? "Open the frame again" : targets.length ? "Frame done" : "No target here";
  };
  const tools = readonly(session) ? [h("p", { class: "hint" }, "Open for reading only")] : [again, h("div", { class: "verdicts" }, ...verdicts), done];
  return { element: h("section", { "aria-label": "Targets" }, h("h2", {}, "Targets"), list, ...tools), show };
}
