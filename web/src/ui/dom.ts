/** Makes elements. Text is never parsed as HTML. */
type Child = Node | string | null | false | undefined;
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: never) => void)>;

/** `onclick` and the like are listeners, true is an empty attribute, false and null none. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value as EventListener);
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child): child is Node | string => child instanceof Node || typeof child === "string"));
  return made;
}

/** A push button that gives the focus back to the image after a mouse click, so that keys go on working there. */
export function button(text: string, press: () => void, attributes: Attributes = {}): HTMLButtonElement {
  return h("button", {
    type: "button",
    onclick: (event: MouseEvent) => {
      press();
      if (event.detail) document.querySelector<HTMLElement>("[data-stage]")?.focus({ preventScroll: true });
    },
    ...attributes,
  }, text);
}

export const grouped = (value: number): string => value.toLocaleString("en");

/** A whole count with its noun. */
export const plural = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
