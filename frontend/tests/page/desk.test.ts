import { expect, test } from "vitest";
import { sentenceOf } from "@/api/http";
import { suggestedReasons } from "@/features/desk/dispositions";
import { joinedNotes, withTakenOver } from "@/features/desk/handed_over";
import { ActionRefused } from "@/live/connection";
import { setLanguage, startWords } from "@/words";

const leaf = (id: string) => ({ id, label: id.toUpperCase() });

test("reasons used last come first, the tenant's first ones fill up, none comes twice, and unknown ones are left out", () => {
  const reasons = ["a", "b", "c", "d"].map(leaf);
  expect(suggestedReasons(reasons, ["c", "gone", "a"], 3).map((one) => one.id)).toEqual(["c", "a", "b"]);
  expect(suggestedReasons(reasons, [], 2).map((one) => one.id)).toEqual(["a", "b"]);
  expect(suggestedReasons([], ["a"], 2)).toEqual([]);
});

test("what the switch refuses is told in the reader's language", () => {
  startWords();
  const refusal = new ActionRefused("live.unknown_target", "There is no queue.", { kind: "queue" });
  setLanguage("zh");
  expect(sentenceOf(refusal)).toBe("没有您可以操作的这个queue。");
  setLanguage("en");
  expect(sentenceOf(refusal)).toBe("There is no queue.");
});

test("what the agent before noted comes before one's own, never twice, and empty lines make room", () => {
  const matter = (id: string, note = "") => ({ disposition_id: id, outcome_id: null, note });
  expect(withTakenOver([matter("")], [matter("leak")])).toEqual([matter("leak")]);
  expect(withTakenOver([matter("bill")], [matter("leak")])).toEqual([matter("leak"), matter("bill")]);
  expect(withTakenOver([matter("leak")], [matter("leak")])).toEqual([matter("leak")]);
  expect(withTakenOver([matter("")], [])).toEqual([matter("")]);
  expect(joinedNotes("", "sixth floor")).toBe("sixth floor");
  expect(joinedNotes("call back", "sixth floor")).toBe("sixth floor\ncall back");
  expect(joinedNotes("sixth floor\ncall back", "sixth floor")).toBe("sixth floor\ncall back");
});
