/** My work: the rotations open to me, and what became of my applications. */
import { Button, Popconfirm, Popover, Table, type TableColumnsType } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  fetchMyReasons,
  fetchMyRotations,
  fetchOpenRotations,
  withdrawApplication,
  type Membership,
  type OpenRotation,
} from "@/api/workforce";
import { useNotices } from "@/shared/notices";
import { EmptyState, Failure, Loading } from "@/shared/views";
import { useWords } from "@/words";
import { ApplicationDrawer } from "./application_drawer";
import { useMembershipColumns } from "./membership_columns";
import { usePromiseWords } from "./rotation_words";

const MINE = ["my-rotations"];

function OpenRotations({ onApply }: { onApply: (rotation: OpenRotation) => void }) {
  const { t, text } = useWords();
  const promiseWords = usePromiseWords();
  const open = useQuery({ queryKey: ["open-rotations"], queryFn: fetchOpenRotations });
  if (open.isPending) return <Loading />;
  if (open.isError) return <Failure error={open.error} retry={() => void open.refetch()} />;
  if (open.data.length === 0) return <EmptyState hint={t("workforce.none_open")} />;
  return (
    <div className="rotation-cards">
      {open.data.map((rotation) => (
        <section key={rotation.id} className="card stack" aria-label={text(rotation.name)}>
          <h3>{text(rotation.name)}</h3>
          <ul>
            {promiseWords(rotation).map((word) => (
              <li key={word}>{word}</li>
            ))}
          </ul>
          <div>
            <Button onClick={() => onApply(rotation)} data-testid="apply">
              {t("workforce.apply_do")}
            </Button>
          </div>
        </section>
      ))}
    </div>
  );
}

function Answer({ membership }: { membership: Membership }) {
  const { t } = useWords();
  const reasons = useQuery({
    queryKey: [...MINE, membership.id, membership.version],
    queryFn: () => fetchMyReasons(membership.id),
  });
  if (reasons.isError) return <Failure error={reasons.error} retry={() => void reasons.refetch()} />;
  if (!reasons.data) return <Loading />;
  return (
    <div className="stack" style={{ width: 320 }}>
      <div>
        <strong>{t("workforce.evidence")}</strong> {reasons.data.evidence || "–"}
      </div>
      <div>
        <strong>{t("workforce.the_answer")}</strong> {reasons.data.decision_text || "–"}
      </div>
    </div>
  );
}

function MyMemberships() {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const queries = useQueryClient();
  const common = useMembershipColumns();
  const mine = useQuery({ queryKey: MINE, queryFn: fetchMyRotations, refetchInterval: 60_000 });
  const withdraw = (row: Membership) =>
    withdrawApplication(row)
      .then(() => good(t("workforce.withdrawn")))
      .catch(bad)
      .finally(() => void queries.invalidateQueries({ queryKey: MINE }));
  const columns: TableColumnsType<Membership> = [
    ...common,
    {
      title: t("general.actions"),
      render: (_, row) => (
        <div className="row">
          <Popover trigger="click" content={<Answer membership={row} />}>
            <Button size="small">{t("workforce.see_answer")}</Button>
          </Popover>
          {row.state === "applied" ? (
            <Popconfirm title={t("workforce.withdraw_sure")} onConfirm={() => void withdraw(row)}>
              <Button size="small">{t("workforce.withdraw_do")}</Button>
            </Popconfirm>
          ) : null}
        </div>
      ),
    },
  ];
  if (mine.isPending) return <Loading />;
  if (mine.isError) return <Failure error={mine.error} retry={() => void mine.refetch()} />;
  return (
    <Table<Membership>
      size="small"
      rowKey="id"
      pagination={false}
      columns={columns}
      dataSource={mine.data}
      scroll={{ x: true }}
      locale={{ emptyText: <EmptyState hint={t("workforce.none_applied")} /> }}
    />
  );
}

export function MyRotationsPage() {
  const { t } = useWords();
  const queries = useQueryClient();
  const [rotation, setRotation] = useState<OpenRotation | null>(null);
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("workforce.my_rotations")}</h1>
      </div>
      <p className="quiet">{t("workforce.my_rotations_hint")}</p>
      <OpenRotations onApply={setRotation} />
      <h2>{t("workforce.my_applications")}</h2>
      <MyMemberships />
      {rotation ? (
        <ApplicationDrawer
          rotation={rotation}
          onClose={() => setRotation(null)}
          onSent={() => void queries.invalidateQueries({ queryKey: MINE })}
        />
      ) : null}
    </div>
  );
}
