/** What the switch refuses, in the reader's language. It says it in English; the Chinese is the server's own catalogue. */
import chinese from "../../../src/hotline/foundation/catalogue/zh.json";
import { currentLanguage, isWord, translate } from ".";

const SENTENCES: Readonly<Record<string, string>> = chinese;
const OF_THE_SWITCH = /^(live|routing)\./;

/** The sentence of a refusal by the switch; empty when its own is as good. */
export function refusalInWords(code: string, data: Record<string, unknown>): string {
  const ours = `general.${code.replace(/^live\./, "")}`;
  if (isWord(ours)) return translate(ours);
  if (currentLanguage() === "en" || !OF_THE_SWITCH.test(code)) return "";
  return (SENTENCES[code] ?? "").replace(/\{(\w+)\}/g, (_, name: string) => String(data[name] ?? ""));
}
