/** Table and form of one kind of set-up record. */
import { PlusOutlined } from "@ant-design/icons";
import { App, Button, Input, Table, type TableColumnsType } from "antd";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import { fetchRecords, removeRecord, type SetupRecord } from "@/api/setup";
import { useNotices } from "@/shared/notices";
import { EmptyState, Failure, Loading } from "@/shared/views";
import { useWords } from "@/words";
import { Findings } from "./findings";
import { useShown } from "./field_values";
import { RecordDrawer } from "./record_drawer";
import type { Resource } from "./resources";

function useColumns(
  resource: Resource,
  onEdit: (record: SetupRecord) => void,
  onRemove: (record: SetupRecord) => void,
  extra?: (record: SetupRecord) => ReactNode,
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
          <Button size="small" danger onClick={() => onRemove(record)}>
            {t("general.remove")}
          </Button>
        </div>
      ),
    },
  ];
}

interface Props {
  resource: Resource;
  /** What a record of this kind can do beyond edit and remove. */
  extra?: (record: SetupRecord) => ReactNode;
}

export function ResourcePage({ resource, extra }: Props) {
  const { t, text } = useWords();
  const { good, bad } = useNotices();
  const { modal } = App.useApp();
  const client = useQueryClient();
  const [q, setQ] = useState("");
  const [open, setOpen] = useState<SetupRecord | "new" | null>(null);
  const queryKey = ["setup", resource.path, q];
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => fetchRecords(resource.path, q, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
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
    String(record.code ?? record.number ?? record.label ?? "");
  const askRemove = (record: SetupRecord) =>
    void modal.confirm({
      title: t("general.remove_sure", { name: titleOf(record) }),
      okText: t("general.remove"),
      okButtonProps: { danger: true },
      onOk: () => remove.mutateAsync(record).catch(() => undefined),
    });
  const columns = useColumns(resource, setOpen, askRemove, extra);
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t(resource.title)}</h1>
        <Input.Search allowClear style={{ width: "17em" }} aria-label={t("general.search")} onSearch={setQ} />
        <span className="grow" />
        <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setOpen("new")} data-testid="add">
          {t("general.add")}
        </Button>
      </div>
      {resource.path === "queues" ? <Findings /> : null}
      {list.isPending ? <Loading /> : null}
      {list.isError && !list.data ? <Failure error={list.error} retry={() => void list.refetch()} /> : null}
      {list.data ? (
        <Table<SetupRecord>
          size="small"
          rowKey="id"
          pagination={false}
          columns={columns}
          dataSource={list.data.pages.flatMap((page) => page.items)}
          scroll={{ x: true }}
          locale={{ emptyText: <EmptyState hint={t(q ? "admin.none_found" : "admin.none")} /> }}
        />
      ) : null}
      {list.hasNextPage ? <Button onClick={() => void list.fetchNextPage()}>{t("general.more")}</Button> : null}
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
