/** The audit: who did and saw what, newest first; the chain can be checked here. */
import { Alert, Button, DatePicker, Input, Select, type TableColumnsType } from "antd";
import dayjs from "dayjs";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { fetchAudit, verifyAudit, type AuditFilter, type AuditLine } from "@/api/people";
import { dateText, preciseTimeText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { PagedList } from "@/shared/paged_list";
import { useWords } from "@/words";

function Verdict() {
  const { t } = useWords();
  const { bad } = useNotices();
  const check = useMutation({ mutationFn: verifyAudit, onError: bad });
  return (
    <>
      <Button loading={check.isPending} onClick={() => check.mutate()} data-testid="verify-audit">
        {t("admin.verify")}
      </Button>
      {check.data ? (
        <Alert
          type={check.data.is_whole ? "success" : "error"}
          showIcon
          title={check.data.is_whole ? t("admin.verified") : t("admin.broken", { n: check.data.problems.length })}
          description={check.data.problems.slice(0, 20).join("\n") || undefined}
          style={{ whiteSpace: "pre-wrap" }}
        />
      ) : null}
    </>
  );
}

export function AuditPage() {
  const { t } = useWords();
  const [filter, setFilter] = useState<AuditFilter>({});
  const change = (part: AuditFilter) => setFilter((before) => ({ ...before, ...part }));
  const columns: TableColumnsType<AuditLine> = [
    {
      title: t("admin.at"),
      render: (_, line) => (
        <>
          <span className="digits">{dateText(line.at)}</span> <span className="digits">{preciseTimeText(line.at)}</span>
        </>
      ),
    },
    { title: t("admin.actor"), render: (_, line) => line.actor_name || line.actor_kind },
    { title: t("admin.action"), render: (_, line) => <span className="anywhere">{line.action}</span> },
    {
      title: t("admin.object"),
      render: (_, line) => (
        <span className="anywhere">
          {line.object_type} {line.object_id}
        </span>
      ),
    },
    {
      title: t("admin.details"),
      render: (_, line) => {
        const details = JSON.stringify(line.details);
        return (
          <div className="clipped" title={details}>
            {details}
          </div>
        );
      },
    },
  ];
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("admin.audit")}</h1>
        <Input.Search
          allowClear
          style={{ width: "14em" }}
          placeholder={t("admin.action")}
          aria-label={t("admin.action")}
          onSearch={(action) => change({ action: action.trim() || undefined })}
        />
        <Select
          allowClear
          style={{ minWidth: "9em" }}
          placeholder={t("admin.read_or_write")}
          aria-label={t("admin.read_or_write")}
          onChange={(kind?: string) => change({ is_read: kind === undefined ? undefined : kind === "read" })}
          options={[
            { value: "read", label: t("admin.reads") },
            { value: "write", label: t("admin.writes") },
          ]}
        />
        <DatePicker.RangePicker
          allowEmpty={[true, true]}
          value={[filter.since ? dayjs(filter.since) : null, filter.until ? dayjs(filter.until) : null]}
          onChange={(range) =>
            change({
              since: range?.[0]?.startOf("day").toISOString(),
              until: range?.[1]?.endOf("day").toISOString(),
            })
          }
        />
        <span className="grow" />
        <Verdict />
      </div>
      <PagedList<AuditLine>
        queryKey={["audit", filter]}
        fetchPage={(cursor) => fetchAudit({ ...filter, cursor })}
        columns={columns}
        emptyHint={t("admin.audit_none")}
        rows={{
          expandable: {
            expandedRowRender: (line) => <pre style={{ margin: 0 }}>{JSON.stringify(line.details, null, 2)}</pre>,
          },
        }}
      />
    </div>
  );
}
