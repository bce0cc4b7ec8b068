/** Which day a changed set-up is tried on; then the page of the run. */
import { DatePicker, Modal } from "antd";
import dayjs from "dayjs";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useNavigate } from "react-router";
import { askWhatIf, type WhatIfChange } from "@/api/what_if";
import { uuid7 } from "@/live/uuid7";
import { dateText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";

const FORMAT = "YYYY-MM-DD";
export type Basis = { number: number } | { change: WhatIfChange };

interface Props {
  basis: Basis;
  tenantId: string | undefined;
  /** Whose figures are wanted, where what is tried belongs to no tenant. */
  choice?: ReactNode;
  onClose: () => void;
}

export function AskWhatIf({ basis, tenantId, choice, onClose }: Props) {
  const { t } = useWords();
  const { bad } = useNotices();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [today] = useState(() => dayjs(dateText(Date.now())));
  const [day, setDay] = useState(() => today.subtract(1, "day"));
  // A new day is a new question; the same one sent twice is asked once.
  const [key, setKey] = useState(() => uuid7());
  const ask = useMutation({
    mutationFn: () => askWhatIf({ ...basis, tenant_id: tenantId, day: day.format(FORMAT) }, key),
    onError: bad,
    onSuccess: (run) => {
      void client.invalidateQueries({ queryKey: ["what-ifs"] });
      void navigate(`/admin/what-ifs/${run.id}`);
    },
  });
  return (
    <Modal
      open
      title={t("whatif.title")}
      okText={t("whatif.start")}
      cancelText={t("general.cancel")}
      okButtonProps={{ loading: ask.isPending }}
      onOk={() => ask.mutate()}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t("whatif.explained")}</p>
        <label className="row">
          <span>{t("whatif.day")}</span>
          <DatePicker
            aria-label={t("whatif.day")}
            value={day}
            allowClear={false}
            format={FORMAT}
            disabledDate={(one) => one.isAfter(today, "day")}
            onChange={(one: dayjs.Dayjs | null) => {
              if (!one) return;
              setDay(one);
              setKey(uuid7());
            }}
          />
        </label>
        {choice ? (
          <div className="row">
            <span>{t("whatif.whose")}</span>
            {choice}
          </div>
        ) : null}
        <p className="quiet">{t("whatif.nothing_changes")}</p>
      </div>
    </Modal>
  );
}
