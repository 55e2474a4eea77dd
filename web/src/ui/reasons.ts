/** Asks why something is flagged: one key or one press. */
import { button, h } from "./dom";

/** Esc asks nothing more; the focus goes back to where it was. */
export function askReason(what: string, reasons: string[], chosen: (reason: string) => void): void {
  const take = (reason: string | undefined): void => {
    if (reason === undefined) return;
    sheet.close();
    chosen(reason);
  };
  const rows = reasons.map((reason, i) => {
    const row = button("", () => take(reason), { class: "reason", "aria-keyshortcuts": String(i + 1) });
    row.append(h("kbd", {}, String(i + 1)), h("span", {}, reason));
    return row;
  });
  const sheet = h("dialog", {
    class: "sheet ask", "aria-labelledby": "ask-title", onclose: () => sheet.remove(),
    onkeydown: (event: KeyboardEvent) => {
      event.stopPropagation();
      take(reasons[Number(event.key) - 1]);
    },
  }, h("h2", { id: "ask-title" }, `Flag ${what}: why?`), ...rows, h("p", { class: "hint" }, h("kbd", {}, "Esc"), " takes it back"));
  document.body.append(sheet);
  sheet.showModal();
}
