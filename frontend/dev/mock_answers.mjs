/** The pretended centre's API. */
import { AWAY, CONTACT, id, name, QUEUES, TENANT } from "./mock_data.mjs";

const PERMISSIONS = [
  "desk.use,floor.view,floor.monitor,floor.force_state,contacts.view,contacts.view_all,contacts.export",
  "recordings.listen,customers.view,customers.edit,customers.reveal_phone,tickets.view,tickets.edit,tickets.assign",
  "reports.view,admin.configure,admin.users,admin.tenants,audit.view",
].flatMap((list) => list.split(","));

const me = {
  id: id(3),
  username: "lin.an",
  name: "林安",
  email: "",
  language: process.env.LANGUAGE ?? "zh",
  text_size: 14,
  theme: process.env.THEME ?? "light",
  permissions: PERMISSIONS,
  agent_id: id(2),
  tenants: [
    {
      id: TENANT,
      code: "shibei",
      name: { zh: "市北水务", en: "Shibei Water" },
      brand_colour: "#1668dc",
      time_zone: "Asia/Shanghai",
      is_simulated: true,
    },
  ],
};

const customer = {
  id: id(300),
  number: "100234",
  name: "陈玉",
  kind: "person",
  value_grade: "gold",
  since: "2009-03-01",
  language: "zh",
  needs: ["大字账单"],
  phones: [{ id: id(301), masked: "139****5521", label: "" }],
  addresses: [{ id: id(302), text: "江路 12 号 3-402", district: "北区", meters: [{ id: id(303), number: "88213" }] }],
  consents: [],
  version: 1,
};

const node = (n, parent, zh, en, kind = "reason") => ({
  id: id(n),
  parent_id: parent === null ? null : id(parent),
  kind,
  name: { zh, en },
  position: n,
});

const pop = {
  contact: {
    id: CONTACT,
    caller: "139****5521",
    called: "962740",
    arrived_at: new Date().toISOString(),
    language: "zh",
    is_simulated: true,
    is_recorded: true,
    entry_point_name: { zh: "服务热线", en: "Hotline" },
  },
  customer,
  open_tickets: [
    {
      id: id(400),
      number: "T-8812",
      type_name: { zh: "表前漏水", en: "Leak before meter" },
      text: "江路 12 号路面漏水，邻居已关阀。",
      state: "in_progress",
      clock: "soon",
      due_at: new Date(Date.now() + 46 * 60_000).toISOString(),
      department_name: { zh: "北区管理所", en: "North office" },
    },
  ],
  earlier_contacts: [1, 2, 3].map((n) => ({
    id: id(500 + n),
    arrived_at: new Date(Date.now() - n * 86_400_000 * 4).toISOString(),
    channel: "voice",
    outcome: "handled",
    queue_name: QUEUES[1].name,
    reasons: [{ zh: "账单偏高", en: "Bill high" }],
    note: n === 1 ? "已解释阶梯水价" : "",
  })),
  dispositions: [
    node(601, null, "漏水", "Leak"),
    node(602, 601, "表前漏水", "Before meter"),
    node(603, 601, "表后漏水", "After meter"),
    node(604, null, "账单", "Bill"),
    node(605, 604, "金额疑问", "Amount in doubt"),
    node(611, null, "已解决", "Solved", "outcome"),
    node(612, null, "已转工单", "Ticket sent", "outcome"),
    node(613, null, "需跟进", "To follow up", "outcome"),
  ],
  ticket_types: [
    { id: id(701), name: { zh: "表前漏水", en: "Leak before meter" }, department_id: id(801), due_hours: 4 },
    { id: id(702), name: { zh: "投诉", en: "Complaint" }, department_id: null, due_hours: 48 },
  ],
  departments: [{ id: id(801), name: { zh: "北区管理所", en: "North office" } }],
};

const FIXED = {
  "/api/v1/me": me,
  "/api/v1/live-token": { token: "mock" },
  "/api/v1/desk/softphone": { kind: "simulated", has_voice: false },
  "/api/v1/desk/away-reasons": { items: AWAY },
  "/api/v1/desk/transfer-targets": { queues: QUEUES, agents: [{ id: id(1001), name: name(1), number: "1001" }] },
  [`/api/v1/desk/contacts/${CONTACT}`]: pop,
};

export function answers(method, path, query, body) {
  if (path === "/api/v1/me/preferences") return Object.assign(me, body);
  if (path in FIXED) return FIXED[path];
  if (/\/drafts/.test(path)) return method === "GET" ? { items: [] } : {};
  if (/\/wrap-up$/.test(path)) return {};
  if (path === "/api/v1/tickets" && method === "POST") return { id: id(401), number: "T-8813" };
  return undefined;
}
