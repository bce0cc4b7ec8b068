/** Theme and text size of this computer, kept before log-in and taken over from the account after it. */
import { useSyncExternalStore } from "react";
import type { TextSize, ThemeName } from "./theme";

export interface Display {
  theme: "system" | ThemeName;
  textSize: TextSize;
}

const KEY = "hotline.display";
const DEFAULTS: Display = { theme: "system", textSize: 14 };
const listeners = new Set<() => void>();
const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
let current: Display = load();

function load(): Display {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Display>) };
  } catch {
    return DEFAULTS;
  }
}

export function setDisplay(change: Partial<Display>): void {
  current = { ...current, ...change };
  localStorage.setItem(KEY, JSON.stringify(current));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  prefersDark.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    prefersDark.removeEventListener("change", listener);
  };
}

export function useDisplay(): Display & { themeName: ThemeName } {
  const display = useSyncExternalStore(subscribe, () => current);
  const isDark = useSyncExternalStore(subscribe, () => prefersDark.matches);
  const system: ThemeName = isDark ? "dark" : "light";
  return { ...display, themeName: display.theme === "system" ? system : display.theme };
}
