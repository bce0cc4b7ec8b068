/** Names of queues and agents by id, from the live boards; ids that nobody named stay unknown. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { fetchAwayReasons, fetchTransferTargets } from "@/api/desk";
import type { AgentDocument, MeDocument, QueueDocument } from "@/live/documents";
import { useDocument, useDocuments } from "@/live/hooks";
import { useWords } from "@/words";
import { useMay } from "./session";

export type Names = ReadonlyMap<string, string>;

/** For screens that watch the floor or wallboard board, or for agents by what they can transfer to. */
export function useNames(): { queues: Names; agents: Names } {
  const { text } = useWords();
  const may = useMay();
  const me = useDocument<MeDocument>("me");
  const queues = useDocuments<QueueDocument>("queue/");
  const agents = useDocuments<AgentDocument>("agent/");
  const targets = useQuery({
    queryKey: ["transfer-targets"],
    queryFn: fetchTransferTargets,
    enabled: may("desk.use"),
    staleTime: 60_000,
  });
  return useMemo(
    () => ({
      queues: new Map([
        ...(targets.data?.queues ?? []).map((queue) => [queue.queue_id, text(queue.name)] as const),
        ...queues.map((queue) => [queue.queue_id, text(queue.name)] as const),
      ]),
      agents: new Map([
        ...(me?.agent_id ? [[me.agent_id, me.name] as const] : []),
        ...(targets.data?.agents ?? []).map((agent) => [agent.agent_id, agent.name] as const),
        ...agents.map((agent) => [agent.agent_id, agent.name] as const),
      ]),
    }),
    [queues, agents, targets.data, me, text],
  );
}

export function useAwayReasonNames(): Names {
  const { text } = useWords();
  const may = useMay();
  const reasons = useQuery({
    queryKey: ["away-reasons"],
    queryFn: fetchAwayReasons,
    enabled: may("desk.use"),
    staleTime: 300_000,
  });
  return useMemo(
    () => new Map((reasons.data ?? []).map((reason) => [reason.away_reason_id, text(reason.name)])),
    [reasons.data, text],
  );
}
