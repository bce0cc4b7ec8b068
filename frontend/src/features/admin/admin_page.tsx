/** Administration: one list of what can be set up, each with its table and form. */
import { Grid, Menu, Select } from "antd";
import { Navigate, Route, Routes, useLocation, useNavigate } from "react-router";
import { useMay } from "@/shared/session";
import { Forbidden } from "@/shared/views";
import { isWord, useWords, type WordKey } from "@/words";
import { AgentsPage } from "./agents_page";
import { AuditPage } from "./audit_page";
import { EntryPointsPage } from "./entry_points_page";
import { FlowsPage } from "./flows_page";
import { MessagesPage } from "./messages_page";
import { ModulesPage } from "./modules_page";
import { OfferedPoolsPage } from "./offered_pools_page";
import { PoolPage } from "./pool_page";
import { PromptsPage } from "./prompts_page";
import { ResourcePage } from "./resource_page";
import { RESOURCES } from "./resources";
import { SeatsPage } from "./seats_page";
import { TenantsPage } from "./tenants_page";
import { VersionsPage } from "./versions_page";
import { UsersPage } from "./users_page";
import { WhatIfPage } from "./what_if_page";
import { WhatIfsPage } from "./what_ifs_page";

interface Group {
  name: WordKey;
  permission: string;
  items: readonly string[];
}

const GROUPS: readonly Group[] = [
  {
    name: "admin.group_voice",
    permission: "admin.configure",
    items: ["entry-points", "flows", "prompts", "queue-messages", "outbound-prefixes", "emergency-numbers"],
  },
  {
    name: "admin.group_routing",
    permission: "admin.configure",
    items: [
      "queues",
      "priority-rules",
      "ladders",
      "funnel-levels",
      "skills",
      "teams",
      "agents",
      "key-accounts",
      "routing-pool",
      "shared-pools",
      "offered-pools",
      "routing-versions",
      "what-ifs",
    ],
  },
  {
    name: "admin.group_catalogue",
    permission: "admin.configure",
    items: ["disposition-nodes", "business-modules", "attribute-values", "ticket-types", "away-reasons"],
  },
  {
    name: "admin.group_house",
    permission: "admin.configure",
    items: ["departments", "department-lines", "calendars", "sites", "seats", "messages"],
  },
  {
    name: "admin.group_planning",
    permission: "admin.configure",
    items: ["shift-kinds", "labour-rules", "contracts", "skill-borrowings", "rotations", "workforce-settings"],
  },
  { name: "admin.group_security", permission: "admin.users", items: ["users"] },
  { name: "admin.group_security", permission: "admin.tenants", items: ["tenants"] },
  { name: "admin.group_security", permission: "audit.view", items: ["audit"] },
];

interface MenuGroup {
  key: string;
  type: "group";
  label: string;
  children: { key: string; label: string }[];
}

function useMenu(): { items: MenuGroup[]; first: string | undefined } {
  const { t } = useWords();
  const may = useMay();
  const allowed = GROUPS.filter((group) => may(group.permission));
  const names = [...new Set(allowed.map((group) => group.name))];
  const items = names.map((name) => ({
    key: name,
    type: "group" as const,
    label: t(name),
    children: allowed
      .filter((group) => group.name === name)
      .flatMap((group) => group.items)
      .map((item) => {
        const key = `admin.${item}`;
        return { key: item, label: isWord(key) ? t(key) : item };
      }),
  }));
  return { items, first: allowed[0]?.items[0] };
}

export function AdminPage() {
  const { t } = useWords();
  const may = useMay();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { items, first } = useMenu();
  const isWide = Grid.useBreakpoint().md !== false;
  const go = (key: string) => navigate(`/admin/${key}`);
  const here = pathname.split("/")[2] ?? "";
  const closed = GROUPS.find((group) => group.items.includes(here) && !may(group.permission));
  return (
    <div className="admin">
      {isWide ? (
        <Menu
          aria-label={t("admin.title")}
          items={items}
          selectedKeys={[here]}
          onClick={({ key }) => void go(key)}
          className="admin-menu"
        />
      ) : (
        <Select
          aria-label={t("admin.title")}
          className="admin-choice"
          value={here || undefined}
          options={items.map(({ label, children }) => ({
            label,
            options: children.map((child) => ({ value: child.key, label: child.label })),
          }))}
          onChange={(key) => void go(key)}
        />
      )}
      <div className="admin-body">
        {closed ? <Forbidden permission={closed.permission} /> : <Pages first={first} />}
      </div>
    </div>
  );
}

function Pages({ first }: { first: string | undefined }) {
  return (
    <Routes>
      <Route index element={first ? <Navigate to={first} replace /> : null} />
      <Route path="flows/*" element={<FlowsPage />} />
      <Route path="routing-pool" element={<PoolPage />} />
      <Route path="routing-versions" element={<VersionsPage />} />
      <Route path="what-ifs" element={<WhatIfsPage />} />
      <Route path="what-ifs/:id" element={<WhatIfPage />} />
      <Route path="offered-pools" element={<OfferedPoolsPage />} />
      <Route path="entry-points" element={<EntryPointsPage />} />
      <Route path="prompts" element={<PromptsPage />} />
      <Route path="agents" element={<AgentsPage />} />
      <Route path="seats" element={<SeatsPage />} />
      <Route path="messages" element={<MessagesPage />} />
      <Route path="users" element={<UsersPage />} />
      <Route path="tenants" element={<TenantsPage />} />
      <Route path="audit" element={<AuditPage />} />
      <Route path="business-modules" element={<ModulesPage />} />
      {Object.entries(RESOURCES).map(([key, resource]) => (
        <Route key={key} path={key} element={<ResourcePage key={key} resource={resource} />} />
      ))}
    </Routes>
  );
}
