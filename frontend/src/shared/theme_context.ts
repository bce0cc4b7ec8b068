import { createContext, use } from "react";
import type { ThemeName } from "./theme";

export const ThemeContext = createContext<ThemeName>("light");

export function useThemeName(): ThemeName {
  return use(ThemeContext);
}
