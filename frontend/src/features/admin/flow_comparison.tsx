import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { compareWithPublished, type Definition, type FlowDifference, type FlowRecord } from "@/api/flows";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";

interface Props {
  flow: FlowRecord;
  definition: Definition;
  children: ReactNode;
}

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

/** What publishing the draft on the page would change for callers, and the way back to an earlier version. */
export function FlowComparison({ flow, definition, children }: Props) {
  const difference = useQuery({
    queryKey: ["flow", flow.id, "difference", flow.version, definition],
    queryFn: () => compareWithPublished(flow.id, definition),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
  return (
    <div className="stack">
      {children}
      <QueryView query={difference}>{(data) => <Difference difference={data} />}</QueryView>
    </div>
  );
}
