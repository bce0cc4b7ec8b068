import { ExperimentOutlined } from "@ant-design/icons";
import { Tooltip } from "antd";
import { useWords } from "@/words";

/** Simulated data say so, on every screen; there is no way to hide it. */
export function SimulatedBadge({ isShown }: { isShown: boolean | undefined }) {
  const { t } = useWords();
  if (!isShown) return null;
  return (
    <Tooltip title={t("general.simulated_hint")}>
      <span className="simulated" data-testid="simulated">
        <ExperimentOutlined aria-hidden /> {t("general.simulated")}
      </span>
    </Tooltip>
  );
}
