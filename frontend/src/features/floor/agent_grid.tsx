import { useMemo } from "react";
import type { AgentDocument } from "@/live/documents";
import { Elapsed } from "@/shared/clocks";
import { LiveGrid, type Column } from "@/shared/live_grid";
import { useAwayReasonNames, type Names } from "@/shared/live_names";
import { StateTag, useReasonText } from "@/shared/state_tag";
import { useWords } from "@/words";

interface Props {
  agents: readonly AgentDocument[];
  queues: Names;
  openId?: string;
  onOpen: (agent: AgentDocument) => void;
}

function Reason({ agent }: { agent: AgentDocument }) {
  const reasonText = useReasonText();
  return reasonText(agent.reason, useAwayReasonNames());
}

export function AgentGrid({ agents, queues, openId, onOpen }: Props) {
  const { t } = useWords();
  const columns = useMemo<Column<AgentDocument>[]>(
    () => [
      { key: "name", title: t("floor.agent"), width: "minmax(120px, 2fr)", cell: (agent) => agent.name },
      {
        key: "state",
        title: t("floor.state"),
        width: "minmax(130px, 2fr)",
        cell: (agent) => <StateTag state={agent.state} />,
      },
      {
        key: "since",
        title: t("floor.for"),
        width: "80px",
        cell: (agent) => <Elapsed sinceMs={agent.since_ms} />,
      },
      {
        key: "queue",
        title: t("floor.queue"),
        width: "minmax(100px, 2fr)",
        cell: (agent) => (agent.queue_id ? queues.get(agent.queue_id) : null),
      },
      {
        key: "reason",
        title: t("general.reason"),
        width: "minmax(100px, 2fr)",
        cell: (agent) => <Reason agent={agent} />,
      },
    ],
    [t, queues],
  );
  return (
    <LiveGrid
      label={t("floor.title")}
      columns={columns}
      rows={agents}
      rowKey={(agent) => agent.agent_id}
      onOpen={onOpen}
      openKey={openId}
      height="calc(100vh - 160px)"
    />
  );
}
