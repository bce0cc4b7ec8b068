/** One day of one's own: the shift and what can be asked about it, or the wish for it. */
import { Button, Drawer, InputNumber, Radio, Segmented, Select } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { makeWish, removeWish, type OwnRoster, type OwnShift, type WishKind } from "@/api/shift_requests";
import { dateText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";
import { SwapChoices, TakerChoices } from "./exchange_choices";
import { activityTime, absenceOn, breakWords, durationText, pieceWords, shiftOf } from "./my_roster_views";
import { useSpanWords } from "./request_words";

interface Props {
  roster: OwnRoster;
  day: string;
  onClose: () => void;
}

export const MY_ROSTER = ["my-roster"];
export const MY_REQUESTS = ["my-requests"];

function ShiftFacts({ shift }: { shift: OwnShift }) {
  const { t, text } = useWords();
  const span = useSpanWords();
  return (
    <dl className="facts">
      <dt>{t("my_roster.shift")}</dt>
      <dd>{text(shift.shift_kind.name)}</dd>
      <dt>{t("my_roster.times")}</dt>
      <dd className="digits">{shift.pieces.length > 1 ? pieceWords(shift).join(", ") : span(shift)}</dd>
      <dt>{t("my_roster.breaks")}</dt>
      <dd className="digits">{breakWords(shift).join(", ") || "–"}</dd>
      <dt>{t("my_roster.skill")}</dt>
      <dd>{text(shift.skill_name) || "–"}</dd>
      <dt>{t("my_roster.came_by")}</dt>
      <dd>
        {t(`my_roster.source_${shift.source}`)}
        {shift.overtime_min > 0
          ? `, ${t("my_roster.of_it_overtime", { hours: durationText(shift.overtime_min) })}`
          : null}
      </dd>
    </dl>
  );
}

function Exchange({ shift, hours, onAsked }: { shift: OwnShift; hours: number; onAsked: () => void }) {
  const { t } = useWords();
  const [what, setWhat] = useState<"swap" | "give">("swap");
  if (!shift.may_ask) return <p className="quiet">{t("my_roster.too_late", { hours })}</p>;
  return (
    <div className="stack">
      <Segmented
        value={what}
        onChange={setWhat}
        options={[
          { value: "swap", label: t("my_roster.swap") },
          { value: "give", label: t("my_roster.give_away") },
        ]}
      />
      {what === "swap" ? (
        <SwapChoices shift={shift} onAsked={onAsked} />
      ) : (
        <TakerChoices shift={shift} onAsked={onAsked} />
      )}
    </div>
  );
}

function WishForm({ roster, day, onDone }: { roster: OwnRoster; day: string; onDone: () => void }) {
  const { t, text } = useWords();
  const { good, bad } = useNotices();
  const kept = roster.wishes.find((wish) => wish.day === day);
  const [kind, setKind] = useState<WishKind>(kept?.kind ?? "off");
  const [shiftKind, setShiftKind] = useState<string | undefined>(kept?.shift_kind?.id);
  const [weight, setWeight] = useState(kept?.weight ?? 3);
  const done = (sending: Promise<unknown>) =>
    sending
      .then(() => {
        good(t("my_roster.wish_kept"));
        onDone();
      })
      .catch(bad);
  const send = () =>
    done(makeWish({ day, kind, weight, shift_kind_id: kind === "shift_kind" ? (shiftKind ?? null) : null }));
  return (
    <div className="stack">
      <p className="quiet">{t("my_roster.wish_hint", { most: roster.most_wishes_a_month })}</p>
      <Radio.Group
        vertical
        value={kind}
        onChange={(event) => setKind(event.target.value as WishKind)}
        options={[
          { value: "off", label: t("my_roster.wish_off") },
          { value: "no_night", label: t("my_roster.wish_no_night") },
          { value: "shift_kind", label: t("my_roster.wish_shift_kind") },
        ]}
      />
      {kind === "shift_kind" ? (
        <Select
          aria-label={t("my_roster.wish_shift_kind")}
          placeholder={t("my_roster.choose_kind")}
          value={shiftKind}
          onChange={setShiftKind}
          options={roster.shift_kinds.map((one) => ({ value: one.id, label: text(one.name) }))}
        />
      ) : null}
      <label className="field">
        <span>{t("my_roster.weight")}</span>
        <InputNumber min={1} max={5} value={weight} onChange={(value) => setWeight(value ?? 1)} />
      </label>
      <div className="row">
        <Button
          type="primary"
          disabled={kind === "shift_kind" && !shiftKind}
          onClick={() => void send()}
          data-testid="make-wish"
        >
          {t(kept ? "my_roster.wish_change" : "my_roster.wish_do")}
        </Button>
        {kept ? <Button onClick={() => void done(removeWish(kept.id))}>{t("my_roster.wish_remove")}</Button> : null}
      </div>
    </div>
  );
}

export function MyDayDrawer({ roster, day, onClose }: Props) {
  const { t } = useWords();
  const queries = useQueryClient();
  const shift = shiftOf(roster, day);
  const activities = roster.activities.filter((one) => dateText(one.starts_at) === day);
  const isWishable = day > roster.today && !roster.published_days.includes(day);
  const done = () => {
    void queries.invalidateQueries({ queryKey: MY_ROSTER });
    void queries.invalidateQueries({ queryKey: MY_REQUESTS });
    onClose();
  };
  return (
    <Drawer open size={560} title={day} onClose={onClose}>
      <div className="stack">
        {absenceOn(roster, day) ? <p>{t("my_roster.away")}</p> : null}
        {shift ? <ShiftFacts shift={shift} /> : null}
        {activities.length ? (
          <ul className="plain">
            {activities.map((one) => (
              <li key={one.id}>
                {activityTime(one.starts_at, one.ends_at)} {t(`my_roster.activity_${one.kind}`)}: {one.name}
              </li>
            ))}
          </ul>
        ) : null}
        {shift ? <Exchange shift={shift} hours={roster.request_hours} onAsked={done} /> : null}
        {!shift && isWishable ? <WishForm roster={roster} day={day} onDone={done} /> : null}
        {!shift && !isWishable ? <p className="quiet">{t("my_roster.nothing_on_day")}</p> : null}
      </div>
    </Drawer>
  );
}
