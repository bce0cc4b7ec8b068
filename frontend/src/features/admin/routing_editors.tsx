/** Parts of a queue: rings that widen, overflows, and which attributes ask for a skill. */
import { CloseOutlined } from "@ant-design/icons";
import { Button, InputNumber, Select, Switch } from "antd";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useWords, type WordKey } from "@/words";
import { labelOf, recordsQuery } from "./field_values";

interface Props<T> {
  value?: T;
  onChange?: (value: T) => void;
}

interface Ring {
  after_s: number;
  team_ids: string[];
  site_ids: string[];
  relax: number;
  is_preference_kept: boolean;
}

/** To another queue, or to another company's agents whom the tenant has accepted; the contact stays then. */
interface Overflow {
  after_s: number;
  queue_id?: string | null;
  pool_use_id?: string | null;
}

const POOL = "pool:";

function wayOf(overflow: Overflow): string | undefined {
  return overflow.pool_use_id ? POOL + overflow.pool_use_id : (overflow.queue_id ?? undefined);
}

function asWay(way: string): Pick<Overflow, "queue_id" | "pool_use_id"> {
  const isPool = way.startsWith(POOL);
  return { queue_id: isPool ? null : way, pool_use_id: isPool ? way.slice(POOL.length) : null };
}

interface NumberProps {
  word: WordKey;
  value: number;
  max: number;
  onChange: (value: number) => void;
}

/** A number with its name before it, in a row of several. */
export function NamedNumber({ word, value, max, onChange }: NumberProps) {
  const { t } = useWords();
  return (
    <label className="row">
      {t(word)}
      <InputNumber min={0} max={max} precision={0} value={value} onChange={(next) => onChange(next ?? 0)} />
    </label>
  );
}

interface ReferencesProps extends Props<string[]> {
  resource: string;
  word: WordKey;
  id?: string;
}

/** Several records of a kind, by name. */
export function References({ resource, word, value = [], onChange, id }: ReferencesProps) {
  const { t, text } = useWords();
  const records = useQuery(recordsQuery(resource));
  return (
    <Select
      id={id}
      mode="multiple"
      style={{ width: "100%" }}
      aria-label={t(word)}
      placeholder={t(word)}
      loading={records.isPending}
      showSearch={{ optionFilterProp: "label" }}
      value={value}
      onChange={(next: string[]) => onChange?.(next)}
      options={(records.data ?? []).map((record) => ({ value: record.id, label: labelOf(record, "name", text) }))}
    />
  );
}

interface RowProps {
  children: ReactNode;
  onRemove: () => void;
}

export function PartCard({ children, onRemove }: RowProps) {
  const { t } = useWords();
  return (
    <div className="card row" style={{ alignItems: "flex-start" }}>
      <div className="grow stack">{children}</div>
      <Button type="text" icon={<CloseOutlined aria-hidden />} aria-label={t("general.remove")} onClick={onRemove} />
    </div>
  );
}

export function RingsEditor({ value = [], onChange }: Props<Ring[]>) {
  const { t } = useWords();
  const replace = (index: number, ring: Ring) => onChange?.(value.map((old, at) => (at === index ? ring : old)));
  const latest = value.at(-1);
  const fresh: Ring = {
    after_s: latest ? latest.after_s + 30 : 0,
    team_ids: [],
    site_ids: [],
    relax: 0,
    is_preference_kept: false,
  };
  return (
    <div className="stack">
      <span className="quiet">{t("admin.rings_hint")}</span>
      {value.map((ring, index) => (
        <PartCard key={index} onRemove={() => onChange?.(value.filter((_, at) => at !== index))}>
          <div className="row">
            <NamedNumber
              word="admin.after_s"
              max={86_400}
              value={ring.after_s}
              onChange={(after_s) => replace(index, { ...ring, after_s })}
            />
            <NamedNumber
              word="admin.relax"
              max={8}
              value={ring.relax}
              onChange={(relax) => replace(index, { ...ring, relax })}
            />
          </div>
          <References
            resource="teams"
            word="admin.ring_teams"
            value={ring.team_ids}
            onChange={(team_ids) => replace(index, { ...ring, team_ids })}
          />
          <References
            resource="sites"
            word="admin.ring_sites"
            value={ring.site_ids}
            onChange={(site_ids) => replace(index, { ...ring, site_ids })}
          />
          <label className="row">
            <Switch
              checked={ring.is_preference_kept}
              onChange={(is_preference_kept) => replace(index, { ...ring, is_preference_kept })}
            />
            {t("admin.is_preference_kept")}
          </label>
        </PartCard>
      ))}
      <Button data-testid="add-ring" onClick={() => onChange?.([...value, fresh])}>
        {t("admin.add_ring")}
      </Button>
    </div>
  );
}

export function OverflowsEditor({ value = [], onChange }: Props<Overflow[]>) {
  const { t, text } = useWords();
  const queues = useQuery(recordsQuery("queues"));
  const pools = useQuery(recordsQuery("pool-uses"));
  const options = [
    ...(queues.data ?? []).map((queue) => ({ value: queue.id, label: labelOf(queue, "name", text) })),
    ...(pools.data ?? []).map((pool) => ({
      value: POOL + pool.id,
      label: t("admin.shared_pool", { pool: labelOf(pool, "name", text) }),
    })),
  ];
  const replace = (index: number, one: Overflow) => onChange?.(value.map((old, at) => (at === index ? one : old)));
  return (
    <div className="stack">
      {value.map((overflow, index) => (
        <PartCard key={index} onRemove={() => onChange?.(value.filter((_, at) => at !== index))}>
          <NamedNumber
            word="admin.after_s"
            max={86_400}
            value={overflow.after_s}
            onChange={(after_s) => replace(index, { ...overflow, after_s })}
          />
          <Select
            style={{ width: "100%" }}
            aria-label={t("admin.overflow_to")}
            options={options}
            value={wayOf(overflow)}
            onChange={(way) => replace(index, { ...overflow, ...asWay(way) })}
          />
        </PartCard>
      ))}
      <Select
        value={null}
        placeholder={t("admin.add_overflow")}
        aria-label={t("admin.add_overflow")}
        options={options}
        onChange={(way: string | null) => {
          if (way) onChange?.([...value, { after_s: (value.at(-1)?.after_s ?? 0) + 60, ...asWay(way) }]);
        }}
      />
    </div>
  );
}

const KINDS = ["language", "brand", "product_line", "region"] as const;
type Insistence = "required" | "preferred";

export function InsistenceEditor({ value = {}, onChange }: Props<Partial<Record<string, Insistence>>>) {
  const { t } = useWords();
  const change = (kind: string, insistence: Insistence | "") => {
    const others = Object.fromEntries(Object.entries(value).filter(([one]) => one !== kind));
    onChange?.(insistence ? { ...others, [kind]: insistence } : others);
  };
  return (
    <div className="stack">
      {KINDS.map((kind) => (
        <label key={kind} className="row">
          <span style={{ minWidth: "8em" }}>{t(`admin.attribute_${kind}`)}</span>
          <Select<Insistence | "">
            style={{ width: 180 }}
            aria-label={t(`admin.attribute_${kind}`)}
            value={value[kind] ?? ""}
            onChange={(next) => change(kind, next)}
            options={[
              { value: "", label: t("admin.insist_not") },
              { value: "preferred", label: t("admin.insist_preferred") },
              { value: "required", label: t("admin.insist_required") },
            ]}
          />
        </label>
      ))}
    </div>
  );
}
