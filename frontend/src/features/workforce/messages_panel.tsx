/** The outbox of messages to staff: what was sent, what waits, what failed and why. */
import { CheckOutlined, ClockCircleOutlined, CloseOutlined, MinusOutlined } from "@ant-design/icons";
import { Button, Descriptions, Drawer, Select, Tag, type TableColumnsType } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  fetchMessageCounts,
  fetchMessageWords,
  fetchStaffMessages,
  sendMessageAgain,
  type StaffMessage,
} from "@/api/messages";
import { SimulatedBadge } from "@/shared/badges";
import { momentText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { PagedList } from "@/shared/paged_list";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";

const MESSAGES = ["staff-messages"];
const STATES = ["all", "waiting", "sending", "sent", "failed", "dropped"] as const;
const COLOURS = { waiting: "processing", sending: "processing", sent: "default", failed: "error", dropped: "default" };
/** Shape as well as colour. */
const SHAPES = {
  waiting: <ClockCircleOutlined aria-hidden />,
  sending: <ClockCircleOutlined aria-hidden />,
  sent: <CheckOutlined aria-hidden />,
  failed: <CloseOutlined aria-hidden />,
  dropped: <MinusOutlined aria-hidden />,
};
type Shown = (typeof STATES)[number];

function WordsDrawer({ message, onClose }: { message: StaffMessage; onClose: () => void }) {
  const { t } = useWords();
  // Each look is a line of the audit: it is asked for once, and not kept.
  const words = useQuery({
    queryKey: [...MESSAGES, "words", message.id],
    queryFn: () => fetchMessageWords(message.id),
    staleTime: Infinity,
    gcTime: 0,
  });
  return (
    <Drawer open size={520} title={message.agent_name} onClose={onClose}>
      <QueryView query={words}>
        {({ to, subject, text }) => (
          <Descriptions
            column={1}
            items={[
              { key: "to", label: t("messages.to"), children: to || t("general.unknown") },
              { key: "subject", label: t("messages.subject"), children: subject },
              {
                key: "text",
                label: t("messages.text"),
                children: <span style={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>{text}</span>,
              },
            ]}
          />
        )}
      </QueryView>
    </Drawer>
  );
}

function useColumns(onRead: (message: StaffMessage) => void): TableColumnsType<StaffMessage> {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const queries = useQueryClient();
  const [busy, setBusy] = useState("");
  const again = async (message: StaffMessage) => {
    setBusy(message.id);
    try {
      await sendMessageAgain(message.id);
      good(t("messages.goes_again"));
    } catch (error) {
      bad(error);
    } finally {
      setBusy("");
      void queries.invalidateQueries({ queryKey: MESSAGES });
    }
  };
  return [
    { title: t("messages.person"), render: (_, row) => row.agent_name || t("general.unknown") },
    { title: t("messages.what"), render: (_, row) => row.subject },
    { title: t("messages.way"), render: (_, row) => t(`messages.way_${row.way}`) },
    {
      title: t("workforce.state"),
      render: (_, row) => (
        <>
          <Tag color={COLOURS[row.state]} icon={SHAPES[row.state]}>
            {t(`messages.state_${row.state}`)}
          </Tag>
          <SimulatedBadge isShown={row.is_simulated} isSmall />
        </>
      ),
    },
    {
      title: t("messages.when"),
      render: (_, row) =>
        row.ended_at ? momentText(row.ended_at) : t("messages.next_try", { time: momentText(row.due_at) }),
    },
    { title: t("messages.why"), render: (_, row) => row.error || "–" },
    {
      title: t("general.actions"),
      render: (_, row) => (
        <div className="row">
          <Button size="small" onClick={() => onRead(row)} data-testid="read-message">
            {t("messages.read")}
          </Button>
          {row.state === "failed" ? (
            <Button
              size="small"
              type="primary"
              loading={busy === row.id}
              onClick={() => void again(row)}
              data-testid="send-again"
            >
              {t("messages.again")}
            </Button>
          ) : null}
        </div>
      ),
    },
  ];
}

export function MessagesPanel() {
  const { t } = useWords();
  const [state, setState] = useState<Shown>("all");
  const [read, setRead] = useState<StaffMessage | null>(null);
  const columns = useColumns(setRead);
  const counts = useQuery({ queryKey: [...MESSAGES, "counts"], queryFn: fetchMessageCounts, refetchInterval: 15_000 });
  const label = (value: Shown) =>
    value === "all"
      ? t("messages.state_all")
      : t("messages.state_count", { state: t(`messages.state_${value}`), n: counts.data?.[value] ?? 0 });
  return (
    <div className="stack">
      <div>
        <Select<Shown>
          aria-label={t("workforce.state")}
          style={{ minWidth: 220 }}
          value={state}
          onChange={setState}
          options={STATES.map((value) => ({ value, label: label(value) }))}
        />
      </div>
      <PagedList<StaffMessage>
        queryKey={[...MESSAGES, "list", state]}
        fetchPage={(cursor) => fetchStaffMessages({ state: state === "all" ? undefined : state, cursor })}
        columns={columns}
        emptyHint={t("messages.none")}
        isRenewed
      />
      {read ? <WordsDrawer message={read} onClose={() => setRead(null)} /> : null}
    </div>
  );
}
