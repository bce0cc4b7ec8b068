/** Whom a shift can be exchanged with, or given to: only what every rule allows is offered. */
import { Button, Input, Table, type TableColumnsType } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  askForSwap,
  askToGiveAway,
  fetchSwapOffers,
  fetchTakers,
  type OwnShift,
  type SwapOffer,
  type Taker,
} from "@/api/shift_requests";
import { uuid7 } from "@/live/uuid7";
import { useNotices } from "@/shared/notices";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { useSpanWords } from "./request_words";

interface Props {
  shift: OwnShift;
  onAsked: () => void;
}

/** Asks once, however often the button is pressed. */
function useAsking(onAsked: () => void) {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const [words, setWords] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [key] = useState(() => uuid7());
  const ask = async (send: (words: string, key: string) => Promise<unknown>, of: string) => {
    setBusy(true);
    try {
      await send(words, `${key}-${of.slice(-12)}`);
      good(t("my_roster.asked"));
      onAsked();
    } catch (error) {
      bad(error);
    } finally {
      setBusy(false);
    }
  };
  const field = (
    <label className="field">
      <span>{t("my_roster.words")}</span>
      <Input.TextArea rows={2} maxLength={2000} value={words} onChange={(event) => setWords(event.target.value)} />
    </label>
  );
  return { ask, isBusy, field };
}

export function SwapChoices({ shift, onAsked }: Props) {
  const { t, text } = useWords();
  const span = useSpanWords();
  const { ask, isBusy, field } = useAsking(onAsked);
  const offers = useQuery({
    queryKey: ["swap-offers", shift.id, shift.version],
    queryFn: () => fetchSwapOffers(shift.id),
  });
  const columns: TableColumnsType<SwapOffer> = [
    { title: t("my_roster.colleague"), dataIndex: "agent_name" },
    { title: t("my_roster.day"), dataIndex: "day" },
    { title: t("my_roster.shift"), render: (_, offer) => `${text(offer.shift_kind.name)} ${span(offer)}` },
    {
      title: t("general.actions"),
      render: (_, offer) => (
        <Button
          size="small"
          disabled={isBusy}
          data-testid="ask-swap"
          onClick={() => void ask((words, key) => askForSwap(shift.id, offer.shift_id, words, key), offer.shift_id)}
        >
          {t("my_roster.swap_do")}
        </Button>
      ),
    },
  ];
  return (
    <div className="stack">
      <p className="quiet">{t("my_roster.swap_hint")}</p>
      {field}
      <QueryView query={offers}>
        {(found) => (
          <>
            <Table<SwapOffer>
              size="small"
              rowKey="shift_id"
              pagination={{ pageSize: 10, hideOnSinglePage: true }}
              columns={columns}
              dataSource={found.offers}
              scroll={{ x: true }}
              locale={{ emptyText: <EmptyState hint={t("my_roster.no_offers")} /> }}
            />
            {found.has_more ? <p className="quiet">{t("my_roster.more_offers")}</p> : null}
          </>
        )}
      </QueryView>
    </div>
  );
}

export function TakerChoices({ shift, onAsked }: Props) {
  const { t } = useWords();
  const { ask, isBusy, field } = useAsking(onAsked);
  const takers = useQuery({ queryKey: ["takers", shift.id, shift.version], queryFn: () => fetchTakers(shift.id) });
  const columns: TableColumnsType<Taker> = [
    { title: t("my_roster.colleague"), dataIndex: "agent_name" },
    {
      title: t("general.actions"),
      render: (_, taker) => (
        <Button
          size="small"
          disabled={isBusy}
          data-testid="ask-give-away"
          onClick={() => void ask((words, key) => askToGiveAway(shift.id, taker.agent_id, words, key), taker.agent_id)}
        >
          {t("my_roster.give_do")}
        </Button>
      ),
    },
  ];
  return (
    <div className="stack">
      <p className="quiet">{t("my_roster.give_hint")}</p>
      {field}
      <QueryView query={takers}>
        {(found) => (
          <Table<Taker>
            size="small"
            rowKey="agent_id"
            pagination={{ pageSize: 10, hideOnSinglePage: true }}
            columns={columns}
            dataSource={found.takers}
            scroll={{ x: true }}
            locale={{ emptyText: <EmptyState hint={t("my_roster.no_takers")} /> }}
          />
        )}
      </QueryView>
    </div>
  );
}
