"""The example's set-up, written by the same actions as an administrator's."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from hotline.domains.catalogue import actions as catalogue
from hotline.domains.catalogue import queries as catalogue_queries
from hotline.domains.channels import actions as channels
from hotline.domains.channels import flow_actions
from hotline.domains.channels import queries as channel_queries
from hotline.domains.customers import actions as customers
from hotline.domains.enterprise import actions as enterprise
from hotline.domains.enterprise import queries as enterprise_queries
from hotline.domains.people import actions as people
from hotline.domains.people import queries as people_queries
from hotline.domains.people.rules import SkillGrade
from hotline.domains.routing import actions as routing
from hotline.domains.routing import funnel
from hotline.domains.routing import queries as routing_queries
from hotline.domains.setup_routes import ListFilter, Reads, Writing
from hotline.domains.workforce import actions as workforce
from hotline.domains.workforce import example_roster, work_rules
from hotline.domains.workforce import queries as workforce_queries
from hotline.entrypoints.example_flow import bound_definition
from hotline.entrypoints.example_staff import ACTOR_NAME
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import tenant_scope

Row = Mapping[str, Any]
Ids = dict[str, UUID]


def ensure_setup(
    tenant_id: UUID, scenario: Mapping[str, Any], user_ids: Mapping[str, UUID], *, with_roster: bool = False
) -> None:
    """Add whatever the tenant does not have yet, lowest domains first."""
    actor = Actor.system(ACTOR_NAME, [tenant_id])
    ids = _ensure_enterprise(actor, scenario)
    _ensure_catalogue(actor, scenario, ids)
    _ensure_people(actor, scenario, ids, user_ids)
    ids["queues"] = _ensure(
        actor, routing_queries.queue_records, routing.queues, scenario["queues"], lambda row: _queue(row, ids)
    )
    _ensure_routing(actor, scenario, ids)
    _ensure_channels(actor, scenario, ids)
    customers.import_customers(actor, scenario["customers"])
    _ensure_workforce(actor, scenario, ids)
    if with_roster:
        _ask_for_roster(tenant_id, scenario["example_roster"], ids["skills"])


def _ensure_enterprise(actor: Actor, scenario: Mapping[str, Any]) -> dict[str, Ids]:
    ids: dict[str, Ids] = {}
    ids["calendars"] = _ensure(
        actor, enterprise_queries.calendar_records, enterprise.calendars, scenario["calendars"], _valid_from
    )
    ids["sites"] = _ensure(actor, enterprise_queries.site_records, enterprise.sites, scenario["sites"])
    seats = [
        {"site_id": ids["sites"][scenario["seats"]["site"]], "label": f"{scenario['seats']['prefix']}{number:02d}"}
        for number in range(1, scenario["seats"]["count"] + 1)
    ]
    _ensure(actor, enterprise_queries.seat_records, enterprise.seats, seats, key="label")
    ids["departments"] = _ensure(
        actor,
        enterprise_queries.department_records,
        enterprise.departments,
        scenario["departments"],
        lambda row: _pointing(row, {"calendar": ids["calendars"]}),
    )
    return ids


def _ensure_catalogue(actor: Actor, scenario: Mapping[str, Any], ids: dict[str, Ids]) -> None:
    _ensure(actor, catalogue_queries.away_reason_records, catalogue.away_reasons, scenario["away_reasons"])
    _ensure(actor, catalogue_queries.attribute_value_records, catalogue.attribute_values, scenario["attribute_values"])
    _ensure(actor, catalogue_queries.business_module_records, catalogue.business_modules, scenario["business_modules"])
    # Parents stand before their children in the scenario, so that one pass finds each parent made.
    made: Ids = {}
    _ensure(
        actor,
        catalogue_queries.node_records,
        catalogue.disposition_nodes,
        scenario["dispositions"],
        lambda row: _pointing(row, {"parent": made}),
        made=made,
    )
    _ensure(
        actor,
        catalogue_queries.ticket_type_records,
        catalogue.ticket_types,
        scenario["ticket_types"],
        lambda row: _pointing(row, {"department": ids["departments"]}),
    )


def _ensure_routing(actor: Actor, scenario: Mapping[str, Any], ids: dict[str, Ids]) -> None:
    """Ladders, priorities and the funnel: only for a tenant that has none, because a deleted rule has no code to be
    known by, and must not come back."""
    levels, rules = funnel.funnel_level_records, routing_queries.priority_rule_records
    if not _records(actor, levels):
        for row in scenario["funnel_levels"]:
            routing.funnel_levels.create(actor, _pointing(row, {"queue": ids["queues"]}))
    if not _records(actor, rules):
        for row in scenario["priority_rules"]:
            routing.priority_rules.create(actor, row)
    _ensure(actor, routing_queries.ladder_records, routing.ladders, scenario["ladders"], lambda row: _ladder(row, ids))


def _ensure_people(
    actor: Actor, scenario: Mapping[str, Any], ids: dict[str, Ids], user_ids: Mapping[str, UUID]
) -> None:
    ids["skills"] = _ensure(actor, people_queries.skill_records, people.skills, scenario["skills"])
    ids["teams"] = _ensure(
        actor,
        people_queries.team_records,
        people.teams,
        scenario["teams"],
        lambda row: _pointing(row, {"site": ids["sites"], "leader": user_ids}),
    )
    ids["agents"] = _ensure(
        actor,
        people_queries.agent_records,
        people.agents,
        scenario["agents"],
        lambda row: _agent(row, ids, user_ids),
        key="number",
    )


def _ensure_channels(actor: Actor, scenario: Mapping[str, Any], ids: dict[str, Ids]) -> None:
    ids["flows"] = _ensure(
        actor,
        channel_queries.flow_records,
        flow_actions.flows,
        scenario["flows"],
        lambda row: {**row, "definition": bound_definition(row["definition"], ids)},
    )
    for flow in _records(actor, channel_queries.flow_records):
        if flow.published_number is None and flow.draft_number is not None:
            flow_actions.publish(actor, flow.id, flow.version, flow.draft_number)
    _ensure(
        actor,
        channel_queries.entry_point_records,
        channels.entry_points,
        scenario["entry_points"],
        lambda row: _pointing(
            row, {"flow": ids["flows"], "fallback_queue": ids["queues"], "calendar": ids["calendars"]}
        ),
        key="address",
    )
    _ensure(
        actor,
        channel_queries.prefix_records,
        channels.outbound_prefixes,
        scenario["outbound_prefixes"],
        key="prefix",
    )
    _ensure(
        actor,
        channel_queries.emergency_records,
        channels.emergency_numbers,
        scenario["emergency_numbers"],
        key="number",
    )
    targets = {"department": ids["departments"], "queue": ids["queues"]}
    lines = [_pointing(row, targets) for row in scenario["department_lines"]]
    _ensure(
        actor,
        channel_queries.department_line_records,
        channels.department_lines,
        [{**line, "department_id": str(line["department_id"])} for line in lines],
        key="department_id",
    )


def _ensure_workforce(actor: Actor, scenario: Mapping[str, Any], ids: dict[str, Ids]) -> None:
    """How people work: rotations, shift kinds, rules, contracts, and which skill helps which."""
    _ensure(actor, workforce_queries.rotation_records, workforce.rotations, scenario["rotations"], _valid_from)
    kinds = [_several(row, "skills", "skill_ids", ids["skills"]) for row in scenario["shift_kinds"]]
    ids["shift_kinds"] = _ensure(actor, work_rules.shift_kind_records, work_rules.shift_kinds, kinds)
    ids["labour_rules"] = _ensure(
        actor, work_rules.labour_rules_records, work_rules.labour_rules, scenario["labour_rules"]
    )
    contracts = [
        _pointing(_contract(row, ids), {"agent": ids["agents"], "labour_rules": ids["labour_rules"]})
        for row in scenario["contracts"]
    ]
    numbered = [{**row, "agent_id": str(row["agent_id"])} for row in contracts]
    _ensure(actor, work_rules.contract_records, work_rules.contracts, numbered, key="agent_id")
    pairs = [
        _pointing(row, dict.fromkeys(("lender", "borrower"), ids["skills"])) for row in scenario["skill_borrowings"]
    ]
    known = {(one.lender_id, one.borrower_id) for one in _records(actor, work_rules.skill_borrowing_records)}
    for pair in pairs:
        if (pair["lender_id"], pair["borrower_id"]) not in known:
            work_rules.skill_borrowings.create(actor, pair)


def _ask_for_roster(tenant_id: UUID, row: Mapping[str, Any], skills: Ids) -> None:
    demand = {str(skills[code]): steps for code, steps in row["demand"].items()}
    with tenant_scope(tenant_id), transaction.atomic():
        example_roster.enqueue(tenant_id, demand, row["name"])


def _contract(row: Row, ids: Mapping[str, Ids]) -> dict[str, Any]:
    first = date.fromisoformat(row["employed_from"])
    return {**_several(row, "shift_kinds", "shift_kind_ids", ids["shift_kinds"]), "employed_from": first}


def _several(row: Row, field: str, column: str, known: Ids) -> dict[str, Any]:
    """The row with the list of codes in a field replaced by the ids that they stand for."""
    plain = {name: value for name, value in row.items() if name != field}
    return {**plain, column: [known[code] for code in row.get(field, [])]}


def _ensure(
    actor: Actor,
    reads: Reads[Any],
    writes: Writing,
    rows: Iterable[Row],
    values: Callable[[Row], Mapping[str, Any]] = dict,
    *,
    key: str = "code",
    made: Ids | None = None,
) -> Ids:
    """The ids of all records by `key`, after those that are missing were made from their rows."""
    found: Ids = {} if made is None else made
    found |= {str(getattr(record, key)): record.id for record in _records(actor, reads)}
    for row in rows:
        if row[key] not in found:
            found[row[key]] = writes.create(actor, values(row))
    return found


def _records(actor: Actor, reads: Reads[Any]) -> list[Any]:
    """Every record of the tenant, page by page."""
    records, cursor = reads.page(actor, ListFilter(limit=200))
    while cursor is not None:
        more, cursor = reads.page(actor, ListFilter(limit=200, cursor=cursor))
        records += more
    return records


def _pointing(row: Row, targets: Mapping[str, Mapping[str, UUID]]) -> dict[str, Any]:
    """The row with each code in a field of `targets` replaced by the id that it stands for."""
    plain = {name: value for name, value in row.items() if name not in targets}
    ids = {f"{name}_id": known[row[name]] for name, known in targets.items() if row.get(name) is not None}
    return plain | ids


def _valid_from(row: Row) -> dict[str, Any]:
    return {**row, "valid_from": date.fromisoformat(row["valid_from"])}


def _queue(row: Row, ids: Mapping[str, Ids]) -> dict[str, Any]:
    parts = {"skills": _levels(row["skills"], ids), "preferred": _levels(row.get("preferred", {}), ids)}
    return {**row, **parts, "rings": [routing.Ring(**ring) for ring in row.get("rings", [])]}


def _levels(levels: Mapping[str, int], ids: Mapping[str, Ids]) -> list[routing.SkillLevel]:
    return [routing.SkillLevel(skill_id=str(ids["skills"][code]), level=level) for code, level in levels.items()]


def _ladder(row: Row, ids: Mapping[str, Ids]) -> dict[str, Any]:
    plain = {name: value for name, value in row.items() if name != "queues"}
    queue_ids = [ids["queues"][code] for code in row["queues"]]
    return {**plain, "queue_ids": queue_ids, "tiers": [_tier(tier, ids) for tier in row["tiers"]]}


def _tier(row: Row, ids: Mapping[str, Ids]) -> routing.Tier:
    plain = {name: value for name, value in row.items() if name not in ("agents", "skills")}
    agent_ids = [ids["agents"][number] for number in row["agents"]]
    return routing.Tier(**plain, agent_ids=agent_ids, skills=_levels(row["skills"], ids))


def _agent(row: Row, ids: Mapping[str, Ids], user_ids: Mapping[str, UUID]) -> dict[str, Any]:
    grades = [SkillGrade(skill_id=str(ids["skills"][code]), level=level) for code, level in row["skills"].items()]
    whole = {name: value for name, value in row.items() if name != "username"}
    return {**_pointing(whole, {"team": ids["teams"]}), "user_id": user_ids[row["username"]], "skills": grades}
