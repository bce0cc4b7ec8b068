/** One agent: what they do now; listen, whisper, barge; force a state with a reason. Each act is audited. */
import { Button, Select } from "antd";
import { useState } from "react";
import type { AgentDocument, MonitoringEntry, SeatDocument } from "@/live/documents";
import { useDocument } from "@/live/hooks";
import { useAct } from "@/shared/act";
import { SimulatedBadge } from "@/shared/badges";
import { Elapsed } from "@/shared/clocks";
import { useAwayReasonNames, type Names } from "@/shared/live_names";
import { useNotices } from "@/shared/notices";
import { useMay, useMe } from "@/shared/session";
import { StateTag, useReasonText } from "@/shared/state_tag";
import { expectCall } from "@/softphone/expectation";
import { useWords } from "@/words";
import { WhyThisCaller } from "./why";

type Mode = MonitoringEntry["mode"];
const MODES: readonly Mode[] = ["listen", "whisper", "barge"];

function Monitoring({ agent }: { agent: AgentDocument }) {
  const { t } = useWords();
  const me = useMe();
  const act = useAct();
  const own = agent.monitoring.find((entry) => entry.supervisor_id === me.user_id);
  const begin = (mode: Mode) => {
    // The leg that this brings about rings in this page and is answered by itself.
    expectCall();
    return act("StartMonitoring", { agent_id: agent.agent_id, mode });
  };
  const choose = (mode: Mode) =>
    own ? act("ChangeMonitoring", { monitoring_id: own.monitoring_id, mode }) : begin(mode);
  return (
    <div className="stack">
      {own ? <strong role="status">{t("floor.monitoring", { mode: t(`floor.${own.mode}`) })}</strong> : null}
      <div className="row">
        {MODES.map((mode) => (
          <Button
            key={mode}
            disabled={agent.contact_id === null || own?.mode === mode}
            type={own?.mode === mode ? "primary" : "default"}
            onClick={() => void choose(mode)}
            data-testid={mode}
          >
            {t(`floor.${mode}`)}
          </Button>
        ))}
        {own ? (
          <Button
            danger
            onClick={() => void act("StopMonitoring", { monitoring_id: own.monitoring_id })}
            data-testid="stop-monitoring"
          >
            {t("floor.stop")}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

/** Reasons are codes: free text never enters the routing log. */
const FORCE_REASONS = ["forgot", "technical", "staffing", "welfare", "shift_over"] as const;
const FORCE_STATES = ["available", "away", "signed_out"] as const;

function ForceState({ agent }: { agent: AgentDocument }) {
  const { t } = useWords();
  const act = useAct();
  const { good } = useNotices();
  const [state, setState] = useState<(typeof FORCE_STATES)[number]>("away");
  const [reason, setReason] = useState<string | undefined>();
  const force = async () => {
    if (await act("ForceAgentState", { agent_id: agent.agent_id, state, reason })) good(t("floor.forced"));
  };
  return (
    <div className="stack">
      <div className="row">
        <label className="field">
          <span>{t("floor.force_to")}</span>
          <Select
            value={state}
            onChange={setState}
            style={{ minWidth: 110 }}
            options={FORCE_STATES.map((value) => ({ value, label: t(`states.${value}`) }))}
          />
        </label>
        <label className="field grow">
          <span>{t("floor.force_reason")}</span>
          <Select
            value={reason}
            onChange={setReason}
            options={FORCE_REASONS.map((value) => ({ value, label: t(`floor.reason_${value}`) }))}
          />
        </label>
      </div>
      <Button disabled={!reason} onClick={() => void force()} data-testid="force">
        {t("floor.force_do")}
      </Button>
      <span className="quiet">{t("floor.force_note")}</span>
    </div>
  );
}

export function AgentPane({ agent, queues, onClose }: { agent: AgentDocument; queues: Names; onClose: () => void }) {
  const { t } = useWords();
  const may = useMay();
  const reasonText = useReasonText();
  const reasons = useAwayReasonNames();
  const seat = useDocument<SeatDocument>(`seat/${agent.seat_id ?? ""}`);
  return (
    <section className="card stack" aria-label={agent.name} data-testid="agent-pane">
      <div className="card-head">
        <strong style={{ fontSize: "1.15em" }}>{agent.name}</strong>
        <SimulatedBadge isShown={agent.is_simulated} />
        <Button size="small" onClick={onClose}>
          {t("general.close")}
        </Button>
      </div>
      <div className="row">
        <StateTag state={agent.state} detail={reasonText(agent.reason, reasons)} />
        <Elapsed sinceMs={agent.since_ms} />
      </div>
      {seat ? (
        <div>
          {t("desk.seat")}: {seat.label}
        </div>
      ) : null}
      {agent.queue_id ? (
        <div>
          {t("floor.present_contact")}: {queues.get(agent.queue_id)}
        </div>
      ) : null}
      <WhyThisCaller key={agent.contact_id} agent={agent} />
      {may("floor.monitor") ? <Monitoring agent={agent} /> : null}
      {may("floor.force_state") ? (
        <>
          <h2>{t("floor.force")}</h2>
          <ForceState key={agent.agent_id} agent={agent} />
        </>
      ) : null}
      <span className="quiet">{t("floor.audited")}</span>
    </section>
  );
}
