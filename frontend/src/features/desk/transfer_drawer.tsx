/** Hand the customer on: to a queue, a colleague or an outside number; at once, or after asking first. */
import { Button, Drawer, Input, Segmented, Select } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchTransferTargets, sealNumber } from "@/api/desk";
import { useNotices } from "@/shared/notices";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { useAct } from "./work";

type TargetKind = "queue" | "agent" | "number";
type TransferKind = "blind" | "consult";

interface Props {
  contactId: string;
  tenantId: string;
  isOpen: boolean;
  onClose: () => void;
}

export function TransferDrawer({ contactId, tenantId, isOpen, onClose }: Props) {
  const { t } = useWords();
  return (
    <Drawer open={isOpen} onClose={onClose} title={t("desk.transfer_title")} mask={false} size={380} destroyOnHidden>
      <TransferForm contactId={contactId} tenantId={tenantId} onDone={onClose} />
    </Drawer>
  );
}

function TransferForm({ contactId, tenantId, onDone }: Omit<Props, "isOpen" | "onClose"> & { onDone: () => void }) {
  const { t } = useWords();
  const act = useAct();
  const { bad } = useNotices();
  const [kind, setKind] = useState<TargetKind>("queue");
  const [target, setTarget] = useState("");
  const [isBusy, setBusy] = useState(false);

  const transfer = async (how: TransferKind) => {
    setBusy(true);
    try {
      const sealed = kind === "number" ? (await sealNumber(target, tenantId)).sealed : target;
      const wanted = { contact_id: contactId, kind: how, target_kind: kind, target: sealed };
      if (await act("StartTransfer", wanted)) onDone();
    } catch (error) {
      bad(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="stack">
      <Segmented<TargetKind>
        block
        value={kind}
        onChange={(value) => {
          setKind(value);
          setTarget("");
        }}
        options={[
          { value: "queue", label: t("desk.to_queue") },
          { value: "agent", label: t("desk.to_agent") },
          { value: "number", label: t("desk.to_number") },
        ]}
      />
      <Target kind={kind} tenantId={tenantId} value={target} onChange={setTarget} />
      <div className="row">
        <Button
          type="primary"
          disabled={!target}
          loading={isBusy}
          onClick={() => void transfer("consult")}
          data-testid="consult"
        >
          {t("desk.consult")}
        </Button>
        <Button disabled={!target} loading={isBusy} onClick={() => void transfer("blind")} data-testid="blind">
          {t("desk.blind")}
        </Button>
      </div>
    </div>
  );
}

interface TargetProps {
  kind: TargetKind;
  tenantId: string;
  value: string;
  onChange: (value: string) => void;
}

function Target({ kind, tenantId, value, onChange }: TargetProps) {
  const { t, text } = useWords();
  const targets = useQuery({ queryKey: ["transfer-targets"], queryFn: fetchTransferTargets });
  if (kind === "number") {
    return (
      <label className="stack">
        {t("desk.to_number")}
        <Input value={value} inputMode="tel" onChange={(event) => onChange(event.target.value.trim())} />
        <span className="quiet">{t("desk.number_hint")}</span>
      </label>
    );
  }
  return (
    <QueryView query={targets} rows={2}>
      {(data) => (
        <Select
          showSearch={{ optionFilterProp: "label" }}
          style={{ width: "100%" }}
          value={value || undefined}
          onChange={onChange}
          placeholder={t("desk.choose_target")}
          aria-label={t("desk.choose_target")}
          options={
            kind === "queue"
              ? data.queues
                  .filter((queue) => queue.tenant_id === tenantId)
                  .map((queue) => ({ value: queue.queue_id, label: text(queue.name) }))
              : data.agents.map((agent) => ({ value: agent.agent_id, label: `${agent.name} ${agent.number}` }))
          }
        />
      )}
    </QueryView>
  );
}
