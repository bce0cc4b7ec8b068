/** Users and roles: who may log in, for which tenant, as what. */
import { PlusOutlined } from "@ant-design/icons";
import { App, Button, Input, type TableColumnsType } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fetchRoles, fetchUsers, removeSecondFactor, unlockUser, type User } from "@/api/people";
import { useNotices } from "@/shared/notices";
import { useTenants } from "@/shared/session";
import { PagedList } from "@/shared/paged_list";
import { useWords } from "@/words";
import { UserDrawer } from "./user_drawer";

function useRoleNames(): (role: string) => string {
  const { text } = useWords();
  const roles = useQuery({ queryKey: ["roles"], queryFn: fetchRoles, staleTime: Number.POSITIVE_INFINITY });
  return (role) => text(roles.data?.roles.find((one) => one.role === role)?.name) || role;
}

function useColumns(onEdit: (user: User) => void, renew: () => void): TableColumnsType<User> {
  const { t, text } = useWords();
  const { good, bad } = useNotices();
  const { modal } = App.useApp();
  const tenants = useTenants();
  const roleName = useRoleNames();
  const tenantName = (id: string) => text(tenants.find((tenant) => tenant.tenant_id === id)?.name);
  const unlock = (user: User) => {
    unlockUser(user.user_id)
      .then(() => good(t("admin.unlocked")))
      .catch(bad);
  };
  const dropFactor = (user: User) =>
    void modal.confirm({
      title: t("admin.factor_sure", { name: user.name }),
      okButtonProps: { danger: true },
      onOk: () => removeSecondFactor(user.user_id).then(renew).catch(bad),
    });
  return [
    { title: t("admin.username"), dataIndex: "username" },
    { title: t("admin.person_name"), dataIndex: "name" },
    {
      title: t("admin.roles"),
      render: (_, user) =>
        user.roles
          .map(({ tenant_id, role }) => (tenants.length > 1 ? `${tenantName(tenant_id)}: ` : "") + roleName(role))
          .join(", "),
    },
    { title: t("admin.second_factor"), render: (_, user) => t(user.has_second_factor ? "general.yes" : "general.no") },
    { title: t("admin.is_active"), render: (_, user) => t(user.is_active ? "general.yes" : "general.no") },
    {
      title: t("general.actions"),
      render: (_, user) => (
        <div className="row" style={{ flexWrap: "nowrap" }}>
          <Button size="small" onClick={() => onEdit(user)}>
            {t("general.edit")}
          </Button>
          <Button size="small" onClick={() => unlock(user)}>
            {t("admin.unlock")}
          </Button>
          {user.has_second_factor ? (
            <Button size="small" danger onClick={() => dropFactor(user)}>
              {t("admin.drop_factor")}
            </Button>
          ) : null}
        </div>
      ),
    },
  ];
}

export function UsersPage() {
  const { t } = useWords();
  const client = useQueryClient();
  const roleName = useRoleNames();
  const [search, setSearch] = useState("");
  const [open, setOpen] = useState<User | "new" | null>(null);
  const renew = () => void client.invalidateQueries({ queryKey: ["users"] });
  const columns = useColumns(setOpen, renew);
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("admin.users")}</h1>
        <Input.Search allowClear style={{ width: "17em" }} aria-label={t("general.search")} onSearch={setSearch} />
        <span className="grow" />
        <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setOpen("new")}>
          {t("general.add")}
        </Button>
      </div>
      <PagedList<User>
        queryKey={["users", search]}
        fetchPage={(cursor) => fetchUsers(search, cursor)}
        columns={columns}
        emptyHint={t("admin.none_found")}
        rowKey="user_id"
      />
      {open ? (
        <UserDrawer
          key={open === "new" ? "new" : open.user_id}
          user={open === "new" ? null : open}
          roleName={roleName}
          onClose={() => setOpen(null)}
          onSaved={renew}
        />
      ) : null}
    </div>
  );
}
