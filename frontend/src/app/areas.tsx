/** The areas of the centre: which address, which permission, which screen. A role lands on its first one. */
import {
  AppstoreOutlined,
  AreaChartOutlined,
  BarChartOutlined,
  CalendarOutlined,
  CustomerServiceOutlined,
  FieldTimeOutlined,
  FileTextOutlined,
  FundOutlined,
  HeatMapOutlined,
  HistoryOutlined,
  LineChartOutlined,
  PhoneOutlined,
  ScheduleOutlined,
  SettingOutlined,
  SolutionOutlined,
  StopOutlined,
  TableOutlined,
  SwapOutlined,
  SyncOutlined,
  UserDeleteOutlined,
  TeamOutlined,
} from "@ant-design/icons";
import { lazy, type ComponentType, type ReactNode } from "react";
import type { WordKey } from "@/words";

export interface Area {
  path: string;
  name: WordKey;
  icon: ReactNode;
  /** Any one of these opens the area. */
  permissions: readonly string[];
  page: ComponentType;
  /** Not in the menu: shown without the shell. */
  isBare?: boolean;
  /** Shown beside the name in the menu. */
  Mark?: ComponentType;
}
import { UnreadNotices } from "@/features/workforce/my_notices";

const DeskPage = lazy(() => import("@/features/desk/desk_page").then((m) => ({ default: m.DeskPage })));
const FloorPage = lazy(() => import("@/features/floor/floor_page").then((m) => ({ default: m.FloorPage })));
const WallboardPage = lazy(() => import("@/features/floor/wallboard_page").then((m) => ({ default: m.WallboardPage })));
const QueuesPage = lazy(() => import("@/features/queues/queues_page").then((m) => ({ default: m.QueuesPage })));
const ContactsPage = lazy(() => import("@/features/contacts/contacts_page").then((m) => ({ default: m.ContactsPage })));
const AbandonedPage = lazy(() =>
  import("@/features/contacts/abandoned_page").then((m) => ({ default: m.AbandonedPage })),
);
const CallBacksPage = lazy(() =>
  import("@/features/contacts/call_backs_page").then((m) => ({ default: m.CallBacksPage })),
);
const RefusedCallsPage = lazy(() =>
  import("@/features/contacts/refused_calls_page").then((m) => ({ default: m.RefusedCallsPage })),
);
const TicketsPage = lazy(() => import("@/features/tickets/tickets_page").then((m) => ({ default: m.TicketsPage })));
const ReportsPage = lazy(() => import("@/features/reports/reports_page").then((m) => ({ default: m.ReportsPage })));
const AdminPage = lazy(() => import("@/features/admin/admin_page").then((m) => ({ default: m.AdminPage })));
const RotationsPage = lazy(() =>
  import("@/features/workforce/rotations_page").then((m) => ({ default: m.RotationsPage })),
);
const CoveragePage = lazy(() =>
  import("@/features/workforce/coverage_page").then((m) => ({ default: m.CoveragePage })),
);
const MyRotationsPage = lazy(() =>
  import("@/features/workforce/my_rotations_page").then((m) => ({ default: m.MyRotationsPage })),
);
const IntradayPage = lazy(() =>
  import("@/features/workforce/intraday_page").then((m) => ({ default: m.IntradayPage })),
);
const TeamDayPage = lazy(() => import("@/features/workforce/team_day_page").then((m) => ({ default: m.TeamDayPage })));
const RosterPage = lazy(() =>
  import("@/features/workforce/roster/roster_page").then((m) => ({ default: m.RosterPage })),
);
const ForecastArea = lazy(() =>
  import("@/features/workforce/forecasts_page").then((m) => ({ default: m.ForecastArea })),
);
const MyRosterPage = lazy(() =>
  import("@/features/workforce/my_roster_page").then((m) => ({ default: m.MyRosterPage })),
);
const RequestsPage = lazy(() =>
  import("@/features/workforce/requests_page").then((m) => ({ default: m.RequestsPage })),
);
const StaffingArea = lazy(() =>
  import("@/features/workforce/staffings_page").then((m) => ({ default: m.StaffingArea })),
);
export const AccountPage = lazy(() =>
  import("@/features/account/account_page").then((m) => ({ default: m.AccountPage })),
);

export const AREAS: readonly Area[] = [
  {
    path: "/desk",
    name: "shell.desk",
    icon: <CustomerServiceOutlined />,
    permissions: ["desk.use"],
    page: DeskPage,
  },
  { path: "/floor", name: "shell.floor", icon: <TeamOutlined />, permissions: ["floor.view"], page: FloorPage },
  { path: "/queues", name: "shell.queues", icon: <AppstoreOutlined />, permissions: ["floor.view"], page: QueuesPage },
  {
    path: "/wallboard",
    name: "shell.wallboard",
    icon: <FundOutlined />,
    permissions: ["floor.view"],
    page: WallboardPage,
    isBare: true,
  },
  {
    path: "/team-day",
    name: "shell.team_day",
    icon: <FieldTimeOutlined />,
    permissions: ["planning.day"],
    page: TeamDayPage,
  },
  {
    path: "/intraday",
    name: "shell.intraday",
    icon: <AreaChartOutlined />,
    permissions: ["planning.day"],
    page: IntradayPage,
  },
  {
    path: "/contacts",
    name: "shell.contacts",
    icon: <HistoryOutlined />,
    permissions: ["contacts.view", "contacts.view_all"],
    page: ContactsPage,
  },
  {
    path: "/tickets",
    name: "shell.tickets",
    icon: <FileTextOutlined />,
    permissions: ["tickets.view"],
    page: TicketsPage,
  },
  {
    path: "/call-backs",
    name: "shell.call_backs",
    icon: <PhoneOutlined />,
    permissions: ["contacts.view_all"],
    page: CallBacksPage,
  },
  {
    path: "/abandoned",
    name: "shell.abandoned",
    icon: <UserDeleteOutlined />,
    permissions: ["contacts.view_all"],
    page: AbandonedPage,
  },
  {
    path: "/refused-calls",
    name: "shell.refused_calls",
    icon: <StopOutlined />,
    permissions: ["contacts.view_all"],
    page: RefusedCallsPage,
  },
  {
    path: "/my-roster",
    name: "shell.my_roster",
    icon: <CalendarOutlined />,
    permissions: ["desk.use"],
    page: MyRosterPage,
    Mark: UnreadNotices,
  },
  {
    path: "/my-rotations",
    name: "shell.my_rotations",
    icon: <SyncOutlined />,
    permissions: ["desk.use"],
    page: MyRotationsPage,
  },
  {
    path: "/roster",
    name: "shell.roster",
    icon: <TableOutlined />,
    permissions: ["planning.edit"],
    page: RosterPage,
  },
  {
    path: "/forecast",
    name: "shell.forecast",
    icon: <LineChartOutlined />,
    permissions: ["planning.edit"],
    page: ForecastArea,
  },
  {
    path: "/staffing",
    name: "shell.staffing",
    icon: <SolutionOutlined />,
    permissions: ["planning.edit"],
    page: StaffingArea,
  },
  {
    path: "/rotations",
    name: "shell.rotations",
    icon: <ScheduleOutlined />,
    permissions: ["planning.edit"],
    page: RotationsPage,
  },
  {
    path: "/coverage",
    name: "shell.coverage",
    icon: <HeatMapOutlined />,
    permissions: ["planning.edit"],
    page: CoveragePage,
  },
  {
    path: "/requests",
    name: "shell.requests",
    icon: <SwapOutlined />,
    permissions: ["planning.edit"],
    page: RequestsPage,
  },
  {
    path: "/reports",
    name: "shell.reports",
    icon: <BarChartOutlined />,
    permissions: ["reports.view"],
    page: ReportsPage,
  },
  {
    path: "/admin",
    name: "shell.admin",
    icon: <SettingOutlined />,
    permissions: ["admin.configure", "admin.users", "admin.tenants", "audit.view"],
    page: AdminPage,
  },
];
