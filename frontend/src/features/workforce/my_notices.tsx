/** What an agent is told of their work: unread notices above their roster, and their number in the menu. */
import { Badge, Button } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { fetchMyNotices, readMyNotices, type RosterNotice } from "@/api/shift_requests";
import type { MeDocument } from "@/live/documents";
import { useDocument } from "@/live/hooks";
import { momentText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";
import { useFurtherBreaks } from "./request_words";

const KEY = ["my-notices"];
const AGAIN_MS = 60_000;

function useMyNotices() {
  const isAgent = Boolean(useDocument<MeDocument>("me")?.agent_id);
  return useQuery({ queryKey: KEY, queryFn: fetchMyNotices, refetchInterval: AGAIN_MS, enabled: isAgent });
}

function Line({ notice }: { notice: RosterNotice }) {
  const { t } = useWords();
  const breaks = useFurtherBreaks();
  const days =
    notice.first_day === notice.last_day
      ? notice.first_day
      : t("workforce.term_text", { first: notice.first_day, last: notice.last_day });
  const what = notice.request_kind ? t(`requests.kind_${notice.request_kind}`) : "";
  return (
    <li>
      {t(`my_roster.notice_${notice.kind}`, { days, what })} {breaks(notice.further_breaks)}{" "}
      <span className="quiet">{momentText(notice.created_at)}</span>
    </li>
  );
}

/** Nothing at all while everything has been read. */
export function MyNotices() {
  const { t } = useWords();
  const { bad } = useNotices();
  const queries = useQueryClient();
  const { data } = useMyNotices();
  const unread = data?.notices.filter((one) => one.read_at === null) ?? [];
  const newest = unread[0];
  if (!newest) return null;
  const read = async () => {
    try {
      await readMyNotices(newest.id);
    } catch (error) {
      bad(error);
    }
    await queries.invalidateQueries({ queryKey: KEY });
  };
  return (
    <section className="card stack" aria-label={t("my_roster.notices")} data-testid="my-notices">
      <div className="card-head">
        <h2>{t("my_roster.notices_new", { n: data?.unread ?? unread.length })}</h2>
        <Button size="small" onClick={() => void read()} data-testid="read-notices">
          {t("my_roster.notices_read")}
        </Button>
      </div>
      <ul className="plain-list stack">
        {unread.map((one) => (
          <Line key={one.id} notice={one} />
        ))}
      </ul>
    </section>
  );
}

/** Beside the name in the menu. */
export function UnreadNotices() {
  const { t } = useWords();
  const { data } = useMyNotices();
  return data?.unread ? (
    <Badge size="small" count={data.unread} title={t("my_roster.notices_new", { n: data.unread })} />
  ) : null;
}
