/** Every text on screen, in Chinese and English: zh.json and en.json hold the same keys. */
import i18next from "i18next";
import { useCallback } from "react";
import { initReactI18next, useTranslation } from "react-i18next";
import en from "./en.json";
import zh from "./zh.json";

export type Language = "zh" | "en";
/** A tenant's text by language; the server sees to it that both are there. */
export type Bilingual = Readonly<Record<string, string>>;

type Words = typeof en;
export type WordKey = { [A in keyof Words & string]: `${A}.${keyof Words[A] & string}` }[keyof Words & string];
/** A word that lacks in one language does not compile. */
const chinese: Words = zh;
export type Translate = (key: WordKey, values?: Record<string, string | number>) => string;

const LANGUAGE_KEY = "hotline.language";

function firstLanguage(): Language {
  const kept = localStorage.getItem(LANGUAGE_KEY);
  if (kept === "zh" || kept === "en") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function startWords(): void {
  void i18next.use(initReactI18next).init({
    lng: firstLanguage(),
    fallbackLng: false,
    resources: { zh: { translation: chinese }, en: { translation: en } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  document.documentElement.lang = currentLanguage();
}

export function setLanguage(language: Language): void {
  localStorage.setItem(LANGUAGE_KEY, language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}

export function currentLanguage(): Language {
  return i18next.language === "en" ? "en" : "zh";
}

/** True when the word list has this key: codes that come from outside are looked up with it first. */
export function isWord(key: string): key is WordKey {
  return i18next.exists(key);
}

export const translate: Translate = (key, values) => i18next.t(key, values ?? {});

/** The words of the chosen language; the component is drawn again when it changes. */
export function useWords(): { t: Translate; language: Language; text: (pair: Bilingual | null | undefined) => string } {
  const { i18n } = useTranslation();
  const language: Language = i18n.language === "en" ? "en" : "zh";
  const t = useCallback<Translate>((key, values) => i18n.t(key, { ...values, lng: language }), [i18n, language]);
  const text = useCallback(
    (pair: Bilingual | null | undefined) => pair?.[language] ?? pair?.zh ?? pair?.en ?? "",
    [language],
  );
  return { t, language, text };
}
