/** Key chords: from an event to a name such as `Ctrl+Shift+z`, and from a name to an action by the keymap. */
import keymaps from "./keymap.json";

export type Preset = keyof typeof keymaps.presets;
export type Action = keyof typeof keymaps.actions;
export const PRESETS = Object.keys(keymaps.presets) as Preset[];
/** `edits`: a project that is open for reading only refuses it. */
export const ACTIONS = keymaps.actions as Record<Action, { group: string; text: string; edits?: boolean }>;

export interface Chord { key: string; ctrlKey: boolean; shiftKey: boolean; altKey: boolean; metaKey: boolean }

/** Shift counts for letters and named keys; for signs it only makes the sign (`?` is Shift+/ on one keyboard, not on another). */
export function chordName({ key, ctrlKey, shiftKey, altKey, metaKey }: Chord): string {
  const letter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
  const named = key === " " ? "Space" : letter ? key.toLowerCase() : key;
  const shift = shiftKey && (letter || named.length > 1);
  return [ctrlKey || metaKey ? "Ctrl" : "", altKey ? "Alt" : "", shift ? "Shift" : "", named].filter(Boolean).join("+");
}

/** The chords of every action under a preset: the common ones, with the preset's own in their place. */
export function bindings(preset: Preset): Map<Action, string[]> {
  const own: Partial<Record<Action, string[]>> = keymaps.presets[preset];
  const common: Partial<Record<Action, string[]>> = keymaps.common;
  return new Map((Object.keys(ACTIONS) as Action[]).map((action) => [action, own[action] ?? common[action] ?? []]));
}

export function actionOf(preset: Preset, chord: string): Action | null {
  for (const [action, chords] of bindings(preset)) if (chords.includes(chord)) return action;
  return null;
}

const SHOWN: Record<string, string> = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", Delete: "Del" };

/** A chord as keycaps show it. */
export function pretty(chord: string): string {
  const parts = chord === "+" ? ["+"] : chord.split("+");
  return parts.map((part) => SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(" ");
}

export const hint = (preset: Preset, action: Action): string => (bindings(preset).get(action) ?? []).map(pretty).join(" or ");
