/** What weighs on the floor is asked for again, with its consequence in words; then the switch does it. */
import { App, Button } from "antd";
import type { TierDocument } from "@/live/documents";
import { useWords } from "@/words";
import { useAct } from "./act";
import { timeText } from "./moments";
import { useMay } from "./session";

interface Question {
  title: string;
  consequence: string;
  deed: string;
  name: string;
  args: Record<string, unknown>;
}

/** Ask again, then do it. */
export function useSteer(): (question: Question) => void {
  const { modal } = App.useApp();
  const { t } = useWords();
  const act = useAct();
  return ({ title, consequence, deed, name, args }) =>
    void modal.confirm({
      title,
      content: consequence,
      okText: deed,
      okButtonProps: { "data-testid": "steer-sure" } as Record<`data-${string}`, string>,
      cancelText: t("general.cancel"),
      onOk: () => act(name, args),
    });
}

/** Calls a reserve team by hand, to stay until the moment at least, or sends it back. Nothing for those who may not. */
export function TierButton({ tier, keepUntil }: { tier: TierDocument; keepUntil: () => number }) {
  const { t, text } = useWords();
  const may = useMay();
  const steer = useSteer();
  if (!may("floor.steer")) return null;
  const name = text(tier.name);
  const call = () => {
    const keep_until_ms = keepUntil();
    steer({
      title: t("steering.tier_call_title", { name }),
      consequence: t("steering.tier_call_means", { n: tier.members, at: timeText(keep_until_ms) }),
      deed: t("steering.tier_call_do"),
      name: "CallTier",
      args: { tier_id: tier.tier_id, keep_until_ms },
    });
  };
  const sendBack = () =>
    steer({
      title: t("steering.tier_back_title", { name }),
      consequence: t("steering.tier_back_means"),
      deed: t("steering.tier_back_do"),
      name: "StandDownTier",
      args: { tier_id: tier.tier_id },
    });
  return (
    <Button size="small" onClick={tier.step ? sendBack : call} data-testid={tier.step ? "send-tier-back" : "call-tier"}>
      {t(tier.step ? "steering.tier_back_do" : "steering.tier_call_do")}
    </Button>
  );
}
