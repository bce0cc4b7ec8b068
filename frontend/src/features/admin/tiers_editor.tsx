/** Reserve teams of a ladder, in the order in which they are called. */
import { Button, Input, Select } from "antd";
import { useWords } from "@/words";
import { NamedNumber, PartCard, References } from "./routing_editors";
import { SkillsEditor } from "./skills_editor";

const TRIGGERS = ["wait", "length", "service_level", "abandoned"] as const;

interface Tier {
  id: string | null;
  name: { zh: string; en: string };
  trigger: (typeof TRIGGERS)[number];
  threshold: number;
  hold_s: number;
  stand_down: number;
  stand_down_s: number;
  call_up_s: number;
  agent_ids: string[];
  skills: { skill_id: string; level: number }[];
}

interface Props {
  value?: Tier[];
  onChange?: (value: Tier[]) => void;
}

const FRESH = { id: null, trigger: "wait", threshold: 60, hold_s: 60, stand_down: 20, stand_down_s: 300 } as const;

export function TiersEditor({ value = [], onChange }: Props) {
  const { t } = useWords();
  const add = () => {
    const number = value.length + 1;
    const name = { zh: `第${String(number)}梯队`, en: `Tier ${String(number)}` };
    onChange?.([...value, { ...FRESH, name, call_up_s: 120, agent_ids: [], skills: [] }]);
  };
  return (
    <div className="stack">
      <span className="quiet">{t("admin.tiers_hint")}</span>
      {value.map((tier, index) => (
        <PartCard key={tier.id ?? index} onRemove={() => onChange?.(value.filter((_, at) => at !== index))}>
          <TierFields
            tier={tier}
            onChange={(next) => onChange?.(value.map((old, at) => (at === index ? next : old)))}
          />
        </PartCard>
      ))}
      <Button data-testid="add-tier" onClick={add}>
        {t("admin.add_tier")}
      </Button>
    </div>
  );
}

function TierFields({ tier, onChange }: { tier: Tier; onChange: (tier: Tier) => void }) {
  const { t } = useWords();
  const change = (values: Partial<Tier>) => onChange({ ...tier, ...values });
  return (
    <>
      <div className="row">
        {(["zh", "en"] as const).map((language) => (
          <Input
            key={language}
            aria-label={t(`general.name_${language}`)}
            placeholder={t(`general.name_${language}`)}
            lang={language}
            value={tier.name[language]}
            onChange={(event) => change({ name: { ...tier.name, [language]: event.target.value } })}
          />
        ))}
      </div>
      <Select
        aria-label={t("admin.trigger")}
        value={tier.trigger}
        onChange={(trigger) => change({ trigger })}
        options={TRIGGERS.map((trigger) => ({ value: trigger, label: t(`admin.trigger_${trigger}`) }))}
      />
      <div className="row" style={{ flexWrap: "wrap" }}>
        {(["threshold", "hold_s", "stand_down", "stand_down_s", "call_up_s"] as const).map((name) => (
          <NamedNumber
            key={name}
            word={`admin.${name}`}
            max={86_400}
            value={tier[name]}
            onChange={(next) => change({ [name]: next })}
          />
        ))}
      </div>
      <References
        resource="agents"
        word="admin.members"
        value={tier.agent_ids}
        onChange={(agent_ids) => change({ agent_ids })}
      />
      <span>{t("admin.borrowed_skills")}</span>
      <SkillsEditor value={tier.skills} onChange={(skills) => change({ skills })} />
    </>
  );
}
