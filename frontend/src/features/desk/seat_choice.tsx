/** Where I sit today: the free seats, my own site's first; this computer remembers the last one (row JS-03). */
import { Button, Popover, Select } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchSeats } from "@/api/desk";
import type { MeDocument } from "@/live/documents";
import { useWords } from "@/words";
import { useAct } from "./work";

const KEY = "hotline.seat";

interface SeatChoice {
  /** Undefined: none, at home. */
  seatId: string | undefined;
  choose: (seatId: string | undefined) => void;
  /** Keep it for the next time on this computer, after the sign-in has succeeded. */
  remember: () => void;
  renew: () => void;
  sites: Awaited<ReturnType<typeof fetchSeats>>["sites"];
  /** The seat of last time is taken or out of order. */
  isLastGone: boolean;
}

function last(): string | undefined {
  return localStorage.getItem(KEY) ?? undefined;
}

export function useSeatChoice(): SeatChoice {
  const seats = useQuery({ queryKey: ["desk-seats"], queryFn: fetchSeats, staleTime: 0, refetchOnWindowFocus: true });
  const [chosen, setChosen] = useState<string | undefined | null>(null);
  const sites = seats.data?.sites ?? [];
  const isFree = (seatId: string | undefined) =>
    sites.some((site) => site.seats.some((seat) => seat.seat_id === seatId));
  const wanted = chosen === null ? last() : chosen;
  const seatId = isFree(wanted) ? wanted : undefined;
  return {
    seatId,
    choose: setChosen,
    remember: () => (seatId ? localStorage.setItem(KEY, seatId) : localStorage.removeItem(KEY)),
    renew: () => void seats.refetch(),
    sites,
    isLastGone: seats.isSuccess && sites.length > 0 && wanted !== undefined && seatId === undefined,
  };
}

export function SeatSelect({ choice }: { choice: SeatChoice }) {
  const { t, text } = useWords();
  if (choice.sites.length === 0) return null;
  const options = choice.sites.map((site) => ({
    label: text(site.name),
    title: text(site.name),
    options: site.seats.map((seat) => ({
      value: seat.seat_id,
      label: seat.is_reserve ? `${seat.label} (${t("seats.reserve")})` : seat.label,
    })),
  }));
  return (
    <label className="field">
      <span>{t("desk.seat")}</span>
      <Select
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        value={choice.seatId}
        onChange={(seatId?: string) => choice.choose(seatId)}
        placeholder={t("desk.seat_none")}
        options={options}
        data-testid="seat"
      />
      {choice.isLastGone ? (
        <span className="quiet" role="status">
          {t("desk.seat_gone")}
        </span>
      ) : null}
    </label>
  );
}

/** Sit down elsewhere while signed in: the same sign-in, with another seat. */
export function SeatMove({ me }: { me: MeDocument }) {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  if (me.is_mirror) return null;
  const close = () => setOpen(false);
  return (
    <Popover
      open={isOpen}
      onOpenChange={setOpen}
      trigger="click"
      destroyOnHidden
      content={<MoveForm onDone={close} />}
      title={t("desk.seat_move")}
    >
      <Button data-testid="seat-move">{t("desk.seat")}</Button>
    </Popover>
  );
}

function MoveForm({ onDone }: { onDone: () => void }) {
  const { t } = useWords();
  const act = useAct();
  const choice = useSeatChoice();
  const move = async () => {
    if (!(await act("SignIn", { seat_id: choice.seatId }))) return choice.renew();
    choice.remember();
    onDone();
  };
  if (choice.sites.length === 0) return <span className="quiet">{t("reports.seats_none")}</span>;
  return (
    <div className="stack" style={{ minWidth: "15em" }}>
      <SeatSelect choice={choice} />
      <Button type="primary" disabled={!choice.seatId} onClick={() => void move()} data-testid="sit">
        {t("desk.seat_sit")}
      </Button>
    </div>
  );
}
