/** My state and how to change it; asked for during work, it takes effect when the work ends. */
import { Button, Dropdown, type MenuProps } from "antd";
import { useQuery } from "@tanstack/react-query";
import { fetchAwayReasons, fetchSoftphone } from "@/api/desk";
import type { AgentState, MeDocument } from "@/live/documents";
import { Elapsed } from "@/shared/clocks";
import { StateTag, useReasonText } from "@/shared/state_tag";
import { usePhone } from "@/softphone/hooks";
import { useWords } from "@/words";
import { SeatMove } from "./seat_choice";
import { useAct } from "./work";

export function useAwayReasons() {
  return useQuery({ queryKey: ["away-reasons"], queryFn: fetchAwayReasons, staleTime: 300_000 });
}

function useReasonNames(): ReadonlyMap<string, string> {
  const { text } = useWords();
  const reasons = useAwayReasons();
  return new Map((reasons.data ?? []).map((reason) => [reason.away_reason_id, text(reason.name)]));
}

function PhoneText() {
  const { t } = useWords();
  const { state } = usePhone();
  const softphone = useQuery({ queryKey: ["softphone"], queryFn: fetchSoftphone, staleTime: Number.POSITIVE_INFINITY });
  const isOther = softphone.data !== undefined && softphone.data.kind !== "browser";
  const words = {
    off: isOther ? t("desk.phone_other") : t("desk.phone_off"),
    connecting: t("desk.phone_connecting"),
    registered: t("desk.phone_registered"),
    failed: t("desk.phone_failed", { cause: state.cause }),
  };
  const text = state.cause === "microphone" ? t("desk.microphone_denied") : words[state.registration];
  const isGood = (isOther || state.registration === "registered") && state.cause !== "microphone";
  return (
    <span role="status" className={isGood ? "quiet" : ""} data-phone={state.registration}>
      {isGood ? text : <strong>{text}</strong>}
    </span>
  );
}

function AwayMenu({ isOff }: { isOff: boolean }) {
  const { t, text } = useWords();
  const act = useAct();
  const reasons = useAwayReasons();
  const items: MenuProps["items"] = (reasons.data ?? []).map((reason) => ({
    key: reason.away_reason_id,
    label: text(reason.name),
    onClick: () => void act("SetAgentState", { state: "away", reason_id: reason.away_reason_id }),
  }));
  return (
    <Dropdown menu={{ items }} trigger={["click"]} disabled={isOff}>
      <Button data-testid="go-away">{t("desk.go_away")}</Button>
    </Dropdown>
  );
}

export function StateControl({ me }: { me: MeDocument }) {
  const { t } = useWords();
  const act = useAct();
  const reasonText = useReasonText();
  const reasons = useReasonNames();
  const isOff = me.is_mirror;
  const wanted = me.requested_state as AgentState | null;
  return (
    <section className="row" aria-label={t("desk.state")} data-testid="state">
      <StateTag state={me.state ?? "signed_out"} detail={reasonText(me.reason, reasons)} />
      <Elapsed sinceMs={me.since_ms} />
      {wanted ? <span>{t("desk.after_work", { state: t(`states.${wanted}`) })}</span> : null}
      <Button
        type={me.state === "away" ? "primary" : "default"}
        disabled={isOff || (me.state === "available" && !wanted)}
        onClick={() => void act("SetAgentState", { state: "available" })}
        data-testid="go-available"
      >
        {t("desk.go_available")}
      </Button>
      <AwayMenu isOff={isOff} />
      <SeatMove me={me} />
      <Button disabled={isOff} onClick={() => void act("SignOut")} data-testid="sign-out">
        {t("desk.sign_out_do")}
      </Button>
      <span className="grow" />
      <PhoneText />
    </section>
  );
}
