/** The seven states of a view: ready, empty, loading, partial, error, offline, forbidden; each says what to do. */
import { Button, Empty, Result, Skeleton } from "antd";
import type { UseQueryResult } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { ApiError, OfflineError, sentenceOf } from "@/api/http";
import { useWords } from "@/words";
import { usePermissionName } from "./permission_names";

/** A skeleton that shows only when loading takes longer than 200 ms, so that quick answers do not flicker. */
export function Loading({ rows = 6 }: { rows?: number }) {
  const { t } = useWords();
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label={t("general.loading")} style={{ padding: 16 }}>
      {isShown ? <Skeleton active title={false} paragraph={{ rows }} /> : null}
    </div>
  );
}

export function EmptyState({ hint, children }: { hint?: string; children?: ReactNode }) {
  const { t } = useWords();
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={hint ?? t("general.empty")}>
      {children}
    </Empty>
  );
}

export function Forbidden({ permission }: { permission?: string }) {
  const { t } = useWords();
  const nameOf = usePermissionName();
  const subTitle = permission ? t("general.forbidden_do", { permission: nameOf(permission) }) : undefined;
  return <Result status="warning" title={t("general.forbidden_title")} subTitle={subTitle} />;
}

export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useWords();
  const again = retry ? <Button onClick={retry}>{t("general.retry")}</Button> : undefined;
  if (error instanceof OfflineError) {
    return (
      <Result status="warning" title={t("general.offline_title")} subTitle={t("general.offline_do")} extra={again} />
    );
  }
  if (error instanceof ApiError && error.status === 403) {
    return <Result status="warning" title={t("general.forbidden_title")} subTitle={error.message} />;
  }
  return <Result status="error" title={t("general.error_title")} subTitle={sentenceOf(error)} extra={again} />;
}

interface QueryViewProps<T> {
  query: UseQueryResult<T>;
  isEmpty?: (data: T) => boolean;
  empty?: ReactNode;
  rows?: number;
  children: (data: T) => ReactNode;
}

/** Draws a query's answer; what is known stays on screen while it is fetched anew or cannot be reached. */
export function QueryView<T>({ query, isEmpty, empty, rows, children }: QueryViewProps<T>) {
  if (query.data !== undefined) {
    return isEmpty?.(query.data) ? (empty ?? <EmptyState />) : children(query.data);
  }
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return <Loading rows={rows} />;
}
