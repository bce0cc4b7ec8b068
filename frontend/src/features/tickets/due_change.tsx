import { Button, DatePicker, Input, Popover } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { changeDue, type Ticket, type TicketDetail } from "@/api/tickets";
import { momentPanel } from "@/shared/moment_panel";
import { useWords } from "@/words";

interface Props {
  ticket: Ticket;
  onChanged: (run: () => Promise<TicketDetail>) => void;
}

/** A later due time needs a reason that the customer may see. */
export function DueChange({ ticket, onChanged }: Props) {
  const { t } = useWords();
  const [due, setDue] = useState<Dayjs | null>(() => dayjs(ticket.due_at));
  const [reason, setReason] = useState("");
  const [isOpen, setOpen] = useState(false);
  const change = () => {
    if (!due) return;
    setOpen(false);
    onChanged(() => changeDue(ticket.id, due.toISOString(), reason));
  };
  const form = (
    <div className="stack" style={{ width: 280 }}>
      <label className="field">
        <span>{t("tickets.due")}</span>
        <DatePicker
          showTime={{ format: "HH:mm" }}
          panelRender={momentPanel}
          format="YYYY-MM-DD HH:mm"
          value={due}
          onChange={setDue}
        />
      </label>
      <label className="field">
        <span>{t("tickets.due_reason")}</span>
        <Input maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
      <Button type="primary" disabled={!due || !reason.trim()} onClick={change}>
        {t("general.save")}
      </Button>
    </div>
  );
  return (
    <Popover trigger="click" open={isOpen} onOpenChange={setOpen} content={form}>
      <Button data-testid="change-due">{t("tickets.due_change")}</Button>
    </Popover>
  );
}
