/** Design tokens of UX §4: Ant Design's defaults miss WCAG AA, these do not. */
import { theme, type ThemeConfig } from "antd";
import type { MapToken, SeedToken } from "antd/es/theme/interface";

export type ThemeName = "light" | "dark";
export type TextSize = 14 | 16 | 18;

const FONT =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";

const LIGHT = {
  colorPrimary: "#1558b0",
  colorInfo: "#1558b0",
  colorLink: "#1558b0",
  colorError: "#b3161b",
  colorTextDescription: "rgba(0,0,0,0.62)",
  colorTextTertiary: "rgba(0,0,0,0.62)",
  colorTextPlaceholder: "rgba(0,0,0,0.58)",
  colorTextQuaternary: "rgba(0,0,0,0.58)",
  colorTextDisabled: "rgba(0,0,0,0.58)",
  colorBorder: "#8a8a8a",
  colorBgLayout: "#f5f5f5",
};

const DARK = {
  colorPrimary: "#69b1ff",
  colorInfo: "#69b1ff",
  colorLink: "#69b1ff",
  colorError: "#ff7875",
  colorTextDescription: "rgba(255,255,255,0.65)",
  colorTextTertiary: "rgba(255,255,255,0.65)",
  colorTextPlaceholder: "rgba(255,255,255,0.58)",
  colorTextQuaternary: "rgba(255,255,255,0.58)",
  colorTextDisabled: "rgba(255,255,255,0.58)",
  colorBorder: "#7d7d7d",
  colorBgLayout: "#141414",
  colorTextLightSolid: "#000000",
};

/** Ant Design's dark algorithm darkens what it is given; these colours of UX §4 are meant as they stand. */
const EXACT_DARK = { colorPrimary: DARK.colorPrimary, colorInfo: DARK.colorInfo, colorError: DARK.colorError };

function exactDark(seed: SeedToken, map: MapToken = theme.darkAlgorithm(seed)): MapToken {
  return { ...map, ...EXACT_DARK, colorLink: DARK.colorLink, colorPrimaryText: DARK.colorPrimary };
}

export function themeConfig(name: ThemeName, textSize: TextSize, isCompact: boolean): ThemeConfig {
  const isDark = name === "dark";
  const algorithms = isDark ? [theme.darkAlgorithm, exactDark] : [theme.defaultAlgorithm];
  if (isCompact) algorithms.push(theme.compactAlgorithm);
  return {
    algorithm: algorithms,
    token: { ...(isDark ? DARK : LIGHT), fontFamily: FONT, fontSize: textSize, borderRadius: 4, wireframe: false },
    components: {
      Button: { primaryColor: isDark ? "#000000" : "#ffffff", dangerColor: isDark ? "#000000" : "#ffffff" },
      Layout: { headerPadding: "0 12px", headerHeight: 48 },
    },
  };
}

export interface StateColours {
  light: string;
  dark: string;
}

/** Agent states: at least 4.5:1 on the page, and apart under three simulated colour-vision deficiencies. */
export const STATE_COLOURS: Record<string, StateColours> = {
  available: { light: "#14532d", dark: "#98e188" },
  offered: { light: "#940883", dark: "#f89efd" },
  busy: { light: "#296cd8", dark: "#0c84fa" },
  wrap_up: { light: "#417a78", dark: "#93f1ed" },
  away: { light: "#906520", dark: "#d58b4b" },
  signed_out: { light: "#3a404b", dark: "#92959c" },
};

export const BAND_COLOURS: Record<string, StateColours> = {
  met: { light: "#1c7b5a", dark: "#8fe8c3" },
  at_risk: { light: "#9d5d03", dark: "#fec766" },
  missed: { light: "#8a021c", dark: "#fc4351" },
  none: { light: "#4a5260", dark: "#7d8792" },
};
