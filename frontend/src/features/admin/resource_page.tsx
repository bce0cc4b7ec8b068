/** Table and form of one kind of set-up record. */
import { PlusOutlined } from "@ant-design/icons";
import { App, Button, Input, Select, type TableColumnsType, type TableProps } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import { fetchRecords, removeRecord, type SetupRecord } from "@/api/setup";
import { useNotices } from "@/shared/notices";
import { PagedList } from "@/shared/paged_list";
import { useWords } from "@/words";
import { Findings } from "./findings";
import { labelOf, recordsQuery, useShown } from "./field_values";
import { RecordDrawer } from "./record_drawer";
import type { Resource } from "./resources";

function useColumns(
  resource: Resource,
  onEdit: (record: SetupRecord) => void,
  onRemove: (record: SetupRecord) => void,
  extra: Props["extra"],
  more: TableColumnsType<SetupRecord>,
): TableColumnsType<SetupRecord> {
  const { t } = useWords();
  const shown = useShown(resource);
  const columns: TableColumnsType<SetupRecord> = resource.fields
    .filter((field) => field.isInList)
    .map((field) => ({
      key: field.name,
      title: t(field.label),
      render: (_, record) => shown(field, record),
    }));
  return [
    ...columns,
    ...more,
    {
      key: "actions",
      title: t("general.actions"),
      render: (_, record) => (
        <div className="row">
          {extra?.(record)}
          {resource.page ? (
            <Link to={`${resource.page}/${record.id}`}>
              <Button size="small" type="primary" tabIndex={-1}>
                {t("general.open")}
              </Button>
            </Link>
          ) : null}
          <Button size="small" onClick={() => onEdit(record)}>
            {t("general.edit")}
          </Button>
          {resource.isSingle ? null : (
            <Button size="small" danger onClick={() => onRemove(record)}>
              {t("general.remove")}
            </Button>
          )}
        </div>
      ),
    },
  ];
}

interface Props {
  resource: Resource;
  /** What a record of this kind can do beyond edit and remove. */
  extra?: (record: SetupRecord) => ReactNode;
  /** What can be done on the page beyond adding one. */
  actions?: ReactNode;
  /** Columns beside those of its fields. */
  more?: TableColumnsType<SetupRecord>;
  /** How several of them are chosen, where something can be done with them together. */
  selection?: TableProps<SetupRecord>["rowSelection"];
}

type Filter = NonNullable<Resource["filter"]>;

function FilterChoice({
  filter,
  value,
  onChange,
}: {
  filter: Filter;
  value?: string;
  onChange: (id?: string) => void;
}) {
  const { t, text } = useWords();
  const records = useQuery(recordsQuery(filter.resource));
  return (
    <Select
      allowClear
      value={value}
      onChange={onChange}
      placeholder={t(filter.label)}
      aria-label={t(filter.label)}
      style={{ minWidth: "10em" }}
      options={(records.data ?? []).map((record) => ({ value: record.id, label: labelOf(record, "name", text) }))}
    />
  );
}

export function ResourcePage({ resource, extra, actions, more = [], selection }: Props) {
  const { t, text } = useWords();
  const { good, bad } = useNotices();
  const { modal } = App.useApp();
  const client = useQueryClient();
  const [q, setQ] = useState("");
  const [only, setOnly] = useState<string | undefined>();
  const equal = resource.filter ? { [resource.filter.name]: only } : {};
  const [open, setOpen] = useState<SetupRecord | "new" | null>(null);
  const renew = () => void client.invalidateQueries({ queryKey: ["setup", resource.path] });
  const remove = useMutation({
    mutationFn: (record: SetupRecord) => removeRecord(resource.path, record),
    onError: bad,
    onSuccess: () => {
      good(t("admin.removed"));
      renew();
    },
  });
  const titleOf = (record: SetupRecord) =>
    text(record.name as Record<string, string> | undefined) ||
    String(record.code ?? record.number ?? record.label ?? record.agent_name ?? t(resource.title));
  const askRemove = (record: SetupRecord) =>
    void modal.confirm({
      title: t("general.remove_sure", { name: titleOf(record) }),
      okText: t("general.remove"),
      okButtonProps: { danger: true },
      onOk: () => remove.mutateAsync(record).catch(() => undefined),
    });
  const columns = useColumns(resource, setOpen, askRemove, extra, more);
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t(resource.title)}</h1>
        {resource.isSingle ? null : (
          <Input.Search allowClear style={{ width: "17em" }} aria-label={t("general.search")} onSearch={setQ} />
        )}
        {resource.filter ? <FilterChoice filter={resource.filter} value={only} onChange={setOnly} /> : null}
        <span className="grow" />
        {actions}
        {resource.isSingle ? null : (
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setOpen("new")} data-testid="add">
            {t("general.add")}
          </Button>
        )}
      </div>
      {resource.path === "queues" || resource.path === "ladders" ? <Findings /> : null}
      <PagedList<SetupRecord>
        queryKey={["setup", resource.path, q, only]}
        fetchPage={(cursor) => fetchRecords(resource.path, q, cursor, equal)}
        columns={columns}
        rows={selection ? { rowSelection: selection } : undefined}
        emptyHint={t(q || only ? "admin.none_found" : "admin.none")}
      />
      {open ? (
        <RecordDrawer
          key={open === "new" ? "new" : open.id}
          resource={resource}
          record={open === "new" ? null : open}
          title={open === "new" ? t(resource.title) : titleOf(open)}
          onClose={() => setOpen(null)}
          onSaved={renew}
        />
      ) : null}
    </div>
  );
}
