/** What steers the floor: sites, disaster mode, reserve teams, promised call-backs. What weighs is asked for again, with
 * its consequence in words. */
import { AlertFilled } from "@ant-design/icons";
import { Button, Select } from "antd";
import type { CallbackDocument, QueueDocument, SiteDocument, TierDocument } from "@/live/documents";
import { useDocuments } from "@/live/hooks";
import { SimulatedBadge } from "@/shared/badges";
import { Elapsed, Remaining } from "@/shared/clocks";
import { clockText, countText } from "@/shared/figures";
import type { Names } from "@/shared/live_names";
import { momentText, timeText } from "@/shared/moments";
import { useMay } from "@/shared/session";
import { StateTag } from "@/shared/state_tag";
import { TierButton, useSteer } from "@/shared/steer";
import { useWords } from "@/words";
import { SeatCounts } from "./seats_view";

/** `down since 09:12 (0:31), by Wu Min`. */
function MarkedSince({ label, sinceMs, by }: { label: string; sinceMs: number | null; by: string | null }) {
  const { t } = useWords();
  return (
    <strong className="marked" role="status">
      <AlertFilled aria-hidden /> {label}
      {sinceMs === null ? null : (
        <>
          {" "}
          {t("steering.since", { at: timeText(sinceMs) })} (<Elapsed sinceMs={sinceMs} />)
        </>
      )}
      {by ? ` ${t("steering.by", { name: by })}` : null}
    </strong>
  );
}

const SEEN = ["available", "busy", "wrap_up", "away"] as const;

function SiteItem({ site }: { site: SiteDocument }) {
  const { t, text } = useWords();
  const may = useMay();
  const steer = useSteer();
  const name = site.name ? text(site.name) : site.site_id;
  const isDown = !site.is_down;
  const ask = () =>
    steer({
      title: t(isDown ? "steering.site_down_title" : "steering.site_up_title", { name }),
      consequence: t(isDown ? "steering.site_down_means" : "steering.site_up_means"),
      deed: t(isDown ? "steering.site_down_do" : "steering.site_up_do"),
      name: "MarkSite",
      args: { site_id: site.site_id, is_down: isDown },
    });
  return (
    <li className={site.is_down ? "steered stack" : "stack"} data-site={site.site_id}>
      <div className="row">
        <strong className="grow">{name}</strong>
        {may("floor.steer") ? (
          <Button
            size="small"
            danger={isDown}
            disabled={site.is_shared}
            title={site.is_shared ? t("steering.site_shared") : undefined}
            onClick={ask}
            data-testid="mark-site"
          >
            {t(isDown ? "steering.site_down_do" : "steering.site_up_do")}
          </Button>
        ) : null}
      </div>
      {site.is_down ? (
        <MarkedSince label={t("steering.down")} sinceMs={site.down_since_ms} by={site.down_by_name} />
      ) : null}
      <div className="row">
        {SEEN.map((state) => (
          <span key={state}>
            <StateTag state={state} /> <span className="digits">{countText(site.agents[state])}</span>
          </span>
        ))}
      </div>
      <SeatCounts site={site} />
      {site.is_shared ? <span className="quiet">{t("steering.site_shared")}</span> : null}
    </li>
  );
}

export function SitesCard() {
  const { t } = useWords();
  const sites = useDocuments<SiteDocument>("site/");
  if (sites.length === 0) return null;
  return (
    <section className="card" aria-label={t("steering.sites")} data-testid="sites">
      <h2>{t("steering.sites")}</h2>
      <ul className="plain stack">
        {sites.map((site) => (
          <SiteItem key={site.site_id} site={site} />
        ))}
      </ul>
    </section>
  );
}

function useDisasterMode(): (queue: QueueDocument, isOn: boolean) => void {
  const { t, text } = useWords();
  const steer = useSteer();
  return (queue, isOn) =>
    steer({
      title: t(isOn ? "steering.disaster_on_title" : "steering.disaster_off_title", { name: text(queue.name) }),
      consequence: t(isOn ? "steering.disaster_on_means" : "steering.disaster_off_means"),
      deed: t(isOn ? "steering.disaster_on_do" : "steering.disaster_off_do"),
      name: "SetDisasterMode",
      args: { queue_id: queue.queue_id, is_on: isOn },
    });
}

function DisasterItem({ queue }: { queue: QueueDocument }) {
  const { t, text } = useWords();
  const may = useMay();
  const set = useDisasterMode();
  return (
    <li className="steered stack" data-queue={queue.queue_id}>
      <div className="row">
        <strong className="grow">{text(queue.name)}</strong>
        {may("floor.steer") ? (
          <Button size="small" onClick={() => set(queue, false)} data-testid="disaster-off">
            {t("steering.disaster_off_do")}
          </Button>
        ) : null}
      </div>
      <MarkedSince label={t("steering.disaster")} sinceMs={queue.disaster_since_ms} by={queue.disaster_by_name} />
    </li>
  );
}

/** Queues in disaster mode, and the way to put another one into it. */
export function DisasterCard() {
  const { t, text } = useWords();
  const may = useMay();
  const set = useDisasterMode();
  const queues = useDocuments<QueueDocument>("queue/");
  const hit = queues.filter((queue) => queue.is_disaster);
  if (hit.length === 0 && !may("floor.steer")) return null;
  const rest = queues.filter((queue) => !queue.is_disaster);
  return (
    <section className="card stack" aria-label={t("steering.disaster")} data-testid="disasters">
      <h2>
        {t("steering.disaster")} <span className="digits">{hit.length}</span>
      </h2>
      {hit.length > 0 ? (
        <ul className="plain stack">
          {hit.map((queue) => (
            <DisasterItem key={queue.queue_id} queue={queue} />
          ))}
        </ul>
      ) : null}
      {may("floor.steer") ? (
        <Select
          value={null}
          placeholder={t("steering.disaster_choose")}
          aria-label={t("steering.disaster_choose")}
          options={rest.map((queue) => ({ value: queue.queue_id, label: text(queue.name) }))}
          onChange={(chosen: string | null) => {
            const queue = rest.find((one) => one.queue_id === chosen);
            if (queue) set(queue, true);
          }}
          data-testid="disaster-on"
        />
      ) : null}
    </section>
  );
}

function percent(hundredths: number): string {
  return hundredths < 0 ? "–" : `${hundredths / 100}%`;
}

/** The figures of the moment when the team was called. */
function Before({ before }: { before: NonNullable<TierDocument["before"]> }) {
  const { t } = useWords();
  return (
    <div className="quiet">
      {t("steering.before", {
        wait: clockText(before.wait_s * 1000),
        length: countText(before.length),
        level: percent(before.service_level),
        abandoned: percent(before.abandoned),
      })}
    </div>
  );
}

const KEPT_MS = 3_600_000; // a team that is called by hand stays an hour at least

function TierItem({ tier }: { tier: TierDocument }) {
  const { t, text } = useWords();
  return (
    <li className="stack" data-tier={tier.tier_id}>
      <div className="row">
        <span className="grow">
          {countText(tier.position + 1)}. {tier.step ? <strong>{text(tier.name)}</strong> : text(tier.name)}
        </span>
        <span className="quiet">{t("steering.members", { n: tier.members })}</span>
        {tier.step ? <strong>{t(`steering.${tier.step}`)}</strong> : <span className="quiet">{t("steering.off")}</span>}
        <TierButton tier={tier} keepUntil={() => Date.now() + KEPT_MS} />
      </div>
      {tier.since_ms === null ? null : (
        <div>
          {t("steering.since", { at: timeText(tier.since_ms) })} (<Elapsed sinceMs={tier.since_ms} />)
          {tier.until_ms === null ? null : (
            <>
              {" · "}
              {t("steering.at_work_in")} <Remaining untilMs={tier.until_ms} />
            </>
          )}
        </div>
      )}
      {tier.is_by_hand ? (
        <div>
          {t("steering.by_hand", { name: tier.by_name ?? "–" })}
          {tier.keep_until_ms === null ? null : ` · ${t("steering.kept_until", { at: timeText(tier.keep_until_ms) })}`}
        </div>
      ) : null}
      {tier.before ? <Before before={tier.before} /> : null}
    </li>
  );
}

export function TiersCard() {
  const { t } = useWords();
  const tiers = useDocuments<TierDocument>("tier/");
  if (tiers.length === 0) return null;
  const rows = tiers.toSorted((a, b) => a.ladder_id.localeCompare(b.ladder_id) || a.position - b.position);
  return (
    <section className="card" aria-label={t("steering.tiers")} data-testid="tiers">
      <h2>{t("steering.tiers")}</h2>
      <ul className="plain stack">
        {rows.map((tier) => (
          <TierItem key={tier.tier_id} tier={tier} />
        ))}
      </ul>
    </section>
  );
}

function CallbackItem({ promised, queues }: { promised: CallbackDocument; queues: Names }) {
  const { t } = useWords();
  const may = useMay();
  const steer = useSteer();
  const ask = () =>
    steer({
      title: t("steering.cancel_callback_title"),
      consequence: t("steering.cancel_callback_means"),
      deed: t("steering.cancel_callback_do"),
      name: "CancelCallback",
      args: { contact_id: promised.contact_id },
    });
  return (
    <li className="row" data-callback={promised.contact_id}>
      <Elapsed sinceMs={promised.asked_ms} /> <span className="grow">{queues.get(promised.queue_id)}</span>
      <span className="quiet">
        {promised.due_ms ? t("steering.due", { at: momentText(promised.due_ms) }) : t("steering.due_in_turn")}
      </span>
      <SimulatedBadge isShown={promised.is_simulated} isSmall />
      {may("floor.steer") ? (
        <Button size="small" onClick={ask} data-testid="cancel-callback">
          {t("steering.cancel_callback_do")}
        </Button>
      ) : null}
    </li>
  );
}

export function CallbacksCard({ queues }: { queues: Names }) {
  const { t } = useWords();
  const promised = useDocuments<CallbackDocument>("callback/");
  if (promised.length === 0) return null;
  const rows = promised.toSorted((a, b) => a.asked_ms - b.asked_ms).slice(0, 20);
  return (
    <section className="card" aria-label={t("steering.callbacks")} data-testid="callbacks">
      <h2>
        {t("steering.callbacks")} <span className="digits">{promised.length}</span>
      </h2>
      <ul className="plain stack">
        {rows.map((one) => (
          <CallbackItem key={one.contact_id} promised={one} queues={queues} />
        ))}
      </ul>
    </section>
  );
}
