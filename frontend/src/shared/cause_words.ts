/** Codes that the centre writes down (why something ended, how a step went out), in the reader's language. */
import { isWord, useWords } from "@/words";

export function useCauseText(): (code: string) => string {
  const { t } = useWords();
  return (code) => {
    const key = `causes.${code}`;
    return isWord(key) ? t(key) : code;
  };
}
