/** Agents, and one change of several of them: a skill that all of them get, a team that they stand in for. */
import { Button, Drawer, Form, InputNumber, Select } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeAgentsTogether } from "@/api/agents";
import type { SetupRecord } from "@/api/setup";
import { uuid7 } from "@/live/uuid7";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";
import { labelOf, recordsQuery } from "./field_values";
import { jointChange, type JointValues } from "./joint_change";
import { Refusal } from "./refusal";
import { ResourcePage } from "./resource_page";
import { RESOURCES } from "./resources";
import { AskWhatIf, type Basis } from "./what_if_ask";

interface TogetherProps {
  agents: readonly SetupRecord[];
  onClose: () => void;
  onSaved: () => void;
}

function Together({ agents, onClose, onSaved }: TogetherProps) {
  const { t, text } = useWords();
  const { good } = useNotices();
  const [form] = Form.useForm<JointValues>();
  const [key] = useState(() => uuid7());
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const [tried, setTried] = useState<Basis | null>(null);
  const homes = new Set(agents.map((agent) => agent.tenant_id));
  const choices = (records: SetupRecord[] | undefined) =>
    (records ?? [])
      .filter((record) => homes.has(record.tenant_id))
      .map((record) => ({ value: record.id, label: labelOf(record, "name", text) }));
  const skills = choices(useQuery(recordsQuery("skills")).data);
  const teams = choices(useQuery(recordsQuery("teams")).data);
  const search = { optionFilterProp: "label" } as const;

  const save = async (values: JointValues) => {
    setBusy(true);
    setRefused(null);
    try {
      await changeAgentsTogether(jointChange(agents, values), key);
      good(t("admin.changed"));
      onSaved();
    } catch (error) {
      setRefused(error);
    } finally {
      setBusy(false);
    }
  };
  const tryOut = () => {
    const values = jointChange(agents, form.getFieldsValue());
    setTried({ change: { object_type: "agents", record_id: null, values: { ...values } } });
  };

  return (
    <Drawer open size={520} title={t("admin.together_title", { n: agents.length })} onClose={onClose}>
      <Form<JointValues>
        form={form}
        layout="vertical"
        initialValues={{ level: 5 }}
        onFinish={(values) => void save(values)}
      >
        <p className="quiet">{t("admin.together_hint")}</p>
        <Form.Item name="skill_id" label={t("admin.together_skill")}>
          <Select allowClear showSearch={search} options={skills} />
        </Form.Item>
        <Form.Item name="level" label={t("admin.level")}>
          <InputNumber min={1} max={9} precision={0} />
        </Form.Item>
        <Form.Item name="skills_taken" label={t("admin.together_skills_taken")}>
          <Select mode="multiple" showSearch={search} options={skills} />
        </Form.Item>
        <Form.Item name="add_group_ids" label={t("admin.together_add")}>
          <Select mode="multiple" showSearch={search} options={teams} />
        </Form.Item>
        <Form.Item name="remove_group_ids" label={t("admin.together_remove")}>
          <Select mode="multiple" showSearch={search} options={teams} />
        </Form.Item>
        <Form.Item name="team_id" label={t("admin.together_team")}>
          <Select allowClear showSearch={search} options={teams} />
        </Form.Item>
        {refused ? <Refusal error={refused} /> : null}
        <div className="row">
          <Button type="primary" htmlType="submit" loading={isBusy} data-testid="save-together">
            {t("general.save")}
          </Button>
          <Button onClick={tryOut} data-testid="what-if">
            {t("whatif.title")}
          </Button>
          <Button onClick={onClose}>{t("general.cancel")}</Button>
        </div>
      </Form>
      {tried ? <AskWhatIf basis={tried} tenantId={agents[0]?.tenant_id} onClose={() => setTried(null)} /> : null}
    </Drawer>
  );
}

export function AgentsPage() {
  const { t } = useWords();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<SetupRecord[]>([]);
  const [isOpen, setOpen] = useState(false);
  const done = () => {
    setOpen(false);
    setChosen([]);
    void client.invalidateQueries({ queryKey: ["setup", "agents"] });
  };
  const resource = RESOURCES.agents;
  if (!resource) return null;
  return (
    <>
      <ResourcePage
        resource={resource}
        selection={{
          selectedRowKeys: chosen.map((agent) => agent.id),
          preserveSelectedRowKeys: true,
          onChange: (_, rows) => setChosen(rows),
          getTitleCheckboxProps: () => ({ "aria-label": t("admin.choose_all") }),
          getCheckboxProps: (agent) => ({ "aria-label": t("admin.choose", { name: String(agent.name) }) }),
        }}
        actions={
          <Button disabled={chosen.length === 0} onClick={() => setOpen(true)} data-testid="together">
            {t("admin.together", { n: chosen.length })}
          </Button>
        }
      />
      {isOpen ? <Together agents={chosen} onClose={() => setOpen(false)} onSaved={done} /> : null}
    </>
  );
}
