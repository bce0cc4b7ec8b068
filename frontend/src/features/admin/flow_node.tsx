/** A step as it is drawn: number, id and kind, a line of its content, and one row with a handle for each way out. */
import { Handle, Position, type Node, type NodeProps } from "@xyflow/react";
import { memo } from "react";
import { NEW_KEY } from "./flow_graph";
import type { Measures } from "./flow_layout";

export interface DrawnExit {
  field: string;
  label: string;
  isOpen: boolean;
}

/** Everything that is drawn, as text: a node is drawn again only when this changes. */
export interface StepData extends Record<string, unknown> {
  number: number;
  kind: string;
  content: string;
  exits: readonly DrawnExit[];
  marks: readonly string[];
  /** Says that the flow begins here; empty elsewhere. */
  first: string;
  isBad: boolean;
  isUnreached: boolean;
  isWalked: boolean;
  measures: Measures;
}

export type StepNode = Node<StepData, "step">;

/** Handles lie where the style sheet puts them, so that edges are right before a step was ever on screen. */
export function handlesOf({ exits, measures }: StepData): NonNullable<StepNode["handles"]> {
  const { width, head, text, row } = measures;
  const incoming = { type: "target" as const, position: Position.Left, x: -6, y: head / 2 - 6, width: 12, height: 12 };
  const outgoing = exits.map(({ field }, place) => ({
    id: field,
    type: "source" as const,
    position: Position.Right,
    x: width - 6,
    y: head + text + row * (place + 0.5) - 6,
    width: 12,
    height: 12,
  }));
  return [incoming, ...outgoing];
}

export function classOf({ isBad, isUnreached, isWalked }: StepData): string {
  return [isBad && "bad", isUnreached && "unreached", isWalked && "walked"].filter(Boolean).join(" ");
}

export const FlowNode = memo(function FlowNode({ id, data }: NodeProps<StepNode>) {
  const { head, text, row } = data.measures;
  return (
    <div className="flow-node-body">
      <Handle type="target" position={Position.Left} style={{ top: head / 2 }} />
      <div className="flow-node-head" style={{ height: head }}>
        <span className="digits">{data.number}</span>
        <strong>{id}</strong>
        <span className="quiet">{data.kind}</span>
      </div>
      <div className="flow-node-content" style={{ height: text }}>
        {data.first ? <span className="flow-first">{data.first}</span> : null}
        {data.marks.map((mark) => (
          <span key={mark} className="flow-mark">
            {mark}
          </span>
        ))}
        <span className="flow-node-said">{data.content}</span>
      </div>
      {data.exits.map(({ field, label, isOpen }, place) => (
        <div key={field} className={`flow-node-exit${isOpen ? " open" : ""}`} style={{ height: row }}>
          <span>{label}</span>
          <Handle
            id={field}
            type="source"
            position={Position.Right}
            className={field === NEW_KEY ? "new-key" : undefined}
            style={{ top: head + text + row * (place + 0.5) }}
          />
        </div>
      ))}
    </div>
  );
});
