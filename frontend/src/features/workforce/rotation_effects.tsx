/** What rotations changed: satisfaction, absence and people leaving, of groups of five and more (row JS-24). */
import { Segmented, Table } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchRotationEffects, type EffectFigure, type RotationEffects } from "@/api/coverage";
import { useTenantChoice } from "@/shared/tenant_choice";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";

interface Row {
  key: string;
  name: string;
  satisfaction: EffectFigure;
  absence: EffectFigure;
  leaving: { people: number | null; share: number | null };
}

const MONTHS = [3, 6] as const;

/** 744 is 7.44: both units are kept in hundredths. */
function hundredths(value: number | null): string {
  return value === null ? "–" : (value / 100).toFixed(2);
}

function Change({ figure, unit }: { figure: EffectFigure; unit: string }) {
  const { t } = useWords();
  if (figure.people === null) return <span className="quiet">{t("effects.few")}</span>;
  return (
    <span>
      <span className="digits">{`${hundredths(figure.before)}${unit} → ${hundredths(figure.after)}${unit}`}</span>{" "}
      <span className="quiet">{t("effects.people", { n: figure.people })}</span>
    </span>
  );
}

function Leaving({ people, share }: Row["leaving"]) {
  const { t } = useWords();
  if (people === null) return <span className="quiet">{t("effects.few")}</span>;
  return (
    <span>
      <span className="digits">{`${hundredths(share)}%`}</span>{" "}
      <span className="quiet">{t("effects.people", { n: people })}</span>
    </span>
  );
}

function useRows(): (found: RotationEffects) => Row[] {
  const { t, text } = useWords();
  return (found) => [
    ...found.rotations.map((one) => ({ ...one, key: one.rotation_id, name: text(one.name) })),
    {
      key: "all",
      name: t("effects.all"),
      satisfaction: found.all_satisfaction,
      absence: found.all_absence,
      leaving: { people: null, share: null },
    },
  ];
}

export function RotationEffectsCard() {
  const { t } = useWords();
  const { tenantId, choice } = useTenantChoice();
  const [months, setMonths] = useState<(typeof MONTHS)[number]>(3);
  const rowsOf = useRows();
  const effects = useQuery({
    queryKey: ["rotation-effects", months, tenantId],
    queryFn: () => fetchRotationEffects(months, tenantId),
  });
  return (
    <section className="card stack" aria-label={t("effects.title")} data-testid="rotation-effects">
      <div className="card-head" style={{ flexWrap: "wrap" }}>
        <h2>{t("effects.title")}</h2>
        <span className="row">
          {choice}
          <Segmented
            aria-label={t("effects.span")}
            value={months}
            onChange={setMonths}
            options={MONTHS.map((value) => ({ value, label: t("effects.months", { n: value }) }))}
          />
        </span>
      </div>
      <p className="quiet" style={{ margin: 0 }}>
        {t("effects.definition")}
      </p>
      <QueryView query={effects}>
        {(found) => (
          <>
            <Table<Row>
              size="small"
              pagination={false}
              dataSource={rowsOf(found)}
              scroll={{ x: "max-content" }}
              columns={[
                { key: "name", title: t("effects.rotation"), dataIndex: "name" },
                {
                  key: "satisfaction",
                  title: t("effects.satisfaction"),
                  render: (_, row) => <Change figure={row.satisfaction} unit="" />,
                },
                {
                  key: "absence",
                  title: t("effects.absence"),
                  render: (_, row) => <Change figure={row.absence} unit="%" />,
                },
                {
                  key: "leaving",
                  title: t("effects.leaving"),
                  render: (_, row) => (row.key === "all" ? "–" : <Leaving {...row.leaving} />),
                },
              ]}
            />
            <span>
              {t("effects.others")} <Leaving {...found.others_leaving} />
            </span>
          </>
        )}
      </QueryView>
    </section>
  );
}
