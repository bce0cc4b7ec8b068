/** What kind of work each queue of a plan is, and how many of the people who serve several queues may be planned. */
import { InputNumber, Select, Switch, Table } from "antd";
import type { StaffingBasis, StaffingGroup, StaffingPart, StaffingWay, StaffingWorkIn } from "@/api/planning";
import { useWords } from "@/words";
import { KIND_WORDS, KINDS, type Kind, useGroupName, usePartName } from "./staffing_words";

/** The planner's own words on a plan's basis; what is not in them is as usual. */
export interface OwnBasis {
  work: Record<string, StaffingWorkIn>;
  isPooled: boolean | null;
  /** Whether customers who wait too long go to other queues in the simulation, as it is set up. */
  hasOverflow: boolean;
  /** By the ids of the queues that a group serves; null: as many as are needed. */
  most: Record<string, number | null>;
}

export const NOTHING_OWN: OwnBasis = { work: {}, isPooled: null, hasOverflow: true, most: {} };
const USUAL_AT_ONCE = 3;
const USUAL_HOURS = 24;

function workOf(part: StaffingPart, own: OwnBasis): StaffingWorkIn {
  return own.work[part.queue_id] ?? part;
}

/** Groups by those of their queues whose customers wait, for letters are nobody's alone. Of those who serve several
 * there are no more than there are. */
function livingGroups(basis: StaffingBasis, own: OwnBasis): { group: StaffingGroup; key: string }[] {
  const letters = new Set(basis.queues.filter((part) => workOf(part, own).kind === "letters").map((part) => part.id));
  const people = new Map<string, { parts: string[]; later: Record<string, number>; people: number }>();
  for (const group of basis.groups) {
    const parts = group.parts.filter((id) => !letters.has(id));
    const waits = Object.entries(group.later).filter(([id]) => !letters.has(id));
    const key = [...parts, ...waits.map(([id, after]) => `${id}@${after}`)].join(" ");
    const before = people.get(key)?.people ?? 0;
    if (key) people.set(key, { parts, later: Object.fromEntries(waits), people: group.people + before });
  }
  return [...people].map(([key, one]) => {
    const isAlone = one.parts.length === 1 && Object.keys(one.later).length === 0;
    return { key, group: { ...one, most: isAlone ? null : one.people } };
  });
}

export function isPooledOf(basis: StaffingBasis, own: OwnBasis): boolean {
  return (
    own.isPooled ??
    (basis.ways.length > 0 ||
      livingGroups(basis, own).some(({ group }) => group.parts.length > 1 || Object.keys(group.later).length > 0))
  );
}

/** What is asked of the server. */
export function askedBasis(basis: StaffingBasis, own: OwnBasis) {
  const isPooled = isPooledOf(basis, own);
  return {
    queues: Object.values(own.work),
    is_pooled: isPooled,
    has_overflow: own.hasOverflow,
    groups: isPooled
      ? livingGroups(basis, own).map(({ group, key }) => {
          const most = own.most[key];
          return { ...group, most: most === undefined ? group.most : most };
        })
      : null,
  };
}

interface Props {
  basis: StaffingBasis;
  own: OwnBasis;
  onChange: (own: OwnBasis) => void;
}

export function WorkKinds({ basis, own, onChange }: Props) {
  const { t, text } = useWords();
  const queues = basis.queues.filter(
    (part, place, all) => all.findIndex((one) => one.queue_id === part.queue_id) === place,
  );
  const change = (part: StaffingPart, kind: Kind, amount?: number | null) => {
    const before = workOf(part, own);
    const work: StaffingWorkIn = {
      queue_id: part.queue_id,
      kind,
      concurrency:
        kind === "chats" ? (amount ?? (before.kind === "chats" ? before.concurrency : null) ?? USUAL_AT_ONCE) : null,
      deadline_h: kind === "letters" ? (amount ?? before.deadline_h ?? USUAL_HOURS) : null,
    };
    onChange({ ...own, work: { ...own.work, [part.queue_id]: work } });
  };
  return (
    <Table<StaffingPart>
      size="small"
      rowKey="queue_id"
      pagination={false}
      scroll={{ x: true }}
      dataSource={queues}
      columns={[
        { title: t("floor.queue"), render: (_, row) => text(row.queue_name) },
        {
          title: t("staffing.kind"),
          render: (_, row) => (
            <Select<Kind>
              aria-label={t("staffing.kind_of", { queue: text(row.queue_name) })}
              style={{ minWidth: "8em" }}
              value={workOf(row, own).kind}
              onChange={(kind) => change(row, kind)}
              options={KINDS.map((value) => ({ value, label: t(KIND_WORDS[value]) }))}
            />
          ),
        },
        {
          title: t("staffing.kind_amount"),
          render: (_, row) => {
            const work = workOf(row, own);
            if (work.kind === "chats")
              return (
                <InputNumber
                  aria-label={t("staffing.concurrency_of", { queue: text(row.queue_name) })}
                  min={1}
                  max={16}
                  precision={0}
                  suffix={t("staffing.at_once")}
                  value={work.concurrency ?? null}
                  onChange={(amount) => change(row, "chats", amount)}
                />
              );
            if (work.kind === "letters")
              return (
                <InputNumber
                  aria-label={t("staffing.deadline_of", { queue: text(row.queue_name) })}
                  min={0.5}
                  max={1000}
                  suffix={t("staffing.hours")}
                  value={work.deadline_h ?? null}
                  onChange={(amount) => change(row, "letters", amount)}
                />
              );
            return "–";
          },
        },
      ]}
    />
  );
}

export function SharedPeople({ basis, own, onChange }: Props) {
  const { t } = useWords();
  const nameOf = usePartName();
  const groupNameOf = useGroupName();
  const isPooled = isPooledOf(basis, own);
  const names = new Map(basis.queues.map((part) => [part.id, nameOf(part)]));
  const rows = livingGroups(basis, own);
  return (
    <>
      <label className="row">
        <Switch
          aria-label={t("staffing.pooled")}
          checked={isPooled}
          onChange={(value) => onChange({ ...own, isPooled: value })}
        />
        <span>{t("staffing.pooled")}</span>
      </label>
      <p className="quiet">{t("staffing.pooled_hint")}</p>
      {isPooled ? (
        <Table
          size="small"
          rowKey="key"
          pagination={false}
          scroll={{ x: true }}
          dataSource={rows}
          columns={[
            {
              title: t("staffing.serves"),
              render: (_, { group }) => groupNameOf(group, names),
            },
            { title: t("staffing.people_there"), align: "right", render: (_, { group }) => group.people },
            {
              title: t("staffing.most"),
              render: (_, { group, key }) => (
                <InputNumber
                  aria-label={t("staffing.most_of", { queues: groupNameOf(group, names) })}
                  min={0}
                  max={100_000}
                  precision={0}
                  placeholder={t("staffing.as_needed")}
                  style={{ width: "10em" }}
                  value={own.most[key] === undefined ? group.most : own.most[key]}
                  onChange={(value) => onChange({ ...own, most: { ...own.most, [key]: value } })}
                />
              ),
            },
          ]}
        />
      ) : null}
      {isPooled && basis.ways.length > 0 ? (
        <>
          <label className="row">
            <Switch
              aria-label={t("staffing.has_overflow")}
              checked={own.hasOverflow}
              onChange={(hasOverflow) => onChange({ ...own, hasOverflow })}
            />
            <span>{t("staffing.has_overflow")}</span>
          </label>
          <Ways ways={basis.ways} names={names} />
        </>
      ) : null}
    </>
  );
}

/** Where customers go who wait too long, or find the line full. */
export function Ways({ ways, names }: { ways: readonly StaffingWay[]; names: ReadonlyMap<string, string> }) {
  const { t } = useWords();
  return (
    <ul className="quiet" data-testid="staffing-ways">
      {ways.map(({ part, to, after_s }) => {
        const queues = { from: names.get(part) ?? "", to: names.get(to) ?? "" };
        return (
          <li key={`${part} ${to} ${after_s}`}>
            {after_s === null
              ? t("staffing.way_full", queues)
              : t("staffing.way_after", { ...queues, seconds: after_s })}
          </li>
        );
      })}
    </ul>
  );
}
