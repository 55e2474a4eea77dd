/** Short messages that go by themselves, with at most one button. */
import { button, h } from "./dom";

const box = h("div", { class: "toasts", role: "status", "aria-live": "polite" });

export interface ToastOptions { kind?: "info" | "warn"; seconds?: number; action?: { text: string; press: () => void } }

/** The messages of a screen go with it. */
export const clearToasts = (): void => box.replaceChildren();

export function toast(text: string, { kind = "info", seconds = 4, action }: ToastOptions = {}): () => void {
  if (!box.isConnected) document.body.append(box);
  const card = h("div", { class: `toast ${kind}` }, h("span", {}, text));
  const close = (): void => card.remove();
  if (action) {
    card.append(button(action.text, () => {
      close();
      action.press();
    }));
  }
  for (const same of [...box.children].filter((old) => old.firstElementChild?.textContent === text)) same.remove();
  while (box.childElementCount > 2) box.firstElementChild?.remove();
  box.append(card);
  setTimeout(close, seconds * 1000);
  return close;
}
