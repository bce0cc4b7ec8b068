/** Languages of agents and customers by their codes (ISO 639), in the reader's words. */
import { isWord, type Translate } from "@/words";

export function languageName(t: Translate, code: string): string {
  const key = `languages.${code}`;
  return isWord(key) ? t(key) : code;
}
