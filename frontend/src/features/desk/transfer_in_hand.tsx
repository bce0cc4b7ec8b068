/** A transfer under way, the conference that a consultation became, and why a transfer came back. */
import { TeamOutlined } from "@ant-design/icons";
import { Alert, Button } from "antd";
import { useQuery } from "@tanstack/react-query";
import type { ContactDocument, MeDocument } from "@/live/documents";
import { useDocument } from "@/live/hooks";
import { useCauseText } from "@/shared/cause_words";
import { useHotkey, useKeyMap } from "@/shared/hotkeys";
import { useNames } from "@/shared/live_names";
import { useWords } from "@/words";
import { popQuery } from "./pop";
import { useAct } from "./work";

/** A consultation and what may become of it; in a conference both agents see who talks. */
export function TransferInHand({ contact, isOff }: { contact: ContactDocument; isOff: boolean }) {
  const { t } = useWords();
  const keys = useKeyMap();
  const act = useAct();
  const transfer = contact.transfer;
  const isOwn = transfer !== null && !transfer.is_target && !isOff;
  const mayMerge = isOwn && transfer.kind === "consult" && transfer.is_answered && !transfer.is_merged;
  const pursue = (name: string) => void act(name, { transfer_id: transfer?.transfer_id });
  useHotkey("conference", mayMerge ? () => pursue("MergeTransfer") : null);
  if (!transfer) return null;
  if (transfer.is_target) return transfer.is_merged ? <ConferenceParties contact={contact} /> : null;
  return (
    <span className="row" role="status">
      {transfer.is_merged ? <ConferenceParties contact={contact} /> : <strong>{t("states.consulting")}</strong>}
      <Button
        type="primary"
        disabled={!isOwn || !transfer.is_answered}
        onClick={() => pursue("CompleteTransfer")}
        data-testid="complete-transfer"
      >
        {t("desk.complete")}
      </Button>
      {transfer.is_merged ? null : (
        <Button
          disabled={!mayMerge}
          onClick={() => pursue("MergeTransfer")}
          icon={<TeamOutlined aria-hidden />}
          data-testid="merge-transfer"
        >
          {t("desk.conference")} <kbd>{keys.conference}</kbd>
        </Button>
      )}
      <Button disabled={!isOwn} onClick={() => pursue("CancelTransfer")} data-testid="cancel-transfer">
        {transfer.is_merged ? t("desk.drop_third") : t("desk.cancel_transfer")}
      </Button>
    </span>
  );
}

/** Customer and the other side, by name where it is a colleague. */
function ConferenceParties({ contact }: { contact: ContactDocument }) {
  const { t } = useWords();
  const pop = useQuery(popQuery(contact.contact_id));
  const names = useNames().agents;
  const transfer = contact.transfer;
  if (!transfer) return null;
  const otherId = transfer.is_target ? transfer.agent_id : transfer.target_agent_id;
  const other = otherId === null ? t("desk.to_number") : (names.get(otherId) ?? t("desk.to_agent"));
  const customer = pop.data?.customer?.name ?? t("desk.unknown_customer");
  return (
    <strong data-testid="conference" role={transfer.is_target ? "status" : undefined}>
      {t("desk.conference_with", { customer, other })}
    </strong>
  );
}

/** Why the transfer came back, to whoever sent it, until the conversation is over or handed on again. */
export function Returned({ contact }: { contact: ContactDocument }) {
  const { t } = useWords();
  const causeText = useCauseText();
  const me = useDocument<MeDocument>("me");
  const returned = contact.returned;
  const isShown = returned?.agent_id === me?.agent_id && returned?.cause !== "cancelled" && contact.state !== "wrap_up";
  if (!returned || !isShown) return null;
  const text = t("desk.transfer_returned", { cause: causeText(returned.cause) });
  return <Alert type="warning" showIcon banner title={text} data-testid="returned" />;
}
