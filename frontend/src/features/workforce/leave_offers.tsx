/** Too many people: some may go home earlier. Whom to ask, and what came of today's offers. */
import { Button, Checkbox, InputNumber, Modal, Select } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  closeLeaveOffer,
  fetchLeaveCandidates,
  fetchLeaveOffers,
  offerToLeave,
  type Intraday,
  type LeaveCandidates,
  type LeaveOffer,
  type Proposal,
} from "@/api/day";
import { uuid7 } from "@/live/uuid7";
import { timeText } from "@/shared/moments";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { useDayChange } from "./day_change";

const NOTICE_MS = 15 * 60_000; // people need time to read it
const AGAIN_MS = 20_000;

/** The quarters at which people could go: within the surplus, and late enough to be told. */
function momentsOf(day: Intraday, proposal: Proposal): string[] {
  const earliest = Math.max(Date.parse(proposal.begins_at), Date.parse(day.as_of) + NOTICE_MS);
  const last = Date.parse(proposal.ends_at);
  return day.begins_at.filter((moment) => Date.parse(moment) >= earliest && Date.parse(moment) < last);
}

function Choice({ day, proposal, onClose }: { day: Intraday; proposal: Proposal; onClose: () => void }) {
  const { t, text } = useWords();
  const { isBusy, change } = useDayChange();
  const moments = momentsOf(day, proposal);
  const [leavesAt, setLeavesAt] = useState(moments[0] ?? proposal.begins_at);
  const [chosen, setChosen] = useState<string[] | null>(null);
  const [places, setPlaces] = useState<number | null>(null);
  const [key] = useState(() => uuid7());
  const query = useQuery({
    queryKey: ["leave-offers", "candidates", proposal.queue_id, leavesAt],
    queryFn: () => fetchLeaveCandidates(proposal.queue_id, leavesAt, day.tenant_id),
  });
  const found = query.data;
  const asked = chosen ?? (found ? usual(found) : []);
  const people = Math.min(places ?? asked.length, asked.length, found?.most ?? 0);
  const send = async () => {
    const body = {
      queue_id: proposal.queue_id,
      leaves_at: leavesAt,
      people,
      agent_ids: asked,
      tenant_id: day.tenant_id,
    };
    if (await change(t("intraday.leave_sent"), () => offerToLeave(body, key))) onClose();
  };
  return (
    <Modal
      open
      title={`${t("intraday.leave_title")}: ${text(proposal.queue_name)}`}
      okText={t("intraday.leave_send", { n: asked.length })}
      cancelText={t("general.cancel")}
      okButtonProps={{
        disabled: people < 1,
        loading: isBusy,
        ...({ "data-testid": "leave-send" } as Record<`data-${string}`, string>),
      }}
      onOk={() => void send()}
      onCancel={onClose}
    >
      <div className="stack">
        <label className="field">
          <span>{t("intraday.leave_when")}</span>
          <Select
            value={leavesAt}
            options={moments.map((moment) => ({ value: moment, label: timeText(moment) }))}
            onChange={(moment) => {
              setLeavesAt(moment);
              setChosen(null);
              setPlaces(null);
            }}
          />
        </label>
        <QueryView query={query} rows={3}>
          {(shown) => (
            <Candidates shown={shown} chosen={asked} onChoose={setChosen}>
              <label className="field">
                <span>{t("intraday.leave_places")}</span>
                <InputNumber
                  min={1}
                  max={Math.max(1, Math.min(shown.most, asked.length))}
                  value={Math.max(1, people)}
                  onChange={(value) => setPlaces(value)}
                />
              </label>
            </Candidates>
          )}
        </QueryView>
      </div>
    </Modal>
  );
}

/** Who is asked unless the leader chooses others: the first in the fair order, as many as can leave. */
function usual(found: LeaveCandidates): string[] {
  return found.people
    .filter((one) => !one.asked)
    .slice(0, found.most)
    .map((one) => one.agent_id);
}

function Candidates({
  shown,
  chosen,
  onChoose,
  children,
}: {
  shown: LeaveCandidates;
  chosen: string[];
  onChoose: (ids: string[]) => void;
  children: React.ReactNode;
}) {
  const { t } = useWords();
  if (shown.people.length === 0) return <p>{t("intraday.leave_nobody")}</p>;
  return (
    <div className="stack" data-testid="leave-candidates">
      <span className="quiet">
        {t("intraday.leave_most", { most: shown.most, needed: shown.needed, at: timeText(shown.expires_at) })}{" "}
        {t(shown.is_paid ? "intraday.leave_paid" : "intraday.leave_unpaid")}
      </span>
      <Checkbox.Group
        className="stack proposals"
        value={chosen}
        onChange={onChoose}
        aria-label={t("intraday.leave_who")}
      >
        {shown.people.map((one) => (
          <Checkbox key={one.agent_id} value={one.agent_id} disabled={one.asked}>
            {one.agent_name}{" "}
            <span className="quiet">
              {[
                t("intraday.leave_until", { at: timeText(one.shift_ends_at) }),
                one.granted ? t("intraday.leave_granted", { n: one.granted }) : null,
                one.asked ? t("intraday.leave_waiting") : null,
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </Checkbox>
        ))}
      </Checkbox.Group>
      {children}
    </div>
  );
}

/** The click on a proposal to let people go. Nothing where the surplus is over before anybody could be told. */
export function OfferLeave({ day, proposal }: { day: Intraday; proposal: Proposal }) {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  if (momentsOf(day, proposal).length === 0) return null;
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)} data-testid="offer-leave">
        {t("intraday.leave_do")}
      </Button>
      {isOpen ? <Choice day={day} proposal={proposal} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function OfferItem({ offer }: { offer: LeaveOffer }) {
  const { t, text } = useWords();
  const { isBusy, change } = useDayChange();
  return (
    <li className="stack" data-testid="leave-offer">
      <span>
        {t("intraday.leave_offer", {
          queue: text(offer.queue_name),
          at: timeText(offer.leaves_at),
          taken: offer.taken,
          people: offer.people,
        })}
        {" · "}
        {offer.is_open ? t("intraday.leave_open", { at: timeText(offer.expires_at) }) : t("intraday.leave_over")}
      </span>
      <span className="quiet">
        {offer.asked.map((one) => `${one.agent_name} (${t(`intraday.leave_said_${one.state}`)})`).join(", ")}
      </span>
      {offer.is_open ? (
        <Button
          size="small"
          loading={isBusy}
          onClick={() => void change(t("intraday.leave_closed"), () => closeLeaveOffer(offer.id, offer.version))}
          data-testid="close-leave-offer"
        >
          {t("intraday.leave_close")}
        </Button>
      ) : null}
    </li>
  );
}

/** Today's offers; nothing while there are none. */
export function LeaveOffers({ tenantId }: { tenantId: string }) {
  const { t } = useWords();
  const query = useQuery({
    queryKey: ["leave-offers", tenantId],
    queryFn: () => fetchLeaveOffers(tenantId),
    refetchInterval: AGAIN_MS,
  });
  if (!query.data?.offers.length) return null;
  return (
    <section className="card stack" aria-label={t("intraday.leave_offers")} data-testid="leave-offers">
      <h2>{t("intraday.leave_offers")}</h2>
      <ul className="plain-list stack">
        {query.data.offers.map((offer) => (
          <OfferItem key={offer.id} offer={offer} />
        ))}
      </ul>
    </section>
  );
}
