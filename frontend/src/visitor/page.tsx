/** What chat and form have in common: whose page it is, in which language, and whether it is there. */
import { useCallback, useEffect, useState, type ComponentType } from "react";
import { Refusal, type Asker, type VisitorPage } from "./api";
import { keepLanguage, LanguageContext, languageFor, say, type Language } from "./words";

export interface ScreenProps {
  pageKey: string;
  page: VisitorPage;
  /** Asks anew whether it is open. */
  renew: () => void;
}

interface Props {
  pageKey: string;
  fetchPage: (asker: Asker, key: string) => Promise<VisitorPage>;
  screen: ComponentType<ScreenProps>;
}

type Found = { page: VisitorPage } | { problem: string; isGone: boolean } | null;
const AGAIN_MS = 5000;

export function Page({ pageKey, fetchPage, screen: Screen }: Props) {
  const [found, setFound] = useState<Found>(null);
  const page = found && "page" in found ? found.page : null;
  const [chosen, setChosen] = useState<Language | null>(null);
  const language = chosen ?? languageFor(page?.language);
  const [asked, setAsked] = useState(0);
  const renew = useCallback(() => setAsked((count) => count + 1), []);

  useEffect(() => {
    let isWanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const failed = (error: unknown) => {
      if (!isWanted) return;
      const isGone = error instanceof Refusal && !error.isPassing;
      const problem = error instanceof Refusal ? error.message : "";
      // What is known of the page stays while it cannot be asked for.
      setFound((known) => (known && "page" in known && !isGone ? known : { problem, isGone }));
      if (!isGone) timer = setTimeout(renew, AGAIN_MS);
    };
    fetchPage({ language }, pageKey).then((answer) => isWanted && setFound({ page: answer }), failed);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [fetchPage, pageKey, language, asked, renew]);

  const name = page ? (page.name[language] ?? "") : "";
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    if (name) document.title = name;
  }, [language, name]);
  const change = () => {
    const other: Language = language === "zh" ? "en" : "zh";
    keepLanguage(other);
    setChosen(other);
  };
  return (
    <LanguageContext value={language}>
      <div className="page">
        <header>
          <div className="titles">
            <h1>{name}</h1>
            <p className="quiet">{page ? nameOf(page, language) : null}</p>
          </div>
          <button type="button" className="link" lang={language === "zh" ? "en" : "zh-CN"} onClick={change}>
            {say(language, "other_language")}
          </button>
        </header>
        <main>
          {page ? (
            <Screen pageKey={pageKey} page={page} renew={renew} />
          ) : (
            <NotThere found={found} language={language} />
          )}
        </main>
      </div>
    </LanguageContext>
  );
}

function nameOf(page: VisitorPage, language: Language): string {
  return page.tenant_name[language] ?? "";
}

function NotThere({ found, language }: { found: Found; language: Language }) {
  if (!found || "page" in found) return <p role="status">{say(language, "loading")}</p>;
  if (found.isGone) {
    return (
      <div role="alert" className="notice">
        <h2>{say(language, "unknown_page")}</h2>
        <p>{found.problem || say(language, "unknown_page_do")}</p>
      </div>
    );
  }
  return (
    <p role="alert" className="notice">
      {found.problem || say(language, "no_connection")}
    </p>
  );
}
