/** Short notices, from anywhere on the page. */
import { App } from "antd";
import { useCallback } from "react";
import { sentenceOf } from "@/api/http";

export function useNotices(): {
  good: (text: string) => void;
  bad: (error: unknown) => void;
  warn: (text: string) => void;
} {
  const { message } = App.useApp();
  const good = useCallback((text: string) => void message.success(text), [message]);
  const warn = useCallback((text: string) => void message.warning(text, 6), [message]);
  const bad = useCallback((error: unknown) => void message.error(sentenceOf(error), 6), [message]);
  return { good, bad, warn };
}
