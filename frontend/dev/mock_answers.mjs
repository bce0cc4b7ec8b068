/** The pretended centre's API. */
import { AWAY, CONTACT, id, name, QUEUES, TENANT } from "./mock_data.mjs";

const PERMISSIONS = [
  "desk.use,floor.view,floor.monitor,floor.force_state,contacts.view,contacts.view_all,contacts.export",
  "recordings.listen,customers.view,customers.edit,customers.reveal_phone,tickets.view,tickets.edit,tickets.assign",
  "reports.view,admin.configure,admin.users,admin.tenants,audit.view",
].flatMap((list) => list.split(","));

const me = {
  user_id: id(3),
  username: "lin.an",
  name: "林安",
  email: "",
  language: process.env.LANGUAGE ?? "zh",
  text_size: 14,
  theme: process.env.THEME ?? "light",
  permissions: PERMISSIONS,
  has_second_factor: false,
  tenants: [
    {
      tenant_id: TENANT,
      code: "shibei",
      name: { zh: "市北水务", en: "Shibei Water" },
      brand_colour: "#1668dc",
      time_zone: "Asia/Shanghai",
      is_simulated: true,
    },
  ],
};

const product = (n, product_line, values) => ({
  id: id(n),
  product_line,
  label: "",
  service_number: "",
  brand: "",
  valid_from: null,
  valid_to: null,
  version: 1,
  ...values,
});

const customer = {
  id: id(300),
  number: "100234",
  name: "陈玉",
  kind: "person",
  value_grade: "gold",
  since: "2009-03-01",
  language: "zh",
  service_language: "yue",
  tenant_id: id(1),
  province: "31",
  brand: "",
  is_vip: true,
  is_rural: false,
  subscriptions: [
    product(310, "mobile_3g", { label: "本人手机", service_number: "139****5521", valid_from: "2012-05-01" }),
    product(311, "adsl", { label: "家里宽带", service_number: "ad-****3001", valid_from: "2015-03-01" }),
    product(312, "fixed_line", { service_number: "021****0018", valid_to: "2099-12-31" }),
    product(313, "phs", { label: "小灵通", valid_to: "2014-12-31" }),
  ],
  needs: ["大字账单"],
  phones: [{ id: id(301), masked: "139****5521", label: "" }],
  addresses: [{ id: id(302), text: "江路 12 号 3-402", district: "北区", meters: [{ id: id(303), number: "88213" }] }],
  consents: [],
  version: 1,
};

const node = (n, parent, zh, en, kind = "reason") => ({
  disposition_id: id(n),
  code: `d${n}`,
  is_choosable: ![601, 604].includes(n),
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
    service_language: "yue",
    product_line: "adsl",
    tenant_id: id(1),
    is_simulated: true,
    is_recorded: true,
    entry_point_name: { zh: "服务热线", en: "Hotline" },
  },
  customer,
  candidates: [],
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
  recent_contacts: [1, 2, 3].map((n) => ({
    id: id(500 + n),
    arrived_at: new Date(Date.now() - n * 86_400_000 * 4).toISOString(),
    channel: "voice",
    outcome: "handled",
    matters: [{ zh: "账单偏高", en: "Bill high" }],
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
    {
      ticket_type_id: id(701),
      name: { zh: "表前漏水", en: "Leak before meter" },
      department_id: id(801),
      due_hours: 4,
    },
    { ticket_type_id: id(702), name: { zh: "投诉", en: "Complaint" }, department_id: null, due_hours: 48 },
  ],
  departments: [{ department_id: id(801), name: { zh: "北区管理所", en: "North office" } }],
  handed_over: [],
  verified: null,
};

const FIXED = {
  "/api/v1/me": me,
  "/api/v1/live-token": { token: "mock" },
  "/api/v1/desk/softphone": { kind: "simulated", has_voice: false },
  "/api/v1/desk/away-reasons": AWAY,
  "/api/v1/desk/transfer-targets": {
    queues: QUEUES.map((queue) => ({ ...queue, queue_id: queue.id })),
    agents: [{ agent_id: id(1001), name: name(1), number: "1001" }],
  },
  "/api/v1/desk/departments": { departments: [] },
  [`/api/v1/desk/contacts/${CONTACT}`]: pop,
};

const ticket = (n, clock) => ({
  id: id(400 + n),
  tenant_id: TENANT,
  number: `T-${8812 + n}`,
  ticket_type_id: id(701),
  type_name: { zh: "表前漏水", en: "Leak before meter" },
  state: clock === "stopped" ? "answered" : "in_progress",
  clock,
  opened_at: new Date(Date.now() - 3_600_000).toISOString(),
  due_at: new Date(Date.now() + (clock === "late" ? -14 : 46 * n) * 60_000).toISOString(),
  text: "江路 12 号路面漏水，邻居已关阀。",
  department_id: id(801),
  department_name: { zh: "北区管理所", en: "North office" },
  handler_id: null,
  handler_name: "",
  customer_id: id(300),
  customer_name: "陈玉",
  contact_id: id(501),
  is_simulated: true,
});
const tickets = ["late", "soon", "in_time", "stopped"].map((clock, n) => ticket(n, clock));
const detail = {
  ticket: tickets[1],
  opened_by_id: id(2),
  opened_by_name: "林安",
  acknowledged_at: null,
  answered_at: null,
  closed_at: null,
  confirmed_by: "",
  possible_steps: ["answer"],
  timeline: ["opened", "acknowledged", "started"].map((kind, n) => ({
    id: id(900 + n),
    at: new Date(Date.now() - (3 - n) * 900_000).toISOString(),
    kind,
    person_id: id(2),
    person_name: "林安",
    text: n === 0 ? "邻居 9 点关了阀门" : "",
    detail: {},
  })),
};

const contact = (n) => ({
  id: id(500 + n),
  tenant_id: TENANT,
  channel: "voice",
  stage: "ended",
  outcome: ["handled", "handled", "abandoned", "platform_failure"][n % 4],
  arrived_at: new Date(Date.now() - n * 600_000).toISOString(),
  asked_at: new Date(Date.now() - n * 600_000 + 9_000).toISOString(),
  answered_at: null,
  ended_at: null,
  queue_id: QUEUES[n % 3].id,
  last_agent_id: id(1000 + n),
  interaction_count: 1,
  caller: "139****5521",
  customer_id: id(300),
  wait_ms: 11_000 + n * 900,
  talk_ms: 134_000,
  hold_ms: 0,
  wrap_up_ms: 22_000,
  is_simulated: true,
  has_recording: n % 2 === 0,
  matters: [{ zh: "漏水 › 表前漏水", en: "Leak › Before meter" }],
});
const story = {
  ...contact(1),
  ended_by: "caller",
  cause: "",
  entry_point_id: null,
  called_address: "962740",
  is_caller_known: true,
  language: "zh",
  priority: 0,
  menu_path: ["2"],
  asked_queue_id: QUEUES[0].id,
  interactions: [
    {
      id: id(910),
      position: 1,
      agent_id: id(1001),
      queue_id: QUEUES[0].id,
      started_at: new Date(Date.now() - 500_000).toISOString(),
      ended_at: new Date(Date.now() - 360_000).toISOString(),
      talk_ms: 134_000,
      hold_ms: 0,
      wrap_up_ms: 22_000,
      handle_ms: 156_000,
      ended_by: "caller",
    },
  ],
  timeline: ["arrived", "flow_step", "left_flow", "queued", "offered", "connected", "interaction_ended", "ended"].map(
    (kind, n) => ({
      id: id(920 + n),
      at: new Date(Date.now() - 600_000 + n * 11_000).toISOString(),
      source: "routing",
      kind,
      agent_id: n > 3 ? id(1001) : null,
      queue_id: n > 2 ? QUEUES[0].id : null,
      detail: kind === "flow_step" ? { step_id: "menu", detail: "2" } : {},
    }),
  ),
  matters: [
    {
      id: id(930),
      agent_id: id(1001),
      position: 0,
      disposition_id: id(602),
      disposition_name: { zh: "表前漏水", en: "Leak before meter" },
      outcome_id: id(612),
      outcome_name: { zh: "已转工单", en: "Ticket sent" },
      note: "邻居关了阀门",
    },
  ],
  wrap_ups: [],
  recordings: [
    {
      id: id(940),
      started_at: new Date(Date.now() - 500_000).toISOString(),
      duration_ms: 134_000,
      size_bytes: 2_000_000,
    },
  ],
};

function interval(n, queue) {
  const asked = 20 + ((n * 7 + queue * 3) % 15);
  const inTime = asked - ((n + queue) % 5);
  return {
    starts_at: new Date(new Date().setHours(0, 0, 0, 0) + (32 + n) * 900_000).toISOString(),
    asked,
    counted: asked,
    answered: asked - 1,
    answered_in_time: inTime - 1,
    abandoned: 1,
    interactions: asked,
    wait_ms: asked * 8_000,
    talk_ms: asked * 120_000,
    hold_ms: asked * 4_000,
    wrap_up_ms: asked * 25_000,
    service_level: ((100 * (inTime - 1)) / asked).toFixed(2),
    is_target_met: (inTime - 1) / asked >= 0.85,
    average_handle_s: 149,
  };
}
const DAY_MS = 86_400_000;
const midnight = new Date().setHours(0, 0, 0, 0);
const moment = (ms) => new Date(ms).toISOString();
const report = {
  day: moment(Date.now()).slice(0, 10),
  as_of: moment(Date.now()),
  queues: QUEUES.map((queue, q) => ({
    tenant_id: TENANT,
    queue_id: queue.id,
    queue_name: queue.name,
    threshold_s: 15,
    target: 8500,
    is_simulated: true,
    begins_at: moment(midnight),
    ends_at: moment(midnight + DAY_MS),
    intervals: Array.from({ length: 20 }, (_, n) => interval(n, q)),
    total: {
      ...interval(0, q),
      starts_at: null,
      asked: 10_000,
      counted: 10_000,
      answered_in_time: 8_499,
      service_level: "84.99",
      is_target_met: false,
    },
  })),
};
const dayOfMonth = (n, sums) => {
  const begins = midnight - (19 - n) * DAY_MS;
  return { ...sums, starts_on: dateOf(begins), begins_at: moment(begins), ends_at: moment(begins + DAY_MS) };
};
function dateOf(ms) {
  return moment(ms - new Date(ms).getTimezoneOffset() * 60_000).slice(0, 10);
}
const serviceLevels = {
  starts_on: dateOf(midnight - 19 * DAY_MS),
  as_of: moment(Date.now()),
  queues: report.queues.map(({ intervals, total, ...queue }) => ({
    ...queue,
    rows: intervals.map((sums, n) => dayOfMonth(n, sums)),
    total: { ...dayOfMonth(0, total), ends_at: moment(midnight + 11 * DAY_MS) },
  })),
};
const handled = (subject_id, name, interactions) => ({
  subject_id,
  name,
  is_simulated: true,
  interactions,
  talk_ms: interactions * 150_000,
  hold_ms: interactions * 30_000,
  wrap_up_ms: interactions * 60_000,
  average_talk_s: 180,
  average_hold_s: 30,
  average_wrap_up_s: 60,
  average_handle_s: 240,
  longest_s: 611,
});
const handleTimes = {
  first_day: dateOf(midnight),
  last_day: dateOf(midnight),
  as_of: moment(Date.now()),
  rows: [handled(id(301), { zh: "王芳", en: "Wang Fang" }, 12), handled(null, null, 3)],
  total: handled(null, null, 15),
  queues: QUEUES.map((queue) => ({ queue_id: queue.id, queue_name: queue.name })),
};
const callBacks = [1, 2].map((n) => ({
  id: id(950 + n),
  contact_id: id(500 + n),
  tenant_id: TENANT,
  cause: "asterisk_lost",
  failed_at: new Date(Date.now() - n * 300_000).toISOString(),
  asked_at: new Date(Date.now() - n * 330_000).toISOString(),
  queue_id: QUEUES[0].id,
  caller: "139****5521",
  customer_id: null,
  is_simulated: true,
  done_at: null,
  done_by_id: null,
  done_note: "",
}));
const page = (items) => ({ items, next_cursor: null });

Object.assign(FIXED, {
  "/api/v1/tickets": page(tickets),
  "/api/v1/tickets/counts": { open: 1240, late: 12, mine: 3 },
  [`/api/v1/tickets/${id(401)}`]: detail,
  "/api/v1/contacts": page(Array.from({ length: 14 }, (_, n) => contact(n))),
  [`/api/v1/contacts/${id(501)}`]: story,
  "/api/v1/reports/intervals": report,
  "/api/v1/reports/service-levels": serviceLevels,
  "/api/v1/reports/handle-times/agents": handleTimes,
  "/api/v1/reports/handle-times/reasons": handleTimes,
  "/api/v1/call-backs": page(callBacks),
  "/api/v1/customers/steering-choices": [
    { field: "product_line", code: "mobile_3g", name: { zh: "3G移动网络", en: "3G mobile" } },
    { field: "product_line", code: "adsl", name: { zh: "ADSL宽带", en: "ADSL" } },
    { field: "product_line", code: "fixed_line", name: { zh: "固定电话", en: "Fixed line" } },
    { field: "product_line", code: "phs", name: { zh: "小灵通", en: "PHS" } },
    { field: "province", code: "31", name: { zh: "上海", en: "Shanghai" } },
    { field: "service_language", code: "yue", name: { zh: "粤语", en: "Cantonese" } },
  ],
  "/api/v1/customers": { items: [{ ...customer, address: customer.addresses[0].text }] },
});

export function answers(method, path, query, body) {
  if (path === "/api/v1/me/preferences") return Object.assign(me, body);
  if (path in FIXED && method === "GET") return FIXED[path];
  if (path === "/api/v1/live-token") return FIXED[path];
  if (/\/drafts/.test(path)) return method === "GET" ? { items: [] } : {};
  if (/\/wrap-up$/.test(path)) return {};
  if (path === "/api/v1/tickets" && method === "POST") return { ticket: { id: id(401), number: "T-8813" } };
  return undefined;
}
