/** Figures of the day as text. */

/** `95.83%` of hundredths of a per cent, cut off by the server; a dash where nothing was planned. */
export function hundredthsText(share: number | null | undefined): string {
  if (share === null || share === undefined) return "–";
  return `${Math.floor(share / 100)}.${String(share % 100).padStart(2, "0")}%`;
}

/** `1:05` hours and minutes. */
export function hoursText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}
