import { Button, Drawer, Form, Input, Select, Switch } from "antd";
import { useState } from "react";
import { changeUser, createUser, setPassword, setRoles, type RoleGrant, type User } from "@/api/people";
import { uuid7 } from "@/live/uuid7";
import { useNotices } from "@/shared/notices";
import { useTenants } from "@/shared/session";
import { useWords } from "@/words";

const ROLES = [
  "agent",
  "team_leader",
  "supervisor",
  "quality_inspector",
  "planner",
  "knowledge_editor",
  "department_handler",
  "client_viewer",
  "administrator",
] as const;

interface Values {
  username: string;
  name: string;
  email: string;
  language: "zh" | "en";
  is_active: boolean;
  password: string;
  grants: string[];
}

interface Props {
  user: User | null;
  roleName: (role: string) => string;
  onClose: () => void;
  onSaved: () => void;
}

/** A role at a tenant, as one value of the picker. */
const grantText = ({ tenant_id, role }: RoleGrant) => `${tenant_id} ${role}`;

function grantOf(text: string): RoleGrant {
  const [tenant_id = "", role = ""] = text.split(" ");
  return { tenant_id, role: role as RoleGrant["role"] };
}

async function saveChanges(user: User, values: Values): Promise<void> {
  const { name, email, language, is_active } = values;
  await changeUser(user.user_id, { version: user.version, name, email, language, is_active });
  const before = user.roles.map(grantText).toSorted();
  const after = values.grants.toSorted();
  if (before.join() !== after.join()) await setRoles(user.user_id, after.map(grantOf));
  if (values.password) await setPassword(user.user_id, values.password);
}

export function UserDrawer({ user, roleName, onClose, onSaved }: Props) {
  const { t, text } = useWords();
  const { good, bad } = useNotices();
  const tenants = useTenants();
  const [key] = useState(() => uuid7());
  const [isBusy, setBusy] = useState(false);
  const needed = [{ required: true, message: t("general.required") }];
  const options = tenants.flatMap((tenant) =>
    ROLES.map((role) => ({
      value: grantText({ tenant_id: tenant.tenant_id, role }),
      label: (tenants.length > 1 ? `${text(tenant.name)}: ` : "") + roleName(role),
    })),
  );
  const save = async (values: Values) => {
    setBusy(true);
    try {
      if (user) await saveChanges(user, values);
      else {
        const { username, name, email, language, password } = values;
        await createUser({ username, name, email, language, password, roles: values.grants.map(grantOf) }, key);
      }
      good(t(user ? "admin.changed" : "admin.created"));
      onSaved();
      onClose();
    } catch (error) {
      bad(error);
    } finally {
      setBusy(false);
    }
  };
  const initial: Partial<Values> = user
    ? {
        name: user.name,
        email: user.email,
        language: user.language === "en" ? "en" : "zh",
        is_active: user.is_active,
        password: "",
        grants: user.roles.map(grantText),
      }
    : { email: "", language: "zh", grants: [] };
  return (
    <Drawer open size={480} onClose={onClose} title={user ? t("admin.edit", { name: user.name }) : t("admin.users")}>
      <Form<Values> layout="vertical" initialValues={initial} onFinish={(values) => void save(values)}>
        {user ? null : (
          <Form.Item name="username" label={t("admin.username")} rules={needed}>
            <Input autoCapitalize="none" autoComplete="off" />
          </Form.Item>
        )}
        <Form.Item name="name" label={t("admin.person_name")} rules={needed}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="email" label={t("admin.email")}>
          <Input type="email" />
        </Form.Item>
        <Form.Item name="language" label={t("shell.language")}>
          <Select options={(["zh", "en"] as const).map((value) => ({ value, label: t(`admin.language_${value}`) }))} />
        </Form.Item>
        <Form.Item name="grants" label={t("admin.roles")} rules={needed}>
          <Select mode="multiple" options={options} />
        </Form.Item>
        {user ? (
          <Form.Item name="is_active" label={t("admin.is_active")} valuePropName="checked">
            <Switch />
          </Form.Item>
        ) : null}
        <Form.Item
          name="password"
          label={user ? t("admin.new_password") : t("admin.password")}
          rules={user ? [] : needed}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {t("general.save")}
        </Button>
      </Form>
    </Drawer>
  );
}
