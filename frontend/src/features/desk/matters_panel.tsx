/** What the customer wants: one or several matters, each with reason, outcome and note; and a note for all. */
import { CloseOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Input, Select, Switch } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { DispositionNode, Matter, Pop } from "@/api/desk";
import { DraftStatusText, useStructuredDraft } from "@/shared/draft_hooks";
import { useWords, type Bilingual } from "@/words";
import { leavesOf, noteReason, recentReasons, suggestedReasons, type Leaf } from "./dispositions";
import { funnelQuery } from "./funnel";
import { EMPTY_MATTER, EMPTY_WRAP_UP } from "./work";

interface MatterProps {
  matter: Matter;
  number: number;
  reasons: Leaf[];
  outcomes: Leaf[];
  modules: Leaf[];
  onChange: (matter: Matter) => void;
  onRemove?: () => void;
}

const SUGGESTED = 4;

/** The reasons that are likeliest, one click each. */
function SuggestedReasons({ reasons, onChoose }: { reasons: Leaf[]; onChoose: (id: string) => void }) {
  return (
    <div className="row" data-testid="suggested-reasons">
      {suggestedReasons(reasons, recentReasons(), SUGGESTED).map((leaf) => (
        <Button key={leaf.id} size="small" onClick={() => onChoose(leaf.id)}>
          {leaf.label}
        </Button>
      ))}
    </div>
  );
}

function MatterFields({ matter, number, reasons, outcomes, modules, onChange, onRemove }: MatterProps) {
  const { t } = useWords();
  const chooseReason = (id: string) => {
    noteReason(id);
    onChange({ ...matter, disposition_id: id });
  };
  return (
    <fieldset className="matter stack" data-testid="matter">
      <legend className="row">
        {t("desk.matter_n", { n: number })}
        {onRemove ? (
          <Button
            size="small"
            type="text"
            icon={<CloseOutlined />}
            aria-label={t("desk.remove_matter")}
            onClick={onRemove}
          />
        ) : null}
      </legend>
      {matter.disposition_id ? null : <SuggestedReasons reasons={reasons} onChoose={chooseReason} />}
      <label className="field">
        <span>{t("desk.reason")}</span>
        <Select
          showSearch={{ optionFilterProp: "label" }}
          value={matter.disposition_id || undefined}
          placeholder={t("desk.choose_reason")}
          onChange={chooseReason}
          options={reasons.map(({ id, label }) => ({ value: id, label }))}
          data-testid="reason"
        />
      </label>
      <div className="field">
        <span>{t("desk.outcome")}</span>
        <div className="row" role="radiogroup" aria-label={t("desk.outcome")}>
          {outcomes.map(({ id, label }) => (
            <Button
              key={id}
              size="small"
              role="radio"
              aria-checked={matter.outcome_id === id}
              type={matter.outcome_id === id ? "primary" : "default"}
              onClick={() => onChange({ ...matter, outcome_id: matter.outcome_id === id ? null : id })}
            >
              {label}
            </Button>
          ))}
        </div>
      </div>
      {modules.length > 0 ? (
        <>
          <label className="field">
            <span>{t("desk.module")}</span>
            <Select
              allowClear
              showSearch={{ optionFilterProp: "label" }}
              value={matter.module_id ?? undefined}
              onChange={(id?: string) => onChange({ ...matter, module_id: id ?? null })}
              options={modules.map(({ id, label }) => ({ value: id, label }))}
              data-testid="module"
            />
          </label>
          <label className="row">
            <Switch checked={matter.is_solved ?? true} onChange={(is_solved) => onChange({ ...matter, is_solved })} />
            {t("desk.is_solved")}
          </label>
        </>
      ) : null}
      <label className="field">
        <span>{t("desk.note")}</span>
        <Input.TextArea
          autoSize={{ minRows: 1, maxRows: 5 }}
          maxLength={2000}
          value={matter.note}
          onChange={(event) => onChange({ ...matter, note: event.target.value })}
        />
      </label>
    </fieldset>
  );
}

export function MattersPanel({ contactId, pop }: { contactId: string; pop: Pop }) {
  const funnel = useQuery(funnelQuery);
  const modules = (funnel.data?.modules ?? []).filter((module) => module.tenant_id === pop.contact.tenant_id);
  return <MattersCard contactId={contactId} dispositions={pop.dispositions} modules={modules} />;
}

interface CardProps {
  contactId: string;
  dispositions: readonly DispositionNode[];
  modules: readonly { module_id: string; name: Bilingual }[];
}

export function MattersCard({ contactId, dispositions, modules: offered }: CardProps) {
  const { t, text } = useWords();
  const [value, change, draft] = useStructuredDraft(contactId, "wrap_up", EMPTY_WRAP_UP);
  const reasons = useMemo(() => leavesOf(dispositions, "reason", text), [dispositions, text]);
  const outcomes = useMemo(() => leavesOf(dispositions, "outcome", text), [dispositions, text]);
  const modules = offered.map((module) => ({ id: module.module_id, label: text(module.name) }));
  const replace = (at: number, matter: Matter) =>
    change({ ...value, matters: value.matters.map((other, index) => (index === at ? matter : other)) });
  const remove = (at: number) => change({ ...value, matters: value.matters.filter((_, index) => index !== at) });
  return (
    <section className="card stack" aria-label={t("desk.matters")} data-testid="matters">
      <div className="card-head">
        <h2>{t("desk.matters")}</h2>
        <DraftStatusText draft={draft} />
      </div>
      {value.matters.map((matter, index) => (
        <MatterFields
          key={index}
          matter={matter}
          number={index + 1}
          reasons={reasons}
          outcomes={outcomes}
          modules={modules}
          onChange={(next) => replace(index, next)}
          onRemove={value.matters.length > 1 ? () => remove(index) : undefined}
        />
      ))}
      <Button
        icon={<PlusOutlined aria-hidden />}
        data-testid="add-matter"
        onClick={() => change({ ...value, matters: [...value.matters, EMPTY_MATTER] })}
      >
        {t("desk.add_matter")}
      </Button>
      <label className="field">
        <span>{t("general.note")}</span>
        <Input.TextArea
          autoSize={{ minRows: 2, maxRows: 8 }}
          maxLength={4000}
          value={value.note}
          onChange={(event) => change({ ...value, note: event.target.value })}
          data-testid="note"
        />
      </label>
    </section>
  );
}
