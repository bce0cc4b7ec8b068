/** A year of one queue, a square a day: shape and colour say whether somebody able is there all the time. */
import { BAND_COLOURS } from "@/shared/theme";
import { useThemeName } from "@/shared/theme_context";
import { useWords } from "@/words";
import { countOf, shareText, type DayCell, type DayState } from "./coverage_days";

const SIDE = 12;
const STEP = 14;
const BAND = { whole: "met", part: "at_risk", bare: "missed", closed: "none" } as const;

function useColour(): (state: DayState) => string {
  const theme = useThemeName();
  return (state) => BAND_COLOURS[BAND[state]]?.[theme] ?? "currentColor";
}

/** Whole is full, part is half, bare is a cross, closed is a line around nothing. */
function Mark({ state, colour }: { state: DayState; colour: string }) {
  const frame = <rect width={SIDE} height={SIDE} fill="none" stroke={colour} />;
  if (state === "whole") return <rect width={SIDE} height={SIDE} fill={colour} />;
  if (state === "closed") return <rect width={SIDE} height={SIDE} fill="none" stroke={colour} strokeOpacity={0.4} />;
  if (state === "part")
    return (
      <>
        {frame}
        <path d={`M0 ${SIDE} L${SIDE} ${SIDE} L${SIDE} 0 Z`} fill={colour} />
      </>
    );
  return (
    <>
      {frame}
      <path d={`M2 2 L${SIDE - 2} ${SIDE - 2} M${SIDE - 2} 2 L2 ${SIDE - 2}`} stroke={colour} strokeWidth={2} />
    </>
  );
}

export function CoverageStrip({ name, cells }: { name: string; cells: readonly DayCell[] }) {
  const { t } = useWords();
  const colour = useColour();
  const weeks = (cells.at(-1)?.week ?? 0) + 1;
  const counts = { whole: countOf(cells, "whole"), part: countOf(cells, "part"), bare: countOf(cells, "bare") };
  const width = weeks * STEP;
  return (
    <svg
      role="img"
      aria-label={t("coverage.strip", { name, ...counts })}
      viewBox={`0 0 ${width} ${7 * STEP}`}
      style={{ display: "block", width: "100%", maxWidth: width * 1.5, minWidth: 0 }}
    >
      {cells.map((cell) => (
        <g key={cell.day} transform={`translate(${cell.week * STEP} ${cell.weekday * STEP})`}>
          <title>
            {`${cell.day} ${shareText(cell.share) ?? t("coverage.closed")}${cell.isHoliday ? ` ${t("coverage.holiday")}` : ""}`}
          </title>
          <rect width={SIDE} height={SIDE} fill="transparent" />
          <Mark state={cell.state} colour={colour(cell.state)} />
          {cell.isHoliday ? (
            <circle cx={SIDE / 2} cy={SIDE / 2} r={3} fill="var(--card)" stroke="currentColor" />
          ) : null}
        </g>
      ))}
    </svg>
  );
}

export function CoverageLegend() {
  const { t } = useWords();
  const colour = useColour();
  const states: readonly DayState[] = ["whole", "part", "bare", "closed"];
  return (
    <div className="row" style={{ flexWrap: "wrap" }}>
      {states.map((state) => (
        <span key={state} className="row">
          <svg width={SIDE + 2} height={SIDE + 2} viewBox={`-1 -1 ${SIDE + 2} ${SIDE + 2}`} aria-hidden>
            <Mark state={state} colour={colour(state)} />
          </svg>
          {t(`coverage.${state}`)}
        </span>
      ))}
      <span className="row">
        <svg width={SIDE} height={SIDE} aria-hidden>
          <circle cx={SIDE / 2} cy={SIDE / 2} r={3} fill="var(--card)" stroke="currentColor" />
        </svg>
        {t("coverage.holiday")}
      </span>
    </div>
  );
}
