import { Select } from "antd";
import type { Bilingual } from "@/words";
import { useWords } from "@/words";

interface Props {
  queues: readonly { queue_id: string; queue_name: Bilingual }[] | undefined;
  value: string | undefined;
  onChange: (queueId: string | undefined) => void;
}

/** One queue, or all. A chosen one that is not among them (yet) goes by no name. */
export function QueueChoice({ queues = [], value, onChange }: Props) {
  const { t, text } = useWords();
  const isKnown = queues.some((queue) => queue.queue_id === value);
  return (
    <Select
      allowClear
      value={isKnown ? value : undefined}
      style={{ minWidth: "12em" }}
      placeholder={t("floor.all_queues")}
      aria-label={t("floor.queue")}
      onChange={(chosen?: string) => onChange(chosen)}
      options={queues.map((queue) => ({ value: queue.queue_id, label: text(queue.queue_name) }))}
    />
  );
}
