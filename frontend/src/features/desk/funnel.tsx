/** The funnel on the desk: pass what cannot be solved here to the next level. */
import { DownCircleOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useQuery } from "@tanstack/react-query";
import { fetchFunnel } from "@/api/routing";
import type { ContactDocument } from "@/live/documents";
import { useWords } from "@/words";
import { useAct } from "./work";

export const funnelQuery = { queryKey: ["desk-funnel"], queryFn: fetchFunnel, staleTime: 60_000 };

/** Shown while the contact came through a level's queue that has a level after it. */
export function NextLevelButton({ contact, isOff }: { contact: ContactDocument; isOff: boolean }) {
  const { t } = useWords();
  const act = useAct();
  const funnel = useQuery(funnelQuery);
  const level = funnel.data?.levels.find((one) => one.queue_id !== null && one.queue_id === contact.queue_id);
  if (!level?.next_queue_id) return null;
  const isPossible = !isOff && contact.transfer === null && ["talking", "held"].includes(contact.state);
  const wanted = {
    contact_id: contact.contact_id,
    kind: "blind",
    target_kind: "queue",
    target: level.next_queue_id,
  };
  return (
    <Button
      disabled={!isPossible}
      icon={<DownCircleOutlined aria-hidden />}
      onClick={() => void act("StartTransfer", wanted)}
      data-testid="next-level"
    >
      {t("desk.next_level")}
    </Button>
  );
}
