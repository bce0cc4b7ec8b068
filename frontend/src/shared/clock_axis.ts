/** The axis of a day by its intervals: named at every second full hour, whatever the interval. */
interface ClockAxis {
  type: "category";
  data: readonly string[];
  axisLabel: { hideOverlap: true; interval: (at: number, tick: string) => boolean };
}

export function isNamedHour(tick: string): boolean {
  return tick.endsWith(":00") && Number(tick.slice(0, 2)) % 2 === 0;
}

/** `ticks`: each interval's begin as `08:30`. */
export function clockAxis(ticks: readonly string[]): ClockAxis {
  return { type: "category", data: ticks, axisLabel: { hideOverlap: true, interval: (_, tick) => isNamedHour(tick) } };
}
