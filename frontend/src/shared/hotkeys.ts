/** Function keys for the call, remappable. Never bare letters, never Ctrl+Shift, deaf while a word is composed. */
import { useEffect, useRef, useSyncExternalStore } from "react";

export const DEFAULT_KEYS = {
  main: "F2",
  hold: "F4",
  mute: "F8",
  transfer: "F9",
  conference: "F10",
  promise: "Alt+9",
  why: "Alt+7",
  next_contact: "Alt+8",
  former_contact: "Alt+0",
  find: "Ctrl+K",
  list: "Ctrl+/",
  send: "Ctrl+Enter",
  panel1: "Alt+1",
  panel2: "Alt+2",
  panel3: "Alt+3",
  panel4: "Alt+4",
  panel5: "Alt+5",
  panel6: "Alt+6",
} as const;

export type KeyAction = keyof typeof DEFAULT_KEYS;
export type KeyMap = Record<KeyAction, string>;

const STORAGE_KEY = "hotline.keys";
const listeners = new Set<() => void>();
let current: KeyMap = load();

function load(): KeyMap {
  try {
    return { ...DEFAULT_KEYS, ...(JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "{}") as Partial<KeyMap>) };
  } catch {
    return { ...DEFAULT_KEYS };
  }
}

export function keepKeys(keys: KeyMap): void {
  current = keys;
  localStorage.setItem(STORAGE_KEY, JSON.stringify(keys));
  for (const listener of listeners) listener();
}

export function useKeyMap(): KeyMap {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** `Ctrl+K`, `F2`, `Alt+1`; on a Mac, Command stands for Ctrl and Ctrl+Option for Alt. Empty for a modifier alone. */
export function chordOf(event: KeyboardEvent): string {
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  const key = digit ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key);
  if (["Control", "Alt", "Shift", "Meta"].includes(key)) return "";
  const isAlt = event.altKey;
  const isControl = (event.ctrlKey && !(isMac && isAlt)) || (isMac && event.metaKey);
  const parts = [isControl && "Ctrl", isAlt && "Alt", event.shiftKey && key.length > 1 && "Shift", key];
  return parts.filter(Boolean).join("+");
}

/** A chord that can stand for an action: a function key, or Ctrl or Alt with a key, and not Ctrl+Shift. */
export function isAllowedChord(chord: string): boolean {
  if (/Ctrl\+.*Shift/.test(chord)) return false;
  return /^(Ctrl\+|Alt\+)?F\d{1,2}$/.test(chord) || /^(Ctrl|Alt)\+./.test(chord);
}

/** True while an input method composes: Enter then only picks a word. */
export function isComposing(event: { isComposing?: boolean; keyCode?: number; nativeEvent?: Event }): boolean {
  const native = (event.nativeEvent ?? event) as KeyboardEvent;
  return native.isComposing || native.keyCode === 229;
}

type Handler = (event: KeyboardEvent) => void;
const handlers: { action: KeyAction; ref: { current: Handler | null } }[] = [];

let captor: Handler | null = null;

/** The next key goes here instead of doing what it is for; gives back how to stop that. */
export function captureNextKey(handler: Handler): () => void {
  captor = handler;
  return () => {
    if (captor === handler) captor = null;
  };
}

function onKeyDown(event: KeyboardEvent): void {
  if (captor) {
    event.preventDefault();
    event.stopPropagation();
    return captor(event);
  }
  if (event.repeat || isComposing(event)) return;
  const chord = chordOf(event);
  // The screen that was opened last answers first.
  const entry = handlers.findLast(({ action, ref }) => ref.current && current[action] === chord);
  if (!entry) return;
  event.preventDefault();
  entry.ref.current?.(event);
}

window.addEventListener("keydown", onKeyDown, { capture: true });

/** Do something on an action's key while the component is shown; null switches it off. */
export function useHotkey(action: KeyAction, handler: Handler | null): void {
  const ref = useRef<Handler | null>(handler);
  useEffect(() => {
    ref.current = handler;
  });
  useEffect(() => {
    const entry = { action, ref };
    handlers.push(entry);
    return () => {
      handlers.splice(handlers.indexOf(entry), 1);
    };
  }, [action]);
}
