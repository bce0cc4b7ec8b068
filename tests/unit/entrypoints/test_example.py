"""The example tenant: complete, safe to load again, and true to what the register of requirements says of it."""

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from hotline.domains.channels import queries as channel_queries
from hotline.domains.people import queries as people_queries
from hotline.domains.routing import queries as routing_queries
from hotline.domains.setup_routes import ListFilter
from hotline.entrypoints import example
from hotline.flows import read_flow
from hotline.foundation.actors import Actor
from hotline.foundation.ids import as_uuid
from hotline.foundation.models import AuditEntry, Membership, Tenant, User
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.settings import Settings
from hotline.messages.configuration import NodeConfiguration

pytestmark = pytest.mark.django_db
PASSWORD = "Shibei-water-16"


@pytest.fixture
def settings_of_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("HOTLINE_EXAMPLE_PASSWORD", PASSWORD)
    return Settings(data_dir=tmp_path)


@pytest.fixture
def lines(settings_of_test: Settings) -> list[str]:
    return example.load_example(settings_of_test)


@pytest.fixture
def actor(lines: list[str]) -> Actor:
    return Actor.system("tests", [Tenant.objects.get(code="shibei").pk])


def test_thirty_staff_sixteen_seats_nine_processes(lines: list[str], actor: Actor) -> None:
    from hotline.domains.catalogue.queries import ticket_types
    from hotline.domains.enterprise.queries import seat_records

    staff = User.objects.exclude(username__startswith="simulated")
    assert staff.count() == 30
    assert len(seat_records.page(actor, ListFilter(limit=200))[0]) == 16
    found = ticket_types(actor, next(iter(actor.tenant_ids)))
    assert [row.process_number for row in found] == list(range(1, 10))
    assert all(row.department_id for row in found)


def test_nothing_is_found_wrong_with_its_routing(actor: Actor) -> None:
    assert routing_queries.findings(actor) == []


def test_loading_again_changes_nothing(lines: list[str], settings_of_test: Settings) -> None:
    before = AuditEntry.objects.count(), User.objects.count(), Membership.objects.count()
    version = channel_queries.current_node_version()
    assert example.load_example(settings_of_test) == lines
    assert (AuditEntry.objects.count(), User.objects.count(), Membership.objects.count()) == before
    assert channel_queries.current_node_version() == version


def test_what_an_administrator_changed_is_left_alone(
    lines: list[str], actor: Actor, settings_of_test: Settings
) -> None:
    from hotline.domains.routing.actions import queues

    queue = routing_queries.queue_records.page(actor, ListFilter(q="repair"))[0][0]
    queues.change(actor, queue.id, queue.version, {"wrap_up_s": 99})
    example.load_example(settings_of_test)
    assert routing_queries.queue_records.one(actor, queue.id).wrap_up_s == 99


def test_every_queue_has_agents_who_can_take_it(lines: list[str], actor: Actor) -> None:
    assert routing_queries.findings(actor) == []


def test_every_number_runs_a_flow_that_ends_in_a_queue_of_the_tenant(lines: list[str]) -> None:
    told: NodeConfiguration = channel_queries.current_node_configuration()
    flows = {flow.flow_id: read_flow(flow.definition) for flow in told.flows}
    assert {point.address for point in told.entry_points} == {"962740", "962749"}
    for point in told.entry_points:
        queues = {step.queue_id for step in flows[point.flow_id].steps.values() if hasattr(step, "queue_id")}
        assert queues <= set(told.queue_names)
        assert point.fallback_queue_id in queues


def test_chats_web_forms_and_text_messages_come_to_agents_who_take_them(lines: list[str], actor: Actor) -> None:
    from hotline.domains.channels.queries import public_entry_point

    configuration = routing_queries.current_configuration()
    queues = {queue.queue_id: queue for queue in configuration.queues}
    for channel, address in (("chat", "shibei-chat"), ("form", "shibei-form"), ("sms", "106900962740")):
        point = public_entry_point(channel, address)
        assert point is not None
        needed = queues[str(point.queue_id)].skills
        able = [
            agent
            for agent in configuration.agents
            if dict(agent.capacity).get(channel, 0)
            and all(dict(agent.skills).get(s, 0) >= level for s, level in needed)
        ]
        assert len(able) >= 3, channel
    assert "/chat/shibei-chat, /form/shibei-form" in "\n".join(lines)


def test_real_and_simulated_work_never_meet(lines: list[str], actor: Actor) -> None:
    configuration = routing_queries.current_configuration()
    simulated = {agent.agent_id for agent in configuration.agents if agent.device == "simulated"}
    for queue in configuration.queues:
        able = {
            agent.agent_id
            for agent in configuration.agents
            if all(dict(agent.skills).get(skill, 0) >= level for skill, level in queue.skills)
        }
        assert able <= simulated if queue.name_en.startswith("Simulated") else not able & simulated


def test_printed_password_opens_the_printed_log_ins(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert PASSWORD in text
    assert "962740" in text
    assert all(user.check_password(PASSWORD) for user in User.objects.filter(username__in=["admin", "agent01"]))
    assert people_queries.agent_for_sign_in(User.objects.get(username="agent01").pk) is not None


def test_password_is_random_kept_and_the_same_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOTLINE_EXAMPLE_PASSWORD", raising=False)
    settings = Settings(data_dir=tmp_path)
    first = example.load_example(settings)
    assert example.load_example(settings) == first
    kept = tmp_path / "secrets" / "example-password"
    assert os.stat(kept).st_mode & 0o077 == 0
    assert kept.read_text().strip() in first[-1]
    assert User.objects.get(username="admin").check_password(kept.read_text().strip())


def test_new_password_in_the_environment_replaces_the_old_one(
    lines: list[str], settings_of_test: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_EXAMPLE_PASSWORD", "another-long-one")
    assert "another-long-one" in example.load_example(settings_of_test)[-1]
    assert User.objects.get(username="admin").check_password("another-long-one")


def test_short_password_is_refused_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_EXAMPLE_PASSWORD", "short")
    with pytest.raises(example.ExamplePasswordError):
        example.load_example(Settings(data_dir=tmp_path))
    assert not Tenant.objects.filter(code="shibei").exists()


def test_missing_scenario_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(example.ScenarioMissingError, match=r"nothing\.json"):
        example.read_scenario(tmp_path / "nothing.json")


def test_scenario_names_each_person_customer_and_number_once() -> None:
    scenario: dict[str, Any] = example.read_scenario(example.SCENARIO)
    assert len(scenario["customers"]) >= 40
    phones = [phone["number"] for customer in scenario["customers"] for phone in customer["phones"]]
    for values in (
        [row["username"] for row in scenario["staff"]],
        [row["number"] for row in scenario["agents"]],
        [row["number"] for row in scenario["customers"]],
        phones,
    ):
        assert len(values) == len(set(values))
    assert all(phone.startswith("1390000") for phone in phones)


def test_office_hours_of_2026_follow_the_state_councils_calendar() -> None:
    """Holidays and make-up workdays of 2026 as the General Office of the State Council published them.

    Checked day by day against the package chinesecalendar 1.11.0, which carries that notice."""
    holidays = [("01-01", 3), ("02-15", 9), ("04-04", 3), ("05-01", 5), ("06-19", 3), ("09-25", 3), ("10-01", 7)]
    closed = [date.fromisoformat(f"2026-{first}") + timedelta(days=n) for first, days in holidays for n in range(days)]
    worked = [date.fromisoformat(f"2026-{day}") for day in ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")]
    (office,) = [one for one in example.read_scenario(example.SCENARIO)["calendars"] if one["code"] == "office"]
    told: dict[str, list[date]] = {"holiday": [], "workday": []}
    for exception in office["exceptions"]:
        told[exception["kind"]].append(date.fromisoformat(exception["day"]))
        assert bool(exception["hours"]) == (exception["kind"] == "workday")
    assert (sorted(told["holiday"]), sorted(told["workday"])) == (closed, worked)
    assert all(day.weekday() >= 5 for day in worked)


def test_first_roster_is_solved_and_published_once(settings_of_test: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from hotline.domains.workforce import example_roster
    from hotline.domains.workforce.models import Roster, RosterShift
    from tests.factories.planning import played

    asked: list[dict[str, Any]] = []
    enqueue = example_roster.jobs.enqueue

    def noted(name: str, payload: dict[str, Any], **others: Any) -> None:
        asked.append(payload) if name == example_roster.JOB else enqueue(name, payload, **others)

    monkeypatch.setattr(example_roster.jobs, "enqueue", noted)
    monkeypatch.setattr(example_roster, "WEEKS", 1)
    example.load_example(settings_of_test, with_roster=True)
    (payload,) = asked
    tenant = Tenant.objects.get(code="shibei")
    example_roster.make(payload)
    with tenant_scope(tenant.pk):
        roster = Roster.objects.get()
        assert (roster.state, roster.run is not None) == ("draft", True)
        played(tenant, as_uuid(roster.run_id))
    example_roster.make(payload)
    with tenant_scope(tenant.pk):
        assert Roster.objects.get().state == "published"
        assert RosterShift.objects.filter(roster=roster).count() > 60
    example_roster.make(payload)
    example.load_example(settings_of_test, with_roster=True)
    assert len(asked) == 2  # the second one is the look at the run
    with tenant_scope(tenant.pk):
        assert Roster.objects.count() == 1
