import { describe, expect, it } from "vitest";
import { whySentences } from "@/features/floor/why_words";
import type { WhyWaiting } from "@/live/documents";
import en from "@/words/en.json";
import type { Translate } from "@/words";

const ASKED = 1_772_000_000_000;
const WAITS: WhyWaiting = {
  contact_id: "k1",
  queue_id: "water",
  tenant_id: "t1",
  stage: "waiting",
  asked_ms: ASKED,
  is_front: false,
  is_called_back: false,
  is_node_away: false,
  sent_by_id: null,
  returns_at_ms: null,
  is_unanswered: false,
  callback_due_ms: null,
  offered_agent_id: null,
  kept_for_id: null,
  kept_until_ms: null,
  ahead: 0,
  ring: 0,
  rings: 1,
  needs: [],
  preferred: [],
  able: {},
  later: 0,
  unable: 0,
  absent: 0,
  agents: [],
  next_step: null,
  reserve: null,
};

/** The English catalogue, without the window that i18next needs. */
const t: Translate = (key, values = {}) => {
  const [room = "", word = ""] = key.split(".");
  const texts = (en as Record<string, Record<string, string>>)[room] ?? {};
  return (texts[word] ?? key).replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
};
const called = {
  queue: (id: string | null) => `queue ${id ?? "-"}`,
  agent: (id: string | null) => `agent ${id ?? "-"}`,
  skill: (id: string) => `skill ${id}`,
};
const said = (changes: Partial<WhyWaiting>) => whySentences({ ...WAITS, ...changes }, called, ASKED + 10_000, t);

describe("why a contact waits", () => {
  it.each<[string, Partial<WhyWaiting>, string]>([
    ["nobody has the skill", { needs: [["a", 3]], unable: 2 }, "nobody can ever take it"],
    ["skills and levels", { needs: [["a", 3]], absent: 1 }, "Needs skill a (level 3 or better)."],
    ["preferred ones", { preferred: [["b", 1]] }, "Looks first for skill b."],
    ["its place", { ahead: 4 }, "In its queue 4 go before it."],
    ["the first", {}, "Comes next in its queue."],
    ["cut off", { is_front: true, ahead: 4 }, "goes before all others"],
    ["what keeps them", { able: { busy: 2, away: 1 } }, "3 signed in may take it now: 2 in conversation, 1 away."],
    ["nobody here", { absent: 2 }, "Nobody who is signed in may take it now."],
    ["absent ones", { absent: 2 }, "2 who could take it are not signed in."],
    ["later rings", { later: 2 }, "2 more may take it in a later ring."],
    ["background", { reserve: 3, able: { idle: 2 } }, "more than 3 must be idle"],
    [
      "handed over",
      { sent_by_id: "ann", returns_at_ms: ASKED + 40_000 },
      "agent ann handed it over; goes back in 0:30",
    ],
    [
      "taken by nobody",
      { sent_by_id: "ann", returns_at_ms: ASKED, is_unanswered: true },
      "agent ann, who handed it over",
    ],
    ["its node away", { is_node_away: true }, "offered to nobody until that is back"],
    ["ringing", { stage: "proposed", offered_agent_id: "ann" }, "Rings at agent ann now."],
    ["kept", { kept_for_id: "ann", kept_until_ms: ASKED + 30_000 }, "Waits for agent ann alone; in 0:20"],
    ["called back", { stage: "scheduled", callback_due_ms: ASKED + 70_000 }, "Is called back in 1:00."],
  ])("%s", (_, changes, sentence) => expect(said(changes).join(" ")).toContain(sentence));

  it.each<[WhyWaiting["next_step"], string]>([
    [{ kind: "ring", due_ms: ASKED + 30_000, ring: 1, queue_id: null, agents: 5 }, "Ring 2 in 0:20: 5 more"],
    [{ kind: "foreground", due_ms: ASKED + 30_000, ring: 1, queue_id: null, agents: 0 }, "no quiet hour any more"],
    [{ kind: "overflow", due_ms: ASKED + 30_000, ring: null, queue_id: "q", agents: 0 }, "In 0:20 it goes to queue q."],
    [{ kind: "leave", due_ms: ASKED + 30_000, ring: null, queue_id: "q", agents: 0 }, "too long and goes to queue q"],
    [{ kind: "leave", due_ms: ASKED, ring: null, queue_id: null, agents: 0 }, "In 0:00 it has waited too long"],
  ])("what happens next: %o", (next_step, sentence) => expect(said({ next_step }).at(-1)).toContain(sentence));

  it("rings are counted from one", () => expect(said({ ring: 1, rings: 3 })).toContain("Now ring 2 of 3."));
});
