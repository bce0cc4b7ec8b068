/** The texts of the public pages, in Chinese and English: few enough to need no library. */
import { createContext, use } from "react";
import en from "./words/en.json";
import zh from "./words/zh.json";

export type Language = "zh" | "en";
export type VisitorWord = keyof typeof en;
/** A word that lacks in one language does not compile. */
const WORDS: Record<Language, typeof en> = { zh, en };
const KEY = "hotline.visitor-language";

/** What the visitor has chosen here, else what their browser speaks, else the entry point's language. */
export function languageFor(entryLanguage: string | undefined): Language {
  const wanted = [sessionStorage.getItem(KEY) ?? "", ...navigator.languages, entryLanguage ?? "zh"];
  const found = wanted.map((one) => one.slice(0, 2).toLowerCase()).find((one) => one === "zh" || one === "en");
  return found === "en" ? "en" : "zh";
}

export function keepLanguage(language: Language): void {
  sessionStorage.setItem(KEY, language);
}

export function isVisitorWord(key: string): key is VisitorWord {
  return key in en;
}

export function say(language: Language, key: VisitorWord, values: Record<string, string | number> = {}): string {
  return WORDS[language][key].replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** Today only the time, else the day as well, in the visitor's own time zone. */
export function momentIn(language: Language, moment: string | number, now: Date = new Date()): string {
  const date = new Date(moment);
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const day =
    date.toDateString() === now.toDateString() ? {} : ({ month: "short", day: "numeric", weekday: "short" } as const);
  return new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", { ...day, ...time }).format(date);
}

export const LanguageContext = createContext<Language>("zh");

export function useSay(): (key: VisitorWord, values?: Record<string, string | number>) => string {
  const language = use(LanguageContext);
  return (key, values) => say(language, key, values);
}
