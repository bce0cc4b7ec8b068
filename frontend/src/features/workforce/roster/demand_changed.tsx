/** Says what a change of demand came to, and takes it back. */
import { Alert, Button } from "antd";
import { useState } from "react";
import { changeDemand, type DemandChange, type DemandChanged } from "@/api/rosters";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";
import { hoursText } from "./board";

/** A change that was made to a roster, with what it asked for before. */
export interface DoneDemand {
  rosterId: string;
  former: Omit<DemandChange, "version">;
  told: DemandChanged;
}

interface Props {
  done: DoneDemand;
  version: number;
  onBack: () => void;
  onClose: () => void;
}

export function DemandChangedNote({ done, version, onBack, onClose }: Props) {
  const { t } = useWords();
  const { bad } = useNotices();
  const [isBusy, setBusy] = useState(false);
  const takeBack = async () => {
    setBusy(true);
    try {
      await changeDemand(done.rosterId, { version, ...done.former });
      onBack();
    } catch (error) {
      bad(error);
      setBusy(false);
    }
  };
  return (
    <Alert
      type="success"
      showIcon
      closable={{ onClose }}
      data-testid="demand-changed"
      title={t("roster.demand_changed", {
        before: hoursText(done.told.before_min),
        after: hoursText(done.told.after_min),
      })}
      action={
        <Button size="small" loading={isBusy} onClick={() => void takeBack()} data-testid="demand-back">
          {t("roster.demand_back")}
        </Button>
      }
    />
  );
}
