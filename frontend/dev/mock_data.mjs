/** The pretended centre's data and its one endless shift. */
const id = (n) => `0190a000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const TENANT = id(1);
const STATES = ["available", "busy", "busy", "busy", "wrap_up", "away", "offered"];
const SURNAMES = [..."王李张刘陈杨黄赵吴周徐孙马朱胡"];
const GIVEN = ["岚", "洪", "倩", "平", "静", "涛", "敏", "军", "丽", "强"];
const name = (n) => SURNAMES[n % SURNAMES.length] + GIVEN[(n * 7) % GIVEN.length];
const QUEUES = [
  { id: id(11), name: { zh: "报修", en: "Repair" } },
  { id: id(12), name: { zh: "账单", en: "Billing" } },
  { id: id(13), name: { zh: "综合", en: "General" } },
];
const AWAY = [
  { away_reason_id: id(21), name: { zh: "用餐", en: "Meal" } },
  { away_reason_id: id(22), name: { zh: "培训", en: "Training" } },
];
const CONTACT = id(100);
const start = Date.now();

const me = {
  agent_id: id(2),
  name: "林安",
  state: "signed_out",
  since_ms: start,
  reason: null,
  requested_state: null,
  is_mirror: false,
  queues: QUEUES.map((queue) => queue.id),
  capacity: { voice: 1 },
};
let contact = null;
let offer = null;

const agents = Array.from({ length: Number(process.env.AGENTS ?? 182) }, (_, n) => ({
  agent_id: id(1000 + n),
  name: name(n),
  team_id: id(31 + (n % 2)),
  tenant_ids: [TENANT],
  state: STATES[n % STATES.length],
  reason: STATES[n % STATES.length] === "away" ? AWAY[n % 2].away_reason_id : null,
  since_ms: start - ((n * 7919) % 900) * 1000,
  contact_id: null,
  queue_id: STATES[n % STATES.length] === "busy" ? QUEUES[n % 3].id : null,
  is_simulated: true,
  monitoring: [],
}));

function counted(rows) {
  const counts = { available: 0, offered: 0, busy: 0, wrap_up: 0, away: 0 };
  for (const row of rows) counts[row.state] += 1;
  return counts;
}

function board(n) {
  const figures = [
    [61, 100, 8499, 10000, 9],
    [84, 100, 861, 1000, 4],
    [93, 100, 910, 1000, 1],
  ][n];
  return {
    tenant_id: TENANT,
    waiting: figures[4],
    longest_asked_ms: figures[4] ? Date.now() - 72_000 : null,
    service_level_interval: { answered_in_time: figures[0], asked: figures[1] },
    service_level_today: { answered_in_time: figures[2], asked: figures[3] },
    target: 8500,
    threshold_s: 15,
    abandoned_today: 21,
    asked_today: figures[3],
    agents: counted(agents.filter((_, index) => index % 3 === n)),
    is_simulated: true,
  };
}

function total() {
  const boards = [0, 1, 2].map(board);
  const sum = (pick) => boards.reduce((all, one) => all + pick(one), 0);
  const count = (field) => ({
    answered_in_time: sum((one) => one[field].answered_in_time),
    asked: sum((one) => one[field].asked),
  });
  return {
    ...boards[0],
    waiting: sum((one) => one.waiting),
    service_level_interval: count("service_level_interval"),
    service_level_today: count("service_level_today"),
    abandoned_today: 63,
    asked_today: sum((one) => one.asked_today),
    agents: counted(agents),
  };
}

export function documents() {
  return {
    me,
    system: {
      server_ms: Date.now(),
      has_voice: true,
      nodes: [{ node_id: "node-1", is_connected: true }],
      is_simulated: true,
    },
    ...(contact ? { [`contact/${CONTACT}`]: contact } : {}),
    ...(offer ? { [`offer/${offer.offer_id}`]: offer } : {}),
    ...Object.fromEntries(agents.map((agent) => [`agent/${agent.agent_id}`, agent])),
    ...Object.fromEntries(
      QUEUES.map((queue, n) => [`queue/${queue.id}`, { queue_id: queue.id, name: queue.name, ...board(n) }]),
    ),
    [`total/${TENANT}`]: total(),
  };
}

function ring() {
  offer = {
    offer_id: id(200),
    contact_id: CONTACT,
    channel: "voice",
    kind: "queue",
    queue_id: QUEUES[0].id,
    queue_name: QUEUES[0].name,
    expires_ms: Date.now() + 15_000,
    asked_ms: Date.now() - 11_000,
    customer_id: id(300),
    priority: 0,
    language: "zh",
    menu_path: ["2"],
    is_simulated: true,
  };
  return { [`offer/${offer.offer_id}`]: offer };
}

function act({ name: action, arguments: args }) {
  const now = Date.now();
  const changed = {};
  const drop = [];
  const become = (state, extra = {}) => {
    Object.assign(me, { state, since_ms: now, reason: null }, extra);
    changed.me = { ...me };
  };
  if (action === "SignIn") become("away", { reason: "signed_in" });
  if (action === "SignOut") become("signed_out");
  if (action === "SetAgentState") become(args.state, { reason: args.reason_id ?? null });
  if (action === "SetAgentState" && args.state === "available") Object.assign(changed, ring());
  if (action === "AcceptOffer" && offer) {
    drop.push(`offer/${offer.offer_id}`);
    offer = null;
    contact = {
      contact_id: CONTACT,
      channel: "voice",
      message_seq: 0,
      state: "talking",
      interaction_id: id(201),
      queue_id: QUEUES[0].id,
      connected_ms: now,
      hold_ms: 0,
      held_since_ms: null,
      wrap_until_ms: null,
      transfer: null,
      is_node_away: false,
      wait_ms: 11_000,
      customer_id: id(300),
      is_simulated: true,
      monitored: false,
    };
    become("busy");
  }
  if (action === "HoldContact") Object.assign(contact, { state: "held", held_since_ms: now });
  if (action === "RetrieveContact") {
    Object.assign(contact, {
      state: "talking",
      hold_ms: contact.hold_ms + now - contact.held_since_ms,
      held_since_ms: null,
    });
  }
  if (action === "HangUpContact") {
    Object.assign(contact, { state: "wrap_up", wrap_until_ms: now + 30_000 });
    become("wrap_up");
  }
  if (action === "ExtendWrapUp") contact.wrap_until_ms += args.extend_s * 1000;
  if (action === "FinishWrapUp") {
    drop.push(`contact/${CONTACT}`);
    contact = null;
    become("available");
  }
  if (contact) changed[`contact/${CONTACT}`] = { ...contact };
  return { changed, drop };
}

/** With an action: what it changes. Without: what a fifth of a second changes on the boards. */
export function step(action) {
  if (action) return act(action);
  const agent = agents[Math.floor(Math.random() * agents.length)];
  Object.assign(agent, {
    state: STATES[Math.floor(Math.random() * STATES.length)],
    since_ms: Date.now(),
    reason: null,
  });
  return { [`agent/${agent.agent_id}`]: { ...agent }, [`total/${TENANT}`]: total() };
}

export { id, name, TENANT, QUEUES, AWAY, CONTACT };
