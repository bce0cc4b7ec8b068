import { expect, it } from "vitest";
import { adapted, withUnused } from "@/features/admin/record_drawer";
import { RESOURCES } from "@/features/admin/resources";

const fields = RESOURCES["entry-points"]?.fields ?? [];
const named = (values: Record<string, unknown>) => new Map(adapted(fields, values).map((field) => [field.name, field]));

it("an entry point for writing wants a queue and no flow, one for calls a flow", () => {
  const chat = named({ channel: "chat" });
  const voice = named({ channel: "voice" });
  expect([chat.has("flow_id"), chat.has("recording"), chat.has("calendar_id")]).toEqual([false, false, true]);
  expect([voice.has("flow_id"), voice.has("recording"), voice.has("calendar_id")]).toEqual([true, true, false]);
  expect([chat.get("fallback_queue_id")?.isRequired, voice.get("fallback_queue_id")?.isRequired]).toEqual([
    true,
    undefined,
  ]);
});

it("what has no use any more is let go where it names another record, and else stays as it was", () => {
  const before = { channel: "voice", flow_id: "f1", recording: "always", calendar_id: null };
  const after = withUnused(fields, before, { channel: "chat", calendar_id: "c1" });
  expect(after).toMatchObject({ flow_id: null, recording: "always", calendar_id: "c1" });
});
