/** The whole page: display, words for Ant Design, who is logged in, and then the shell. */
import { QueryClient, QueryClientProvider, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, ConfigProvider } from "antd";
import type { Locale } from "antd/es/locale";
import enUS from "antd/es/locale/en_US";
import zhCN from "antd/es/locale/zh_CN";
import "dayjs/locale/zh-cn";
import { useEffect, useRef, type ReactNode } from "react";
import { BrowserRouter } from "react-router";
import { fetchMe, type Me } from "@/api/account";
import { ApiError } from "@/api/http";
import { LogInPage } from "@/features/account/log_in_page";
import { setDisplay, useDisplay, type Display } from "@/shared/display";
import { setTimeZone } from "@/shared/moments";
import { SessionContext } from "@/shared/session";
import { themeConfig } from "@/shared/theme";
import { ThemeContext } from "@/shared/theme_context";
import { Failure, Loading } from "@/shared/views";
import { setLanguage, useWords } from "@/words";
import { Centre } from "./centre";
import { Shell } from "./shell";

const queries = new QueryClient({
  defaultOptions: { queries: { retry: retryUnlessRefused, staleTime: 10_000, refetchOnWindowFocus: false } },
});

/** Ant names the buttons for month and year by what they do, so that a voice command by what they show finds none: without
 * that name they go by their text. */
const NO_NAMES = { monthSelect: "", yearSelect: "", decadeSelect: "" };

function withTextAsName(locale: Locale): Locale {
  const picker = locale.DatePicker;
  return picker ? { ...locale, DatePicker: { ...picker, lang: { ...picker.lang, ...NO_NAMES } } } : locale;
}

const LOCALES = { zh: withTextAsName(zhCN), en: withTextAsName(enUS) };

function retryUnlessRefused(count: number, error: unknown): boolean {
  return count < 2 && !(error instanceof ApiError && error.status < 500);
}

function Looks({ children }: { children: ReactNode }) {
  const { language } = useWords();
  const { themeName, textSize } = useDisplay();
  useEffect(() => {
    document.documentElement.dataset.theme = themeName;
  }, [themeName]);
  return (
    <ThemeContext value={themeName}>
      <ConfigProvider
        theme={themeConfig(themeName, textSize, false)}
        locale={LOCALES[language]}
        button={{ autoInsertSpace: false }}
      >
        <App message={{ maxCount: 3 }} style={{ height: "100%" }}>
          {children}
        </App>
      </ConfigProvider>
    </ThemeContext>
  );
}

/** The account's own choices hold on every computer. */
function useAccountChoices(me: Me | undefined): void {
  useEffect(() => {
    if (!me) return;
    setLanguage(me.language === "en" ? "en" : "zh");
    setDisplay({ theme: me.theme as Display["theme"], textSize: me.text_size as Display["textSize"] });
    setTimeZone(me.tenants[0]?.time_zone);
  }, [me]);
}

/** What stays as it is when the language changes: oneself, and a roster, which has no sentences but edits on their way. */
const WITHOUT_SENTENCES: ReadonlySet<unknown> = new Set(["me", "roster"]);

/** Sentences come in the account's language: what is on the screen is asked for anew once the server has taken the new one. */
function useServersLanguage(me: Me | undefined): void {
  const client = useQueryClient();
  const language = me?.language;
  const known = useRef(language);
  useEffect(() => {
    const before = known.current;
    known.current = language;
    if (before === undefined || language === undefined || before === language) return;
    void client.invalidateQueries({ predicate: ({ queryKey }) => !WITHOUT_SENTENCES.has(queryKey[0]) });
  }, [client, language]);
}

function Door() {
  const me = useQuery({ queryKey: ["me"], queryFn: fetchMe, staleTime: Number.POSITIVE_INFINITY });
  const client = useQueryClient();
  useAccountChoices(me.data);
  useServersLanguage(me.data);
  const isStranger = me.error instanceof ApiError && me.error.status === 401;
  if (isStranger) {
    return (
      <main>
        <LogInPage onLoggedIn={() => void client.resetQueries()} />
      </main>
    );
  }
  if (me.isError && !me.data) return <Failure error={me.error} retry={() => void me.refetch()} />;
  if (!me.data) return <Loading />;
  return (
    <SessionContext value={me.data}>
      <Centre>
        <Shell />
      </Centre>
    </SessionContext>
  );
}

export function Application() {
  return (
    <QueryClientProvider client={queries}>
      <BrowserRouter>
        <Looks>
          <Door />
        </Looks>
      </BrowserRouter>
    </QueryClientProvider>
  );
}
