/** Asks for another name. */
import { button, h } from "./dom";

const LONGEST = 60;
const LETTERS = "[\\w .@\\-]+"; // what the server takes

export function askName(now: string, chosen: (name: string) => void): void {
  const field = h("input", { type: "text", value: now, maxlength: LONGEST, pattern: LETTERS, title: "Letters, digits, spaces and . @ - _", required: true, autocomplete: "off", spellcheck: "false", "aria-label": "Your name" });
  const save = h("button", { type: "submit", class: "primary" }, "Use this name");
  const form = h("form", {
    onsubmit: (event: SubmitEvent) => {
      event.preventDefault();
      const name = field.value.trim();
      sheet.close();
      if (name && name !== now) chosen(name);
    },
  }, h("h2", { id: "name-title" }, "Whose edits are these?"), field, h("div", { class: "segments" }, save, button("Leave it", () => sheet.close())));
  const sheet = h("dialog", { class: "sheet ask", "aria-labelledby": "name-title", onclose: () => sheet.remove(), onkeydown: (event: KeyboardEvent) => event.stopPropagation() }, form);
  document.body.append(sheet);
  sheet.showModal();
  field.select();
}
