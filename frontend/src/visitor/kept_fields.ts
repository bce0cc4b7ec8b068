/** What is being typed into a public page, kept in the tab over a reload. */
import { useState } from "react";

export function useKeptFields<T extends Record<string, string>>(
  place: string,
  empty: T,
): [T, (change: Partial<T>) => void, () => void] {
  const key = `hotline.fields|${place}`;
  const [fields, setFields] = useState<T>(() => {
    try {
      return { ...empty, ...(JSON.parse(sessionStorage.getItem(key) ?? "{}") as Partial<T>) };
    } catch {
      return empty;
    }
  });
  const change = (more: Partial<T>) => {
    const next = { ...fields, ...more };
    setFields(next);
    sessionStorage.setItem(key, JSON.stringify(next));
  };
  const clear = () => {
    setFields(empty);
    sessionStorage.removeItem(key);
  };
  return [fields, change, clear];
}
