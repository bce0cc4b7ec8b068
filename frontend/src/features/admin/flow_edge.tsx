/** A way between two steps; its name stands where it arrives, since it leaves beside the same word. */
import { BaseEdge, EdgeLabelRenderer, getBezierPath, type Edge, type EdgeProps } from "@xyflow/react";

export interface WayData extends Record<string, unknown> {
  /** The keys and outcomes of all ways between the two steps; empty where another way says it. */
  label: string;
  /** How many other steps' names stand at the same place. */
  place: number;
}

export type WayEdge = Edge<WayData, "way">;

export function FlowEdge(props: EdgeProps<WayEdge>) {
  const { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data, markerEnd } = props;
  const [path] = getBezierPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition });
  const y = targetY - 11 - (data?.place ?? 0) * 18;
  return (
    <>
      <BaseEdge path={path} markerEnd={markerEnd} interactionWidth={24} />
      {data?.label ? (
        <EdgeLabelRenderer>
          <div
            className="flow-edge-name"
            style={{ transform: `translate(-100%, -50%) translate(${targetX - 8}px, ${y}px)` }}
          >
            {data.label}
          </div>
        </EdgeLabelRenderer>
      ) : null}
    </>
  );
}
