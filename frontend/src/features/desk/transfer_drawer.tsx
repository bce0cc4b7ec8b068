/** Hand the customer on: to a queue, a colleague or an outside number; at once, or after asking first. */
import { Alert, Button, Drawer, Input, Segmented, Select } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchDepartments, fetchTransferTargets, findDepartmentTarget, sealNumber } from "@/api/desk";
import { momentText } from "@/shared/moments";
import { useKeyMap } from "@/shared/hotkeys";
import { useNotices } from "@/shared/notices";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { useAct } from "./work";

type TargetKind = "queue" | "agent" | "department" | "number";
type TransferKind = "blind" | "consult";

interface Props {
  contactId: string;
  tenantId: string;
  /** What is written goes to a queue or a colleague, at once: nobody can be asked before by voice. */
  isWritten: boolean;
  isOpen: boolean;
  onClose: () => void;
}

export function TransferDrawer({ isOpen, onClose, ...handedOn }: Props) {
  const { t } = useWords();
  return (
    <Drawer open={isOpen} onClose={onClose} title={t("desk.transfer_title")} mask={false} size={380} destroyOnHidden>
      <TransferForm {...handedOn} onDone={onClose} />
    </Drawer>
  );
}

/** What the switch is told: departments have a queue or a number, and numbers travel sealed. */
async function targetOf(kind: TargetKind, target: string, tenantId: string) {
  if (kind === "department") return findDepartmentTarget(target);
  if (kind === "number") return { target_kind: kind, target: (await sealNumber(target, tenantId)).sealed };
  return { target_kind: kind, target };
}

type FormProps = Omit<Props, "isOpen" | "onClose"> & { onDone: () => void };

function TransferForm({ contactId, tenantId, isWritten, onDone }: FormProps) {
  const { t } = useWords();
  const act = useAct();
  const { bad } = useNotices();
  const [kind, setKind] = useState<TargetKind>("queue");
  const [target, setTarget] = useState("");
  const [isBusy, setBusy] = useState(false);

  const transfer = async (how: TransferKind) => {
    setBusy(true);
    try {
      const named = await targetOf(kind, target, tenantId);
      if (await act("StartTransfer", { contact_id: contactId, kind: how, ...named })) onDone();
    } catch (error) {
      bad(error);
    } finally {
      setBusy(false);
    }
  };

  const bySpeech: { value: TargetKind; label: string }[] = [
    { value: "department", label: t("desk.to_department") },
    { value: "number", label: t("desk.to_number") },
  ];
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
          ...(isWritten ? [] : bySpeech),
        ]}
      />
      <Target kind={kind} tenantId={tenantId} value={target} onChange={setTarget} />
      <div className="row">
        {isWritten ? null : (
          <Button
            type="primary"
            disabled={!target}
            loading={isBusy}
            onClick={() => void transfer("consult")}
            data-testid="consult"
          >
            {t("desk.consult")}
          </Button>
        )}
        <Button
          type={isWritten ? "primary" : "default"}
          disabled={!target}
          loading={isBusy}
          onClick={() => void transfer("blind")}
          data-testid="blind"
        >
          {t("desk.blind")}
        </Button>
      </div>
    </div>
  );
}

type Department = Awaited<ReturnType<typeof fetchDepartments>>["departments"][number];

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
  if (kind === "department") return <DepartmentTarget tenantId={tenantId} value={value} onChange={onChange} />;
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

/** A closed department cannot be called; it says when it opens, and that a ticket reaches it meanwhile. */
function DepartmentTarget({ tenantId, value, onChange }: Omit<TargetProps, "kind">) {
  const { t, text } = useWords();
  const keys = useKeyMap();
  const departments = useQuery({ queryKey: ["departments"], queryFn: fetchDepartments, staleTime: 0 });
  const label = (one: Department) => {
    const name = text(one.name);
    if (one.is_open) return name;
    if (one.opens_at === null) return t("desk.department_shut", { name });
    return t("desk.department_closed", { name, moment: momentText(one.opens_at) });
  };
  return (
    <QueryView query={departments} rows={2}>
      {(data) => {
        const own = data.departments.filter((one) => one.tenant_id === tenantId);
        if (own.length === 0) return <Alert type="info" title={t("desk.no_departments")} />;
        return (
          <>
            <Select
              showSearch={{ optionFilterProp: "label" }}
              style={{ width: "100%" }}
              value={value || undefined}
              onChange={onChange}
              placeholder={t("desk.choose_target")}
              aria-label={t("desk.choose_target")}
              options={own.map((one) => ({ value: one.department_id, label: label(one), disabled: !one.is_open }))}
            />
            {own.some((one) => !one.is_open) ? (
              <span className="quiet">{t("desk.department_closed_do", { key: keys.panel4 })}</span>
            ) : null}
          </>
        );
      }}
    </QueryView>
  );
}
