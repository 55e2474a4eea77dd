/** The bar on top of every screen, with the save chip. */
import * as api from "../api/client";
import type { App } from "../app";
import type { SaveState, Status } from "../model/outbox";
import { button, h } from "./dom";
import { showCheatSheet } from "./cheatsheet";
import { askName } from "./name";
import { toast } from "./toast";

const SAYS: Record<SaveState, string> = { saved: "saved", unsaved: "unsaved", saving: "saving", offline: "offline", conflict: "conflict" };

function says({ state, waiting, reason }: Status): string {
  if (state === "offline") return `Offline: ${reason}. ${waiting} waiting here, nothing is lost.`;
  if (state === "conflict") return "Somebody else changed this frame. Press to compare.";
  return state === "saved" ? "Everything is saved" : `${waiting} on the way`;
}

/** The chip shows the state at once: no animation, no delay. */
export function saveChip(app: App): HTMLElement {
  const chip = button("saved", () => (app.outbox.conflict() ? app.go("/compare") : void app.outbox.flush()), { class: "chip", "data-chip": true });
  const show = (status: Status): void => {
    chip.dataset.state = status.state;
    chip.textContent = SAYS[status.state] + (status.waiting && status.state !== "saving" ? ` ${status.waiting}` : "");
    chip.title = says(status);
    chip.setAttribute("aria-label", `Save state: ${says(status)}`);
  };
  show(app.status);
  app.on("status", show);
  return chip;
}

/** Whose name is on the edits. Another one may be given. */
function userChip(app: App): HTMLElement {
  if (app.project.readonly) return h("span", { class: "user", title: "This project is open for reading only" }, "reading only");
  const chip = button("", () => askName(app.project.user, (name) => void rename(name)), { class: "user" });
  const show = (): void => {
    chip.textContent = app.project.user;
    chip.title = `Your edits carry the name ${app.project.user}. Press to change it`;
    chip.setAttribute("aria-label", chip.title);
  };
  async function rename(name: string): Promise<void> {
    try {
      app.project = { ...app.project, user: (await api.rename(name)).user };
      show();
    } catch (error) {
      toast(`The name stays as it is: ${(error as Error).message}`, { kind: "warn" });
    }
  }
  show();
  return chip;
}

export interface Shell { bar: HTMLElement; middle: HTMLElement; right: HTMLElement }

const TABS = [["/", "Queue"], ["/review", "Review"]] as const;

export function createShell(app: App): Shell {
  const middle = h("div", { class: "bar-middle" });
  const right = h("div", { class: "bar-right" });
  const help = button("?", () => showCheatSheet(app.preset, app.setPreset), { class: "icon", title: "Keys (? or F1)", "aria-label": "Show the keys" });
  const tabs = TABS.map(([path, text]) => h("a", {
    href: path, class: "tab", "data-link": true, "aria-current": location.pathname === path ? "page" : null,
  }, text));
  const brand = h("a", { href: "/", class: "brand", "data-link": true, "aria-label": "Glimt, to the queue" }, "glimt");
  const bar = h("header", { class: "bar" }, brand, h("nav", { "aria-label": "Screens" }, ...tabs), middle, right,
    userChip(app), saveChip(app), help);
  return { bar, middle, right };
}
