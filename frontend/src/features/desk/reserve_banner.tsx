/** Called up with a reserve team: when the work begins, and which skills are lent for it. */
import type { MeDocument, ReserveEntry } from "@/live/documents";
import { Remaining } from "@/shared/clocks";
import { useWords } from "@/words";

function Reserve({ reserve }: { reserve: ReserveEntry }) {
  const { t, text } = useWords();
  const skills = reserve.skills.map((skill) => text(skill)).join(" · ");
  return (
    <section className="strip row" role="status" data-testid="reserve" data-step={reserve.step}>
      <strong>{t(reserve.step === "called" ? "desk.reserve_called" : "desk.reserve_started")}</strong>
      <strong>{text(reserve.name)}</strong>
      {reserve.until_ms === null ? null : (
        <span role="timer">
          {t("desk.reserve_begins_in")} <Remaining untilMs={reserve.until_ms} />
        </span>
      )}
      {skills ? <span>{t("desk.reserve_skills", { skills })}</span> : null}
    </section>
  );
}

export function ReserveBanner({ me }: { me: MeDocument }) {
  return (
    <>
      {me.reserves.map((reserve) => (
        <Reserve key={reserve.tier_id} reserve={reserve} />
      ))}
    </>
  );
}
