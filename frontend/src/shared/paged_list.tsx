/** A list that is read page by page: its table, its states, and the way to more. */
import { Button, Table, type TableColumnsType, type TableProps } from "antd";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useWords } from "@/words";
import { EmptyState, Failure, Loading } from "./views";

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

interface Props<T> {
  queryKey: readonly unknown[];
  fetchPage: (cursor: string | undefined) => Promise<Page<T>>;
  columns: TableColumnsType<T>;
  /** What an empty list says. */
  emptyHint: string;
  /** Looked at again now and then. */
  isRenewed?: boolean;
  rowKey?: keyof T & string;
  /** What the rows do besides. */
  rows?: Pick<TableProps<T>, "expandable" | "onRow" | "rowClassName" | "rowSelection">;
}

const AGAIN_MS = 15_000;

export function PagedList<T extends object>(props: Props<T>) {
  const { queryKey, fetchPage, columns, emptyHint, isRenewed, rowKey = "id", rows } = props;
  const { t } = useWords();
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => fetchPage(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: isRenewed ? AGAIN_MS : false,
  });
  return (
    <>
      {list.isPending ? <Loading /> : null}
      {list.isError && !list.data ? <Failure error={list.error} retry={() => void list.refetch()} /> : null}
      {list.data ? (
        <Table<T>
          size="small"
          rowKey={rowKey}
          pagination={false}
          columns={columns}
          dataSource={list.data.pages.flatMap((page) => page.items)}
          scroll={{ x: true }}
          locale={{ emptyText: <EmptyState hint={emptyHint} /> }}
          {...rows}
        />
      ) : null}
      {list.hasNextPage ? (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("general.more")}
        </Button>
      ) : null}
    </>
  );
}
