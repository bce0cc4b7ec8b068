/** It rings: who calls, how long they waited, how long it rings on; F2 answers. */
import { BellFilled } from "@ant-design/icons";
import { Button } from "antd";
import { useQuery } from "@tanstack/react-query";
import type { OfferDocument } from "@/live/documents";
import { SimulatedBadge } from "@/shared/badges";
import { useCauseText } from "@/shared/cause_words";
import { ChannelMark } from "@/shared/channel_mark";
import { Elapsed, Remaining } from "@/shared/clocks";
import { useHotkey, useKeyMap } from "@/shared/hotkeys";
import { useWords } from "@/words";
import { popQuery } from "./pop";
import { useAct, useAnswer } from "./work";

const TITLES = { queue: "desk.offer", transfer: "desk.offer_transfer", consult: "desk.offer_consult" } as const;
const WRITTEN_TITLES = { ...TITLES, queue: "desk.offer_text", transfer: "desk.offer_text_transfer" } as const;

interface Props {
  offer: OfferDocument;
  isMirror: boolean;
  /** Whether the key answers this one: of several that ring it is the first. */
  hasKey: boolean;
}

export function OfferBanner({ offer, isMirror, hasKey }: Props) {
  const { t, text } = useWords();
  const keys = useKeyMap();
  const act = useAct();
  const { answer, isAnswering } = useAnswer(offer);
  const pop = useQuery(popQuery(offer.contact_id));
  useHotkey("main", isMirror || !hasKey ? null : answer);
  const causeText = useCauseText();
  const isWritten = offer.channel !== "voice";
  const title = t((isWritten ? WRITTEN_TITLES : TITLES)[offer.kind]);
  const caller = pop.data?.customer?.name ?? pop.data?.contact.caller ?? "";
  return (
    <section className="strip row" aria-live="assertive" aria-label={title} data-testid="offer">
      <BellFilled aria-hidden style={{ fontSize: "1.4em" }} />
      {isWritten ? <ChannelMark channel={offer.channel} hasWord /> : null}
      <strong>{title}</strong>
      {offer.returned && offer.kind === "transfer" ? (
        <strong data-testid="returned">
          {t("desk.transfer_returned", { cause: causeText(offer.returned.cause) })}
        </strong>
      ) : null}
      <strong>{caller}</strong>
      <span className="digits quiet">{pop.data?.customer ? pop.data.contact.caller : null}</span>
      <SimulatedBadge isShown={offer.is_simulated} />
      {offer.queue_name ? <span>{t("desk.queue_of", { name: text(offer.queue_name) })}</span> : null}
      <span>
        {t("desk.waited")} <Elapsed sinceMs={offer.asked_ms} />
      </span>
      {offer.menu_path.length > 0 ? <span>{t("desk.menu", { path: offer.menu_path.join(" › ") })}</span> : null}
      <span className="grow" />
      <span role="timer">
        {t("desk.seconds_left")} <Remaining untilMs={offer.expires_ms} />
      </span>
      <Button
        type="primary"
        size="large"
        disabled={isMirror}
        loading={isAnswering}
        onClick={answer}
        data-testid="answer"
      >
        {isAnswering ? t("desk.answering") : t(isWritten ? "desk.accept" : "desk.answer")}{" "}
        {hasKey ? <kbd>{keys.main}</kbd> : null}
      </Button>
      <Button disabled={isMirror} onClick={() => void act("RefuseOffer", { offer_id: offer.offer_id })}>
        {t(isWritten ? "desk.refuse_text" : "desk.refuse")}
      </Button>
    </section>
  );
}
