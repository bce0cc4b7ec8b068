/** Who waits now, longest first. */
import { Button } from "antd";
import type { WaitingDocument } from "@/live/documents";
import { useDocuments } from "@/live/hooks";
import { SimulatedBadge } from "@/shared/badges";
import { ChannelMark } from "@/shared/channel_mark";
import { Elapsed } from "@/shared/clocks";
import type { Names } from "@/shared/live_names";
import { useWords } from "@/words";

const SHOWN = 20;

interface Props {
  queues: Names;
  /** Shows why that contact still waits. */
  onExplain: (contactId: string) => void;
}

export function WaitingList({ queues, onExplain }: Props) {
  const { t } = useWords();
  const waiting = useDocuments<WaitingDocument>("waiting/");
  const rows = waiting.toSorted((a, b) => a.asked_ms - b.asked_ms).slice(0, SHOWN);
  return (
    <section className="card" aria-label={t("floor.waiting_customers")} data-testid="waiting">
      <h2>
        {t("floor.waiting_customers")} <span className="digits">{waiting.length}</span>
      </h2>
      {rows.length === 0 ? <span className="quiet">{t("floor.nobody_waits")}</span> : null}
      <ul className="plain">
        {rows.map((row) => (
          <li key={row.contact_id} className="row">
            <ChannelMark channel={row.channel} /> <Elapsed sinceMs={row.asked_ms} />{" "}
            <span className="grow">{queues.get(row.queue_id)}</span>
            {row.is_offered ? <strong>{t("floor.ringing")}</strong> : null}
            <SimulatedBadge isShown={row.is_simulated} isSmall />
            <Button size="small" onClick={() => onExplain(row.contact_id)} data-testid="why">
              {t("floor.why_show")}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
