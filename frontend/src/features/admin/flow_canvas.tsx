/** The flow as a drawing: steps as boxes, ways out as edges named by key or outcome; mouse and keys do the same. */
import { Button, theme } from "antd";
import {
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  type EdgeChange,
  type NodeChange,
  type ReactFlowInstance,
} from "@xyflow/react";
import { useEffect, useMemo, useRef, useState, type DragEvent, type KeyboardEvent, type RefObject } from "react";
import type { FlowLayout } from "@/api/flows";
import { useThemeName } from "@/shared/theme_context";
import { useWords, type WordKey } from "@/words";
import { useStepEdges, useStepNodes, usePlaces, type Drawn } from "./flow_drawing";
import type { FlowDraft } from "./flow_draft";
import { FlowEdge, type WayEdge } from "./flow_edge";
import { addAfter, connect } from "./flow_edits";
import { outlineOf } from "./flow_graph";
import { measuresFor } from "./flow_layout";
import { FlowNode, type StepNode } from "./flow_node";
import { DRAGGED_KIND } from "./flow_palette";
import "@xyflow/react/dist/base.css";

export interface CanvasProps extends Drawn {
  work: FlowDraft;
  chosen: string;
  news: string;
  onChoose: (id: string) => void;
  onRemove: (id: string) => void;
  onOpenForm: () => void;
}

const NODE_TYPES = { step: FlowNode };
const EDGE_TYPES = { way: FlowEdge };
/** Below this the words cannot be read: a flow that is larger opens at its first step. */
const READABLE = 0.7;
const FIT = { padding: 0.06, maxZoom: 1 };
const DIRECTIONS: Record<string, WordKey> = {
  up: "admin.moved_up",
  down: "admin.moved_down",
  left: "admin.moved_left",
  right: "admin.moved_right",
};

function useAriaWords() {
  const { t } = useWords();
  return useMemo(
    () => ({
      "node.a11yDescription.default": t("admin.canvas_keys"),
      "node.a11yDescription.keyboardDisabled": t("admin.canvas_keys"),
      "node.a11yDescription.ariaLiveMessage": ({ direction }: { direction: string }) =>
        t(DIRECTIONS[direction] ?? "admin.moved_up"),
      "edge.a11yDescription.default": t("admin.edge_keys"),
      "controls.ariaLabel": t("admin.canvas"),
      "controls.zoomIn.ariaLabel": t("admin.zoom_in"),
      "controls.zoomOut.ariaLabel": t("admin.zoom_out"),
      "controls.fitView.ariaLabel": t("admin.fit"),
      "controls.interactive.ariaLabel": t("admin.canvas"),
      "minimap.ariaLabel": t("admin.canvas"),
      "handle.ariaLabel": t("admin.handle"),
    }),
    [t],
  );
}

/** Brings the chosen step into view when it lies outside, and the focus to it when keys asked for that. */
function useFollowing(chosen: string, box: RefObject<HTMLDivElement | null>, wantsFocusRef: RefObject<boolean>): void {
  const flow = useReactFlow();
  useEffect(() => {
    const node = flow.getInternalNode(chosen);
    const frame = box.current?.getBoundingClientRect();
    if (!node || !frame) return undefined;
    const { x, y, zoom } = flow.getViewport();
    const { x: left, y: top } = node.internals.positionAbsolute;
    const { width = 0, height = 0 } = node.measured;
    const isInside =
      left * zoom + x >= 0 &&
      top * zoom + y >= 0 &&
      (left + width) * zoom + x <= frame.width &&
      (top + height) * zoom + y <= frame.height;
    if (!isInside) void flow.setCenter(left + width / 2, top + height / 2, { zoom });
    if (!wantsFocusRef.current) return undefined;
    wantsFocusRef.current = false;
    // A step that was out of view is in the page only after the next drawing.
    const later = setTimeout(() =>
      box.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(chosen)}"]`)?.focus(),
    );
    return () => clearTimeout(later);
  }, [chosen, flow, box, wantsFocusRef]);
}

/** The whole flow where it can be read so, else its beginning. */
function begin(flow: ReactFlowInstance<StepNode, WayEdge>, first: string, box: HTMLElement | null): void {
  const bounds = flow.getNodesBounds(flow.getNodes());
  const frame = box?.getBoundingClientRect();
  const start = flow.getInternalNode(first);
  if (!frame || !start) return;
  const fitting = Math.min(frame.width / (bounds.width * 1.1), frame.height / (bounds.height * 1.1));
  if (fitting >= READABLE) {
    void flow.fitView(FIT);
    return;
  }
  const { x, y } = start.internals.positionAbsolute;
  const middle = y + (start.measured.height ?? 0) / 2;
  void flow.setViewport({ x: 24 - x * READABLE, y: frame.height / 2 - middle * READABLE, zoom: READABLE });
}

function Toolbar({ work, news }: { work: FlowDraft; news: string }) {
  const { t } = useWords();
  const flow = useReactFlow();
  const isMoved = Object.keys(work.draft.layout).length > 0;
  return (
    <>
      <Panel position="bottom-center" className="flow-toolbar">
        <Button size="small" disabled={!isMoved} onClick={() => work.change({ layout: {} })} data-testid="tidy">
          {t("admin.tidy")}
        </Button>
        <Button size="small" aria-label={t("admin.zoom_out")} onClick={() => void flow.zoomOut()}>
          −
        </Button>
        <Button size="small" onClick={() => void flow.fitView(FIT)} data-testid="fit">
          {t("admin.fit")}
        </Button>
        <Button size="small" aria-label={t("admin.zoom_in")} onClick={() => void flow.zoomIn()}>
          +
        </Button>
        <Button size="small" disabled={!work.canUndo} onClick={work.undo} data-testid="undo">
          {t("admin.undo")}
        </Button>
        <Button size="small" disabled={!work.canRedo} onClick={work.redo}>
          {t("admin.redo")}
        </Button>
      </Panel>
      <Panel position="top-left" className="flow-news" role="status">
        {news}
      </Panel>
    </>
  );
}

/** Positions while a step is dragged; the draft learns of them when it is let go. */
function useMoving(work: FlowDraft) {
  const [dragged, setDragged] = useState<FlowLayout>({});
  const take = (changes: NodeChange<StepNode>[]) => {
    for (const change of changes) {
      if (change.type !== "position" || !change.position) continue;
      const { id, position } = change;
      const place = { x: Math.round(position.x), y: Math.round(position.y) };
      if (change.dragging) setDragged({ [id]: place });
      else {
        setDragged({});
        work.change({ layout: { ...work.draft.layout, [id]: place } }, `move ${id}`);
      }
    }
  };
  return { dragged, take };
}

function Drawing(props: CanvasProps) {
  const { work, definition, problems, walked, chosen, onChoose } = props;
  const { t } = useWords();
  const flow = useReactFlow();
  const box = useRef<HTMLDivElement>(null);
  const wantsFocusRef = useRef(false);
  const themeName = useThemeName();
  const { token } = theme.useToken();
  const measures = useMemo(() => measuresFor(token.fontSize), [token.fontSize]);
  const moving = useMoving(work);
  const [chosenEdge, setChosenEdge] = useState("");
  const places = usePlaces(definition, work.draft.layout, measures);
  const shownPlaces = useMemo(() => ({ ...places, ...moving.dragged }), [places, moving.dragged]);
  const drawn = { definition, problems, walked };
  const nodes = useStepNodes(drawn, shownPlaces, measures, chosenEdge ? "" : chosen);
  const edges = useStepEdges(drawn, chosenEdge);
  useFollowing(chosen, box, wantsFocusRef);
  const ariaWords = useAriaWords();

  const choose = (id: string) => {
    setChosenEdge("");
    onChoose(id);
  };
  const lead = (source: string, field: string, target: string | null) =>
    work.change({ definition: connect(definition, source, field, target) });
  const takeNodeChanges = (changes: NodeChange<StepNode>[]) => {
    const picked = changes.find((change) => change.type === "select" && change.selected);
    if (picked?.type === "select") choose(picked.id);
    moving.take(changes);
  };
  const takeEdgeChanges = (changes: EdgeChange<WayEdge>[]) => {
    const picked = changes.find((change) => change.type === "select" && change.selected);
    if (picked?.type === "select") setChosenEdge(picked.id);
  };
  const removeChosen = () => {
    const edge = edges.find(({ id }) => id === chosenEdge);
    if (edge) lead(edge.source, edge.sourceHandle ?? "", null);
    else {
      wantsFocusRef.current = true;
      props.onRemove(chosen);
    }
    setChosenEdge("");
  };
  const go = (way: 1 | -1) => {
    const outline = outlineOf(definition);
    const next = outline[outline.indexOf(chosen) + way];
    if (next === undefined) return;
    wantsFocusRef.current = true;
    choose(next);
  };
  const takeKey = (event: KeyboardEvent) => {
    const isOnStep = event.target instanceof HTMLElement && event.target.matches(".react-flow__node");
    const act: Record<string, () => void> = {
      Enter: props.onOpenForm,
      Delete: removeChosen,
      Backspace: removeChosen,
      PageDown: () => go(1),
      PageUp: () => go(-1),
    };
    const wanted = act[event.key];
    if (!wanted || !(isOnStep || (chosenEdge && event.key !== "Enter")) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    wanted();
  };
  const drop = (event: DragEvent) => {
    const kind = event.dataTransfer.getData(DRAGGED_KIND);
    if (!kind) return;
    event.preventDefault();
    const onto = (event.target as HTMLElement).closest<HTMLElement>(".react-flow__node")?.dataset.id ?? "";
    const { definition: next, id } = addAfter(definition, onto, kind);
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const layout = onto ? work.draft.layout : { ...work.draft.layout, [id]: { x: Math.round(x), y: Math.round(y) } };
    work.change({ definition: next, layout });
    choose(id);
  };

  return (
    <div
      ref={box}
      className="flow-canvas"
      role="group"
      aria-label={t("admin.canvas")}
      onKeyDown={takeKey}
      onDrop={drop}
      onDragOver={(event) => event.preventDefault()}
    >
      <ReactFlow<StepNode, WayEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        colorMode={themeName}
        ariaLabelConfig={ariaWords}
        onlyRenderVisibleElements
        onInit={(instance) => begin(instance, definition.first_step, box.current)}
        minZoom={0.03}
        maxZoom={1.6}
        edgesFocusable={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        zoomOnDoubleClick={false}
        connectionRadius={36}
        onNodesChange={takeNodeChanges}
        onEdgesChange={takeEdgeChanges}
        onPaneClick={() => setChosenEdge("")}
        onConnect={({ source, sourceHandle, target }) => lead(source, sourceHandle ?? "", target)}
        onReconnect={(edge, { target }) => lead(edge.source, edge.sourceHandle ?? "", target)}
        proOptions={{ hideAttribution: true }}
      >
        <Toolbar work={work} news={props.news} />
      </ReactFlow>
    </div>
  );
}

export function FlowCanvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Drawing {...props} />
    </ReactFlowProvider>
  );
}
