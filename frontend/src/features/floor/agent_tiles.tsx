/** Tiles of a fixed size in a virtual list of rows; arrows move between them, Enter opens. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import type { AgentDocument } from "@/live/documents";
import { Elapsed } from "@/shared/clocks";
import { useDisplay } from "@/shared/display";
import { isComposing } from "@/shared/hotkeys";
import { useAwayReasonNames, type Names } from "@/shared/live_names";
import { StateTag, useReasonText } from "@/shared/state_tag";
import { useWords } from "@/words";

const TILE_WIDTH_EM = 12;
/** Three lines of text, the gaps between them and the border. */
const TILE_HEIGHT_EM = 5.3;

interface Props {
  agents: readonly AgentDocument[];
  queues: Names;
  openId?: string;
  onOpen: (agent: AgentDocument) => void;
}

function useColumns(place: React.RefObject<HTMLDivElement | null>, tileWidth: number): number {
  const [columns, setColumns] = useState(5);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const measure = () => setColumns(Math.max(1, Math.floor(element.clientWidth / tileWidth)));
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [place, tileWidth]);
  return columns;
}

export function AgentTiles({ agents, queues, openId, onOpen }: Props) {
  const { t } = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const { textSize } = useDisplay();
  const columns = useColumns(scroller, textSize * TILE_WIDTH_EM);
  const [active, setActive] = useState(0);
  const rowCount = Math.ceil(agents.length / columns);
  const tileHeight = Math.round(textSize * TILE_HEIGHT_EM);
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer redraws by itself, memoised or not
  const virtual = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => tileHeight + 6,
    overscan: 4,
  });
  useEffect(() => virtual.measure(), [virtual, tileHeight]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
    const agent = agents[active];
    const step = steps[event.key];
    if (event.key === "Enter" && agent) return onOpen(agent);
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.min(Math.max(active + step, 0), agents.length - 1);
    setActive(next);
    virtual.scrollToIndex(Math.floor(next / columns));
  };

  return (
    <div
      ref={scroller}
      className="tiles"
      role="grid"
      aria-label={t("floor.title")}
      aria-rowcount={rowCount}
      aria-colcount={columns}
      aria-activedescendant={agents[active] ? `tile-${agents[active].agent_id}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {virtual.getVirtualItems().map((row) => (
          <div
            key={row.key}
            role="row"
            aria-rowindex={row.index + 1}
            className="tile-row"
            style={{ transform: `translateY(${row.start}px)`, gridTemplateColumns: `repeat(${columns}, 1fr)` }}
          >
            {agents.slice(row.index * columns, (row.index + 1) * columns).map((agent, column) => (
              <Tile
                key={agent.agent_id}
                agent={agent}
                queues={queues}
                height={tileHeight}
                isOpen={agent.agent_id === openId}
                isActive={row.index * columns + column === active}
                onOpen={() => {
                  setActive(row.index * columns + column);
                  onOpen(agent);
                }}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

interface TileProps {
  agent: AgentDocument;
  queues: Names;
  height: number;
  isOpen: boolean;
  isActive: boolean;
  onOpen: () => void;
}

function Tile({ agent, queues, height, isOpen, isActive, onOpen }: TileProps) {
  const reasonText = useReasonText();
  const reasons = useAwayReasonNames();
  const classes = ["tile", isOpen && "open", isActive && "active"].filter(Boolean).join(" ");
  const queue = agent.queue_id ? queues.get(agent.queue_id) : undefined;
  const why = queue ?? reasonText(agent.reason, reasons);
  return (
    <div
      role="gridcell"
      id={`tile-${agent.agent_id}`}
      className={classes}
      style={{ height }}
      aria-selected={isOpen}
      onClick={onOpen}
    >
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
    </div>
  );
}
