/** The documents of the live store, as docs/live-protocol.md lists them. */
import type { Bilingual } from "@/words";

/** `form`: a web form. Whatever is not voice is written. */
export type Channel = "voice" | "sms" | "chat" | "email" | "letter" | "counter" | "form";

export type AgentState = "available" | "offered" | "busy" | "wrap_up" | "away" | "signed_out";

export interface MeDocument {
  /** Null, like the state, for people without a post. */
  agent_id: string | null;
  name: string;
  state: AgentState | null;
  since_ms: number;
  reason: string | null;
  requested_state: string | null;
  is_mirror: boolean;
  queues: string[];
  capacity: Record<string, number>;
  reserves: ReserveEntry[];
  /** Where they sit; null at home. */
  seat: { seat_id: string; site_id: string; label: string } | null;
}

/** A reserve team of the agent's that is called (works from `until_ms`) or at work. */
export interface ReserveEntry {
  tier_id: string;
  name: Bilingual;
  step: "called" | "started";
  until_ms: number | null;
  skills: Bilingual[];
}

export interface OfferDocument {
  offer_id: string;
  contact_id: string;
  channel: Channel;
  kind: "queue" | "transfer" | "consult";
  queue_id: string | null;
  queue_name: Bilingual | null;
  expires_ms: number;
  asked_ms: number;
  customer_id: string | null;
  priority: number;
  language: string;
  menu_path: string[];
  returned: ReturnedDocument | null;
  is_simulated: boolean;
}

/** The contact's last transfer failed, and why. */
export interface ReturnedDocument {
  agent_id: string;
  cause: string;
  at_ms: number;
}

/** A call-back that is promised to the customer in hand, and what the agent has said of it. */
export interface PromiseDocument {
  contact_id: string;
  queue_id: string;
  queue_name: Bilingual | null;
  asked_ms: number;
  attempts: number;
  is_kept: boolean;
}

export interface TransferDocument {
  transfer_id: string;
  kind: "blind" | "consult";
  target_kind: "queue" | "agent" | "number";
  /** Null for a number. */
  target: string | null;
  target_agent_id: string | null;
  /** Who sent it. */
  agent_id: string;
  is_answered: boolean;
  /** A conference of customer, sender and consulted side. */
  is_merged: boolean;
  /** True for the one who is asked. */
  is_target: boolean;
}

export type ContactState = "talking" | "held" | "consulting" | "conference" | "leg_lost" | "wrap_up";

export interface ContactDocument {
  contact_id: string;
  channel: Channel;
  /** Of a written contact: its latest message that the switch was told of; 0 none. */
  message_seq: number;
  state: ContactState;
  /** Null, like its times, for somebody who is only being consulted. */
  interaction_id: string | null;
  queue_id: string | null;
  connected_ms: number | null;
  hold_ms: number | null;
  held_since_ms: number | null;
  wrap_until_ms: number | null;
  transfer: TransferDocument | null;
  returned: ReturnedDocument | null;
  /** The node that carries it is out of reach: it goes on, or is lost; nobody can say which. */
  is_node_away: boolean;
  promises: PromiseDocument[];
  wait_ms: number;
  customer_id: string | null;
  is_simulated: boolean;
  monitored: boolean;
}

export interface AgentDocument {
  agent_id: string;
  name: string;
  team_id: string | null;
  site_id: string | null;
  seat_id: string | null;
  tenant_ids: string[];
  state: AgentState;
  reason: string | null;
  since_ms: number;
  contact_id: string | null;
  queue_id: string | null;
  is_simulated: boolean;
  monitoring: MonitoringEntry[];
}

export interface MonitoringEntry {
  monitoring_id: string;
  supervisor_id: string;
  mode: "listen" | "whisper" | "barge";
}

export interface WaitingDocument {
  contact_id: string;
  channel: Channel;
  tenant_id: string;
  queue_id: string;
  asked_ms: number;
  priority: number;
  language: string;
  customer_id: string | null;
  is_offered: boolean;
  is_simulated: boolean;
}

export interface ServiceLevelCount {
  answered_in_time: number;
  asked: number;
}

export interface AgentCounts {
  available: number;
  offered: number;
  busy: number;
  wrap_up: number;
  away: number;
}

export interface BoardDocument {
  tenant_id: string;
  waiting: number;
  longest_asked_ms: number | null;
  service_level_interval: ServiceLevelCount;
  service_level_today: ServiceLevelCount;
  /** Hundredths of a per cent; null for a total whose queues differ. */
  target: number | null;
  threshold_s: number | null;
  abandoned_today: number;
  /** Out of the queue without an agent in the last 15 minutes, and not asked again. */
  blocked_lately: number;
  asked_today: number;
  agents: AgentCounts;
  is_simulated: boolean;
}

export interface QueueDocument extends BoardDocument {
  queue_id: string;
  /** Of somebody who asks now; null while nobody knows. */
  expected_wait_s: number | null;
  /** By how much that was wrong lately in the mean; null while too few have waited to tell. */
  expected_wait_error_s: number | null;
  name: Bilingual;
  is_disaster: boolean;
  disaster_since_ms: number | null;
  /** Null also while the switch does not know the name. */
  disaster_by_name: string | null;
}

export interface SiteDocument {
  site_id: string;
  name: Bilingual | null;
  /** Those that the viewer shares. */
  tenant_ids: string[];
  /** Its agents serve other tenants too: who does not supervise those cannot mark it. */
  is_shared: boolean;
  agents: AgentCounts;
  /** Each counted once; null for those whose site it is not. */
  seats: { free: number; in_use: number; broken: number; reserve: number } | null;
  is_down: boolean;
  down_since_ms: number | null;
  down_by_name: string | null;
}

export type SeatFault = "computer" | "headset" | "network" | "power" | "furniture" | "other";

export interface SeatDocument {
  seat_id: string;
  site_id: string;
  tenant_id: string;
  label: string;
  is_reserve: boolean;
  /** Who sits there, also while it is out of order. */
  agent_id: string | null;
  /** Why it is out of order; null when it is not. */
  fault: SeatFault | null;
  /** Null where the registry says so and not the floor. */
  fault_since_ms: number | null;
  fault_by_name: string | null;
}

export interface TierDocument {
  tier_id: string;
  ladder_id: string;
  tenant_id: string;
  position: number;
  name: Bilingual;
  queue_ids: string[];
  members: number;
  trigger: "wait" | "length" | "service_level" | "abandoned";
  threshold: number;
  step: "called" | "started" | null;
  since_ms: number | null;
  until_ms: number | null;
  is_by_hand: boolean;
  by_name: string | null;
  /** Called by hand: its ladder does not send it back before. */
  keep_until_ms: number | null;
  /** When it was called; shares in hundredths of a per cent, -1 when nobody had asked. */
  before: { wait_s: number; length: number; service_level: number; abandoned: number } | null;
}

/** A promised call-back; without `due_ms` it is called in its turn. */
export interface CallbackDocument {
  contact_id: string;
  tenant_id: string;
  queue_id: string;
  asked_ms: number;
  due_ms: number | null;
  attempts: number;
  is_simulated: boolean;
}

export interface AlarmDocument {
  alarm_id: string;
  tenant_id: string;
  queue_id: string;
  queue_name: Bilingual;
  kind: "service_level" | "abandoned" | "blocked";
  since_ms: number;
  raised_ms: number;
  /** Of the last 15 minutes. */
  level: ServiceLevelCount;
  target: number;
  threshold_s: number;
  owner_id: string | null;
  owner_name: string | null;
  acknowledged_ms: number | null;
  silence_reason: "known_cause" | "planned_work" | "false_alarm" | null;
  is_simulated: boolean;
}

export interface SystemDocument {
  server_ms: number;
  has_voice: boolean;
  nodes: { node_id: string; is_connected: boolean; has_voice: boolean }[];
  is_simulated: boolean;
}

/** What keeps an agent who may take a contact; `full`: at work on other channels as much as they can. */
export type AgentCondition = "idle" | "offered" | "busy" | "wrap_up" | "away" | "disconnected" | "site_down" | "full";

/** Why a contact waits still: the answer to Explain. `able`: signed-in agents who may take it now, by what keeps them;
 * `later`: those of a later ring; `unable`: those who never may; `absent`: able ones who are not signed in. */
export interface WhyWaiting {
  contact_id: string;
  queue_id: string;
  tenant_id: string;
  stage: "waiting" | "proposed" | "scheduled";
  asked_ms: number;
  is_front: boolean;
  is_called_back: boolean;
  /** The node that carries it is out of reach: it is offered to nobody until that is back. */
  is_node_away: boolean;
  /** Who has handed it over to this queue, when it goes back if nobody takes it, and whether that time is over. */
  sent_by_id: string | null;
  returns_at_ms: number | null;
  is_unanswered: boolean;
  callback_due_ms: number | null;
  offered_agent_id: string | null;
  kept_for_id: string | null;
  kept_until_ms: number | null;
  /** How many of its queue go before it. */
  ahead: number;
  /** From 0. */
  ring: number;
  rings: number;
  /** Skills with the least level. */
  needs: [string, number][];
  preferred: [string, number][];
  able: Partial<Record<AgentCondition, number>>;
  later: number;
  unable: number;
  absent: number;
  agents: { agent_id: string; condition: AgentCondition; since_ms: number }[];
  next_step: {
    kind: "ring" | "foreground" | "overflow" | "leave";
    due_ms: number;
    ring: number | null;
    queue_id: string | null;
    agents: number;
  } | null;
  /** Of background work: more agents than this must be idle. */
  reserve: number | null;
}
