/** The floor as a tile for each agent. */
import type { AgentDocument } from "@/live/documents";
import { Elapsed } from "@/shared/clocks";
import { useAwayReasonNames, type Names } from "@/shared/live_names";
import { StateTag, useReasonText } from "@/shared/state_tag";
import { useWords } from "@/words";
import { TileGrid } from "./tile_grid";

interface Props {
  agents: readonly AgentDocument[];
  queues: Names;
  openId?: string;
  onOpen: (agent: AgentDocument) => void;
}

export function AgentTiles({ agents, queues, openId, onOpen }: Props) {
  const { t } = useWords();
  return (
    <TileGrid
      label={t("floor.title")}
      items={agents}
      keyOf={(agent) => agent.agent_id}
      openKey={openId}
      onOpen={onOpen}
      tile={(agent) => <Tile agent={agent} queues={queues} />}
    />
  );
}

function Tile({ agent, queues }: { agent: AgentDocument; queues: Names }) {
  const reasonText = useReasonText();
  const reasons = useAwayReasonNames();
  const queue = agent.queue_id ? queues.get(agent.queue_id) : undefined;
  const why = queue ?? reasonText(agent.reason, reasons);
  return (
    <>
      <div className="row" style={{ gap: 6, flexWrap: "nowrap" }}>
        <span className="tile-name grow" title={agent.name}>
          {agent.name}
        </span>
        <Elapsed sinceMs={agent.since_ms} />
      </div>
      <StateTag state={agent.state} />
      <div className="quiet tile-name" title={why}>
        {why}
      </div>
    </>
  );
}
