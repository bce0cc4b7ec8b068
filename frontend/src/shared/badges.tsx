import { ExperimentOutlined } from "@ant-design/icons";
import { Tooltip } from "antd";
import { useWords } from "@/words";

/** Simulated data say so, on every screen; there is no way to hide it. In rows the sign stands for the word. */
export function SimulatedBadge({ isShown, isSmall }: { isShown: boolean | undefined; isSmall?: boolean }) {
  const { t } = useWords();
  if (!isShown) return null;
  return (
    <Tooltip title={t("general.simulated_hint")}>
      <span className="simulated" data-testid="simulated">
        <ExperimentOutlined aria-hidden />
        <span className={isSmall ? "only-read" : undefined}>{t("general.simulated")}</span>
      </span>
    </Tooltip>
  );
}
