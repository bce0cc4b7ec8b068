import { expect, test } from "vitest";
import { sentenceOf } from "@/api/http";
import { suggestedReasons } from "@/features/desk/dispositions";
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
