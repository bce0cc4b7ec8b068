/** Who takes which contact, as data: queues, priorities, ladders, the funnel, and the people. */
import { active, amount, choice, code, names, number, position, reference, seconds, text, toggle } from "./fields";
import type { Resource } from "./fields";

export const ROUTING_RESOURCES: Record<string, Resource> = {
  queues: {
    path: "queues",
    trial: "queue",
    title: "admin.queues",
    fields: [
      code,
      names,
      { name: "skills", label: "admin.queue_skills", type: { kind: "skills" }, initial: [] },
      { name: "preferred", label: "admin.preferred", type: { kind: "skills" }, initial: [] },
      seconds("prefer_s"),
      { name: "attributes", label: "admin.attributes", type: { kind: "insistence" }, initial: {} },
      number("rank", "admin.rank", 0),
      number("offer_timeout_s", "admin.offer_timeout_s", 15, { type: { kind: "number", min: 5, max: 120 } }),
      number("wrap_up_s", "admin.wrap_up_s", 30, { type: { kind: "number", min: 0, max: 3600 } }),
      toggle("is_wrap_up_automatic", "admin.is_wrap_up_automatic", false),
      number("service_level_s", "admin.service_level_s", 15, { type: { kind: "number", min: 1, max: 3600 } }),
      number("service_level_target", "admin.service_level_target", 8500, {
        type: { kind: "number", min: 0, max: 10_000 },
        isInList: false,
      }),
      number("alarm_after_s", "admin.alarm_after_s", 60, {
        type: { kind: "number", min: 0, max: 3600 },
        isInList: false,
      }),
      number("alarm_min_contacts", "admin.alarm_min_contacts", 5, {
        type: { kind: "number", min: 1, max: 10_000 },
        isInList: false,
      }),
      amount("abandoned_limit", undefined, 10_000),
      {
        ...choice(
          "choice",
          "admin.choice",
          {
            longest_idle: "admin.choice_longest_idle",
            best_level: "admin.choice_best_level",
            least_occupied: "admin.choice_least_occupied",
            round_robin: "admin.choice_round_robin",
            weighted: "admin.choice_weighted",
          },
          "longest_idle",
        ),
        isInList: false,
        heading: "admin.heading_choice",
      },
      {
        ...choice(
          "order",
          "admin.order",
          { arrival: "admin.order_arrival", service_level: "admin.order_service_level" },
          "arrival",
        ),
        isInList: false,
      },
      amount("weight", 10, 100, 1),
      seconds("relationship_s"),
      { ...toggle("is_emergency", "admin.is_emergency", false), isInList: false },
      { ...toggle("is_background", "admin.is_background", false), isInList: false },
      amount("reserve", 0, 10_000),
      seconds("background_s"),
      {
        name: "rings",
        label: "admin.rings",
        type: { kind: "rings" },
        initial: [],
        heading: "admin.heading_widening",
      },
      { name: "overflows", label: "admin.overflows", type: { kind: "overflows" }, initial: [] },
      { ...amount("max_waiting", undefined, 100_000), heading: "admin.heading_limits" },
      reference("full_queue_id", "admin.full_queue_id", "queues", { isInList: false }),
      reference("full_pool_use_id", "admin.full_pool_use_id", "pool-uses", { isInList: false }),
      amount("max_wait_s", undefined, 86_400, 1),
      reference("late_queue_id", "admin.late_queue_id", "queues", { isInList: false }),
      { ...seconds("reclaim_s"), heading: "admin.heading_waiting" },
      amount("callback_attempts", 0, 20),
      amount("callback_retry_s", 600, 86_400, 10),
      amount("announce_each_s", 0, 3600),
      active,
    ],
  },
  "priority-rules": {
    path: "priority-rules",
    trial: "priority_rule",
    title: "admin.priority-rules",
    fields: [
      {
        ...choice(
          "kind",
          "admin.attribute",
          {
            value_grade: "admin.attribute_value_grade",
            brand: "admin.attribute_brand",
            product_line: "admin.attribute_product_line",
            region: "admin.attribute_region",
            language: "admin.attribute_language",
            vip: "admin.attribute_vip",
            repeat: "admin.attribute_repeat",
          },
          "value_grade",
        ),
        isRequired: true,
      },
      {
        name: "value",
        label: "admin.attribute_value",
        type: { kind: "attribute_values", isSeveral: false },
        isInList: true,
        initial: "",
      },
      number("points", "admin.points", undefined, {
        isRequired: true,
        type: { kind: "number", min: -1000, max: 1000 },
      }),
      number("within_s", "admin.within_s", 0, { type: { kind: "number", min: 0, max: 604_800 } }),
      active,
    ],
  },
  ladders: {
    path: "ladders",
    trial: "ladder",
    title: "admin.ladders",
    fields: [
      code,
      names,
      {
        name: "queue_ids",
        label: "admin.ladder_queues",
        type: { kind: "references", resource: "queues" },
        isRequired: true,
        isInList: true,
        initial: [],
      },
      { name: "tiers", label: "admin.tiers", type: { kind: "tiers" }, isInList: true, initial: [] },
      active,
    ],
  },
  "funnel-levels": {
    path: "funnel-levels",
    title: "admin.funnel-levels",
    fields: [
      number("number", "admin.funnel_number", undefined, {
        isRequired: true,
        type: { kind: "number", min: 1, max: 9 },
      }),
      names,
      reference("queue_id", "admin.funnel_queue_id", "queues"),
    ],
  },
  "business-modules": {
    path: "business-modules",
    title: "admin.business-modules",
    fields: [
      code,
      names,
      number("grade", "admin.grade", 1, { isRequired: true, type: { kind: "grade" } }),
      // The list says them in the reason of the suggested grade.
      amount("difficulty", undefined, 5, 1),
      amount("frequency", undefined, 5, 1),
      amount("risk", undefined, 5, 1),
      position,
      active,
    ],
  },
  "attribute-values": {
    path: "attribute-values",
    title: "admin.attribute-values",
    fields: [
      {
        ...choice(
          "kind",
          "admin.attribute",
          {
            brand: "admin.attribute_brand",
            product_line: "admin.attribute_product_line",
            value_grade: "admin.attribute_value_grade",
          },
          "brand",
        ),
        isFixed: true,
      },
      { ...code, isFixed: true },
      names,
      position,
      active,
    ],
  },
  skills: {
    path: "skills",
    title: "admin.skills",
    fields: [
      code,
      names,
      choice(
        "kind",
        "admin.skill_kind",
        {
          general: "admin.skill_general",
          language: "admin.attribute_language",
          brand: "admin.attribute_brand",
          product_line: "admin.attribute_product_line",
          region: "admin.attribute_region",
          certificate: "admin.skill_certificate",
        },
        "general",
      ),
      {
        name: "values",
        label: "admin.skill_values",
        type: { kind: "attribute_values", isSeveral: true },
        isInList: true,
        initial: [],
      },
    ],
  },
  teams: {
    path: "teams",
    title: "admin.teams",
    fields: [
      code,
      names,
      reference("site_id", "admin.site_id", "sites"),
      reference("leader_id", "admin.leader_id", "users", {
        type: { kind: "reference", resource: "users", label: "username" },
      }),
    ],
  },
  agents: {
    path: "agents",
    title: "admin.agents",
    fields: [
      reference("user_id", "admin.user_id", "users", {
        type: { kind: "reference", resource: "users", label: "username" },
        isRequired: true,
        isFixed: true,
      }),
      text("number", "admin.number", { isRequired: true }),
      reference("team_id", "admin.team_id", "teams"),
      choice(
        "device",
        "admin.device",
        {
          browser: "admin.device_browser",
          sip_phone: "admin.device_sip_phone",
          simulated: "admin.device_simulated",
        },
        "browser",
      ),
      { name: "capacity", label: "admin.capacity", type: { kind: "capacity" }, initial: { voice: 1 } },
      { name: "skills", label: "admin.skills_held", type: { kind: "skills" }, initial: [] },
      {
        name: "group_ids",
        label: "admin.group_ids",
        type: { kind: "references", resource: "teams" },
        initial: [],
      },
      {
        ...choice(
          "takes",
          "admin.takes",
          { most_urgent: "admin.takes_most_urgent", strongest_skill: "admin.takes_strongest_skill" },
          "most_urgent",
        ),
        isInList: false,
      },
      amount("weight", 10, 100, 1),
      active,
    ],
  },
};
