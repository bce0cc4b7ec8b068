import { useQuery } from "@tanstack/react-query";
import { compareFlowVersions, type FlowDifference, type FlowRecord } from "@/api/flows";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";

function Fields({ fields }: { fields: Record<string, unknown[]> }) {
  return (
    <table>
      <tbody>
        {Object.entries(fields).map(([name, [before, after]]) => (
          <tr key={name}>
            <td className="quiet" style={{ paddingRight: 12 }}>
              {name}
            </td>
            <td>
              <del>{JSON.stringify(before ?? null)}</del> → <ins>{JSON.stringify(after ?? null)}</ins>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Difference({ difference }: { difference: FlowDifference }) {
  const { t } = useWords();
  const { added, removed, changed, whole } = difference;
  const isSame = added.length + removed.length + changed.length + Object.keys(whole).length === 0;
  if (isSame) return <EmptyState hint={t("admin.same")} />;
  return (
    <div className="stack">
      {added.length > 0 ? (
        <div>
          {t("admin.added")}: <ins>{added.join(", ")}</ins>
        </div>
      ) : null}
      {removed.length > 0 ? (
        <div>
          {t("admin.removed_steps")}: <del>{removed.join(", ")}</del>
        </div>
      ) : null}
      {changed.map((step) => (
        <section key={step.step_id} className="card">
          <h2>
            {t("admin.changed_steps")}: {step.step_id}
          </h2>
          <Fields fields={step.fields} />
        </section>
      ))}
      {Object.keys(whole).length > 0 ? (
        <section className="card">
          <h2>{t("admin.outside_steps")}</h2>
          <Fields fields={whole} />
        </section>
      ) : null}
    </div>
  );
}

/** What publishing the saved draft would change for callers. */
export function FlowComparison({ flow }: { flow: FlowRecord }) {
  const { t } = useWords();
  const { draft_number: after, published_number: before } = flow;
  const canCompare = before !== null && after !== null;
  const difference = useQuery({
    queryKey: ["flow", flow.id, "difference", before, after, flow.version],
    queryFn: () => compareFlowVersions(flow.id, before ?? 0, after ?? 0),
    enabled: canCompare,
  });
  if (!canCompare) return <EmptyState hint={t("admin.no_draft")} />;
  return <QueryView query={difference}>{(data) => <Difference difference={data} />}</QueryView>;
}
