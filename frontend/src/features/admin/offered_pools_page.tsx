/** Pools of agents that other tenants offer to ours: accepted or given up with one click. */
import { CheckOutlined } from "@ant-design/icons";
import {
  App,
  Button,
  Checkbox,
  Form,
  InputNumber,
  Modal,
  Select,
  Table,
  Tag,
  Typography,
  type TableColumnsType,
} from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fetchOfferedPools, type OfferedPool } from "@/api/routing";
import { changeRecord, createRecord, removeRecord, type SetupRecord } from "@/api/setup";
import { uuid7 } from "@/live/uuid7";
import { useNotices } from "@/shared/notices";
import { useTenants } from "@/shared/session";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { labelOf, recordsQuery } from "./field_values";
import { AskWhatIf, type Basis } from "./what_if_ask";

const POOLS = ["offered-pools"];

function useSwitch(): { accept: (pool: OfferedPool) => void; giveUp: (pool: OfferedPool) => void; isBusy: boolean } {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const client = useQueryClient();
  const uses = useQuery(recordsQuery("pool-uses"));
  const [keys] = useState(() => new Map<string, string>());
  const settled = () => {
    void client.invalidateQueries({ queryKey: POOLS });
    void client.invalidateQueries({ queryKey: ["setup-all", "pool-uses"] });
  };
  const accepting = useMutation({
    mutationFn: (pool: OfferedPool) => {
      // The same click twice is one acceptance; after giving up, the next one is another.
      const key = keys.get(pool.pool_id) ?? uuid7();
      keys.set(pool.pool_id, key);
      return createRecord("pool-uses", { tenant_id: pool.tenant_id, pool_id: pool.pool_id }, key);
    },
    onError: bad,
    onSuccess: () => good(t("admin.pool_accepted")),
    onSettled: settled,
  });
  const ending = useMutation({
    mutationFn: async (pool: OfferedPool) => {
      const use = uses.data?.find((one) => one.id === pool.pool_use_id);
      if (use) await removeRecord("pool-uses", use);
      keys.delete(pool.pool_id);
    },
    onError: bad,
    onSuccess: () => good(t("admin.pool_given_up")),
    onSettled: settled,
  });
  return { accept: accepting.mutate, giveUp: ending.mutate, isBusy: accepting.isPending || ending.isPending };
}

const ALLOWANCES = ["allows_notes", "allows_tickets", "shows_tickets"] as const;

/** What the pool's agents may do for us while one of our contacts is in their hands. */
function Allowances({ use }: { use: SetupRecord | undefined }) {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const client = useQueryClient();
  const changing = useMutation({
    mutationFn: ({ use, values }: { use: SetupRecord; values: Record<string, boolean> }) =>
      changeRecord("pool-uses", use, values),
    onError: bad,
    onSuccess: () => good(t("general.saved")),
    onSettled: () => client.invalidateQueries({ queryKey: ["setup-all", "pool-uses"] }),
  });
  if (!use) return null;
  return (
    <div className="stack">
      {ALLOWANCES.map((name) => (
        <Checkbox
          key={name}
          checked={use[name] === true}
          disabled={changing.isPending}
          onChange={(event) => changing.mutate({ use, values: { [name]: event.target.checked } })}
          data-testid={name}
        >
          {t(`admin.pool_${name}`)}
        </Checkbox>
      ))}
    </div>
  );
}

interface TrialValues {
  queue_id: string;
  after_s: number;
}

/** Which queue would overflow to the pool, and after how long; then the day on which that is tried. */
function TryPool({ pool, onClose }: { pool: OfferedPool; onClose: () => void }) {
  const { t, text } = useWords();
  const queues = useQuery(recordsQuery("queues"));
  const own = (queues.data ?? []).filter((queue) => queue.tenant_id === pool.tenant_id);
  const [form] = Form.useForm<TrialValues>();
  const [tried, setTried] = useState<Basis | null>(null);
  const go = ({ queue_id, after_s }: TrialValues) => {
    const queue_version = own.find((queue) => queue.id === queue_id)?.version;
    const values = { pool_id: pool.pool_id, queue_id, queue_version, after_s };
    setTried({ change: { object_type: "pool_use", record_id: null, values } });
  };
  if (tried) return <AskWhatIf basis={tried} tenantId={pool.tenant_id} onClose={onClose} />;
  return (
    <Modal
      open
      title={t("admin.pool_try", { name: text(pool.name) })}
      okText={t("whatif.title")}
      cancelText={t("general.cancel")}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form<TrialValues> form={form} layout="vertical" initialValues={{ after_s: 60 }} onFinish={go}>
        <p className="quiet">{t("admin.pool_try_hint")}</p>
        <Form.Item
          name="queue_id"
          label={t("admin.version_queue")}
          rules={[{ required: true, message: t("general.required") }]}
        >
          <Select
            showSearch={{ optionFilterProp: "label" }}
            options={own.map((queue) => ({ value: queue.id, label: labelOf(queue, "name", text) }))}
          />
        </Form.Item>
        <Form.Item
          name="after_s"
          label={t("admin.pool_try_after")}
          rules={[{ required: true, message: t("general.required") }]}
        >
          <InputNumber min={0} max={86_400} precision={0} style={{ width: 160 }} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function Pools({ pools }: { pools: OfferedPool[] }) {
  const { t, text } = useWords();
  const { modal } = App.useApp();
  const { accept, giveUp, isBusy } = useSwitch();
  const uses = useQuery(recordsQuery("pool-uses"));
  const [tried, setTried] = useState<OfferedPool | null>(null);
  const askToGiveUp = (pool: OfferedPool) =>
    void modal.confirm({
      title: t("admin.pool_give_up_sure", { name: text(pool.name) }),
      okText: t("admin.pool_give_up"),
      onOk: () => giveUp(pool),
    });
  const columns: TableColumnsType<OfferedPool> = [
    { title: t("admin.pool_name"), render: (_, pool) => text(pool.name) },
    { title: t("admin.pool_lender"), render: (_, pool) => text(pool.lender_name) },
    {
      title: t("admin.pool_state"),
      render: (_, pool) =>
        pool.pool_use_id ? (
          <Tag icon={<CheckOutlined aria-hidden />}>{t("admin.pool_in_use")}</Tag>
        ) : (
          <Tag>{t("admin.pool_only_offered")}</Tag>
        ),
    },
    {
      title: t("admin.pool_allowances"),
      render: (_, pool) => <Allowances use={uses.data?.find((one) => one.id === pool.pool_use_id)} />,
    },
    {
      title: t("general.actions"),
      render: (_, pool) => (
        <div className="row">
          {pool.pool_use_id ? (
            <Button size="small" disabled={isBusy} onClick={() => askToGiveUp(pool)} data-testid="give-up">
              {t("admin.pool_give_up")}
            </Button>
          ) : (
            <Button size="small" type="primary" disabled={isBusy} onClick={() => accept(pool)} data-testid="accept">
              {t("admin.pool_accept")}
            </Button>
          )}
          <Button size="small" onClick={() => setTried(pool)} data-testid="what-if">
            {t("whatif.title")}
          </Button>
        </div>
      ),
    },
  ];
  return (
    <>
      <Table<OfferedPool>
        size="small"
        rowKey={(pool) => pool.tenant_id + pool.pool_id}
        pagination={false}
        columns={columns}
        dataSource={pools}
        scroll={{ x: true }}
      />
      {tried ? <TryPool key={tried.pool_id} pool={tried} onClose={() => setTried(null)} /> : null}
    </>
  );
}

export function OfferedPoolsPage() {
  const { t, text } = useWords();
  const tenants = useTenants();
  const pools = useQuery({ queryKey: POOLS, queryFn: fetchOfferedPools });
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("admin.offered-pools")}</h1>
      </div>
      <p className="quiet">{t("admin.offered_pools_hint")}</p>
      {tenants.map((tenant) => (
        <div key={tenant.tenant_id} className="row">
          <span>{t("admin.pool_own_id", { name: text(tenant.name) })}</span>
          <Typography.Text copyable code>
            {tenant.tenant_id}
          </Typography.Text>
        </div>
      ))}
      <QueryView
        query={pools}
        isEmpty={(data) => data.length === 0}
        empty={<EmptyState hint={t("admin.offered_pools_none")} />}
      >
        {(data) => <Pools pools={data} />}
      </QueryView>
    </div>
  );
}
