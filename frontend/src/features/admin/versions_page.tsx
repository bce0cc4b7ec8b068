/** Every set-up that the switch was given: when, by whom, what changed, and the way back. */
import { Alert, App, Button, Drawer } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  fetchVersionDifference,
  fetchVersions,
  restoreVersion,
  type RoutingChange,
  type RoutingVersion,
} from "@/api/routing";
import { momentText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { PagedList } from "@/shared/paged_list";
import { useTenantChoice } from "@/shared/tenant_choice";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { Changes } from "./changes";
import { AskWhatIf } from "./what_if_ask";

interface BackProps {
  number: number;
  tenantId: string | undefined;
  onClose: () => void;
}

const REASONS = ["people", "places", "catalogue", "agreement", "installation"] as const;

/** What is other than in that version and would stay as it is, with the reason why. */
function Staying({ changes }: { changes: readonly RoutingChange[] }) {
  const { t } = useWords();
  return (
    <section className="stack" data-testid="staying">
      <h3>{t("admin.version_stays")}</h3>
      {REASONS.map((reason) => {
        const stays = changes.filter((change) => change.stays === reason);
        return stays.length > 0 ? (
          <div key={reason}>
            <p className="quiet">{t(`admin.version_stays_${reason}`)}</p>
            <Changes changes={stays} />
          </div>
        ) : null;
      })}
    </section>
  );
}

function Difference({ changes }: { changes: readonly RoutingChange[] }) {
  const { t } = useWords();
  const restored = changes.filter((change) => !change.stays);
  const staying = changes.filter((change) => change.stays);
  return (
    <>
      {restored.length > 0 ? (
        <Changes changes={restored} />
      ) : (
        <Alert type="info" showIcon title={t("admin.version_nothing_to_restore")} />
      )}
      {staying.length > 0 ? <Staying changes={staying} /> : null}
    </>
  );
}

/** What going back would change, before it is done. */
function GoBack({ number, tenantId, onClose }: BackProps) {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const client = useQueryClient();
  const { modal } = App.useApp();
  const difference = useQuery({
    queryKey: ["routing-versions", tenantId, number],
    queryFn: () => fetchVersionDifference(number, tenantId),
    gcTime: 0,
  });
  const restore = useMutation({
    mutationFn: () => restoreVersion(number, tenantId),
    onError: bad,
    onSuccess: () => {
      good(t("admin.version_restored", { n: number }));
      void client.invalidateQueries({ queryKey: ["setup"] });
      void client.invalidateQueries({ queryKey: ["routing-versions"] });
      onClose();
    },
  });
  const ask = () =>
    void modal.confirm({
      title: t("admin.version_sure", { n: number }),
      okText: t("admin.rollback"),
      onOk: () => restore.mutateAsync().catch(() => undefined),
    });
  return (
    <Drawer open size={560} title={t("admin.version_n", { n: number })} onClose={onClose}>
      <div className="stack">
        <p className="quiet">{t("admin.version_hint")}</p>
        <QueryView
          query={difference}
          isEmpty={(data) => data.length === 0}
          empty={<Alert type="success" showIcon title={t("admin.version_same")} />}
        >
          {(data) => <Difference changes={data} />}
        </QueryView>
        <Button
          type="primary"
          disabled={!difference.data?.some((change) => !change.stays)}
          onClick={ask}
          data-testid="go-back"
        >
          {t("admin.rollback")}
        </Button>
      </div>
    </Drawer>
  );
}

export function VersionsPage() {
  const { t } = useWords();
  const { tenantId, choice } = useTenantChoice();
  const [open, setOpen] = useState<number | null>(null);
  const [tried, setTried] = useState<number | null>(null);
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("admin.routing-versions")}</h1>
        {choice}
      </div>
      <PagedList<RoutingVersion>
        queryKey={["routing-versions", tenantId]}
        fetchPage={(cursor) => fetchVersions(tenantId, cursor)}
        rowKey="number"
        emptyHint={t("admin.no_versions")}
        columns={[
          { key: "number", title: t("admin.version"), render: (_, row) => row.number },
          { key: "made_at", title: t("admin.at"), render: (_, row) => momentText(row.made_at) },
          { key: "made_by", title: t("admin.actor"), render: (_, row) => row.made_by.join(", ") || "–" },
          {
            key: "changes",
            title: t("admin.version_changes"),
            render: (_, row) => (row.changes.length > 0 ? <Changes changes={row.changes} /> : t("admin.version_first")),
          },
          {
            key: "actions",
            title: t("general.actions"),
            render: (_, row) => (
              <div className="row">
                <Button size="small" onClick={() => setOpen(row.number)}>
                  {t("admin.compare")}
                </Button>
                <Button size="small" onClick={() => setTried(row.number)} data-testid="what-if">
                  {t("whatif.title")}
                </Button>
              </div>
            ),
          },
        ]}
      />
      {tried === null ? null : (
        <AskWhatIf basis={{ number: tried }} tenantId={tenantId} onClose={() => setTried(null)} />
      )}
      {open === null ? null : <GoBack number={open} tenantId={tenantId} onClose={() => setOpen(null)} />}
    </div>
  );
}
