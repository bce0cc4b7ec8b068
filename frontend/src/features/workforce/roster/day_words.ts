/** Days of a roster in words of the chosen language. */
import { useMemo } from "react";
import { useWords } from "@/words";

export interface DayWords {
  /** `Mo` */
  weekday: (first: string, day: number) => string;
  /** `2` */
  date: (first: string, day: number) => string;
  /** `Thu 5 Mar` */
  long: (first: string, day: number) => string;
  isMonday: (first: string, day: number) => boolean;
  isWeekend: (first: string, day: number) => boolean;
}

function moment(first: string, day: number): Date {
  const found = new Date(`${first}T00:00:00Z`);
  found.setUTCDate(found.getUTCDate() + day);
  return found;
}

export function useDayWords(): DayWords {
  const { language } = useWords();
  return useMemo(() => wordsIn(language), [language]);
}

const known = new Map<string, DayWords>();

function wordsIn(language: string): DayWords {
  const before = known.get(language);
  if (before) return before;
  const made = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language === "en" ? "en-GB" : "zh-CN", { timeZone: "UTC", ...options });
  const [weekday, long] = [
    made({ weekday: language === "en" ? "short" : "narrow" }),
    made({ weekday: "short", day: "numeric", month: "short" }),
  ];
  const longs = new Map<string, string>();
  const words: DayWords = {
    weekday: (first, day) => weekday.format(moment(first, day)).slice(0, 2),
    date: (first, day) => String(moment(first, day).getUTCDate()),
    long: (first, day) => {
      const key = `${first}/${day}`;
      const text = longs.get(key) ?? long.format(moment(first, day));
      longs.set(key, text);
      return text;
    },
    isMonday: (first, day) => moment(first, day).getUTCDay() === 1,
    isWeekend: (first, day) => [0, 6].includes(moment(first, day).getUTCDay()),
  };
  known.set(language, words);
  return words;
}
