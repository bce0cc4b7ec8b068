"""Shift kinds, labour rules, contracts, borrowing and settings: what is refused, and behind the tenant wall."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from hotline.domains.setup_records import TakenError, UnknownReferenceError
from hotline.domains.setup_routes import ListFilter
from hotline.domains.workforce import errors as rotation_errors
from hotline.domains.workforce import planned_people, work_rules
from hotline.domains.workforce import work_rule_errors as errors
from hotline.foundation.errors import ForbiddenError, NotFoundError
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.errors import HotlineError
from tests.factories.foundation import client_of, make_actor, make_tenant, make_user
from tests.factories.setup import administrator_of, make_agent, make_calendar, make_queue, make_skill

pytestmark = pytest.mark.django_db
MEAL = {"length_min": 30, "earliest_min": 180, "latest_min": 300, "is_paid": False}
NAME = {"zh": "班", "en": "Shift"}


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water", time_zone="Asia/Shanghai")


@pytest.fixture
def gas() -> Tenant:
    return make_tenant("gas", time_zone="Asia/Shanghai")


def make_kind(tenant: Tenant, **values: Any) -> UUID:
    whole: Any = {"code": "day", "name": NAME, "short": "D8", "pieces": [(0, 510)], "starts": ["08:00"], **values}
    return work_rules.shift_kinds.create(administrator_of(tenant), whole)


def make_rules(tenant: Tenant, **values: Any) -> UUID:
    return work_rules.labour_rules.create(administrator_of(tenant), {"code": "law", "name": NAME, **values})


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"pieces": []}, errors.ShiftPiecesError),
        ({"pieces": [(30, 240)]}, errors.ShiftPiecesError),
        ({"pieces": [(0, 240), (200, 240)]}, errors.ShiftPiecesError),
        ({"pieces": [(0, 240), (1300, 240)]}, errors.ShiftTooLongError),
        ({"pieces": [(0, 242)]}, errors.ShiftGridError),
        ({"starts": ["08:03"]}, errors.ShiftGridError),
        ({"starts": ["24:00"]}, errors.ShiftGridError),
        ({"starts": ["8 o'clock"]}, rotation_errors.TimeOfDayError),
        ({"starts": []}, errors.ShiftStartsError),
        ({"starts_every_min": 30}, errors.ShiftStartsError),
        ({"starts": [], "starts_every_min": 35}, errors.ShiftGridError),
        ({"breaks": [{**MEAL, "latest_min": 490}]}, errors.ShiftBreakError),
        ({"breaks": [{**MEAL, "latest_min": 100}]}, errors.ShiftBreakError),
        ({"breaks": [{**MEAL, "length_min": 33}]}, errors.ShiftGridError),
        ({"breaks": [MEAL, {**MEAL, "earliest_min": 240}]}, errors.ShiftBreakError),
        ({"pieces": [(0, 240), (480, 240)], "breaks": [{**MEAL, "latest_min": 480}]}, errors.ShiftBreakError),
        ({"paid_min": 0}, errors.PaidTimeError),
        ({"is_on_call": True}, errors.OnCallSkillsError),
        ({"skill_ids": [UUID(int=7)]}, UnknownReferenceError),
    ],
)
def test_shift_kind_that_cannot_be_worked_is_refused(
    water: Tenant, values: dict[str, Any], refused: type[HotlineError]
) -> None:
    with pytest.raises(refused):
        make_kind(water, **values)
    assert work_rules.shift_kind_records.page(administrator_of(water), ListFilter()) == ([], None)


def test_second_default_is_refused_until_the_first_has_lost_its_mark(water: Tenant) -> None:
    first = make_rules(water, is_default=True)
    with pytest.raises(errors.DefaultRulesError, match="law"):
        make_rules(water, code="other", is_default=True)
    work_rules.labour_rules.change(administrator_of(water), first, 1, {"is_default": False})
    make_rules(water, code="other", is_default=True)


def test_usual_week_must_fit_into_the_longest(water: Tenant) -> None:
    with pytest.raises(errors.LimitsContradictError):
        make_rules(water, week_min=2400, most_week_min=2000)
    law = make_rules(water, week_min=1200, most_week_min=2000)
    with pytest.raises(errors.LimitsContradictError):
        contract(water, law, make_agent(water), week_min=2100)


def contract(tenant: Tenant, law: UUID, agent: UUID, **values: Any) -> UUID:
    return work_rules.contracts.create(administrator_of(tenant), {"agent_id": agent, "labour_rules_id": law, **values})


def test_contract_names_own_kinds_rules_and_people_once(water: Tenant, gas: Tenant) -> None:
    law, agent = make_rules(water), make_agent(water)
    with pytest.raises(UnknownReferenceError):
        contract(water, make_rules(gas), agent)
    with pytest.raises(UnknownReferenceError):
        contract(water, law, agent, shift_kind_ids=[make_kind(gas)])
    with pytest.raises(rotation_errors.DatesBackwardsError):
        contract(water, law, agent, employed_from=date(2026, 2, 1), employed_to=date(2026, 1, 1))
    made = contract(water, law, agent, shift_kind_ids=[make_kind(water)])
    with pytest.raises(TakenError):
        contract(water, law, agent)
    found = work_rules.contract_records.one(administrator_of(water), made)
    assert (found.agent_id, len(found.shift_kind_ids)) == (agent, 1)


def test_skill_is_not_lent_to_itself_nor_twice(water: Tenant) -> None:
    lender, borrower = make_skill(water), make_skill(water)
    pair = {"lender_id": lender, "borrower_id": borrower}
    with pytest.raises(errors.BorrowsFromItselfError):
        work_rules.skill_borrowings.create(administrator_of(water), {"lender_id": lender, "borrower_id": lender})
    work_rules.skill_borrowings.create(administrator_of(water), pair)
    with pytest.raises(TakenError):
        work_rules.skill_borrowings.create(administrator_of(water), pair)


def test_settings_are_there_at_the_first_look_and_once_only(water: Tenant) -> None:
    admin = administrator_of(water)
    (first,), _ = work_rules.settings_records.page(admin, ListFilter())
    (again,), _ = work_rules.settings_records.page(admin, ListFilter())
    assert (first, first.night_from, first.not_rostered) == (again, "22:00", "allow")
    assert AuditEntry.objects.filter(action="workforce_settings.created").count() == 1
    with tenant_scope(water.pk):
        assert planned_people.settings_of(water.pk).pk == first.id


def test_settings_refuse_shares_of_everything_and_foreign_calendars(water: Tenant, gas: Tenant) -> None:
    admin = administrator_of(water)
    (made,), _ = work_rules.settings_records.page(admin, ListFilter())
    queue, calendar = make_queue(water, skills={make_skill(water): 1}), make_calendar(water)

    def change(**values: Any) -> None:
        work_rules.workforce_settings.change(admin, made.id, 1, values)

    with pytest.raises(errors.ShrinkageError):
        change(shrinkage={"leave": 6000, "sick": 4000})
    with pytest.raises(rotation_errors.TimeOfDayError):
        change(night_from="06:00", night_to="06:00")
    with pytest.raises(UnknownReferenceError):
        change(queue_calendars={queue: make_calendar(gas)})
    change(queue_calendars={queue: calendar}, shrinkage={"leave": 600, "sick": 0})
    found = work_rules.settings_records.one(admin, made.id)
    assert (found.queue_calendars, found.shrinkage.leave) == ({queue: calendar}, 600)


def test_planner_reads_the_kinds_in_use_and_nobody_elses(water: Tenant, gas: Tenant) -> None:
    make_kind(water)
    make_kind(water, code="old", is_active=False)
    kept = make_kind(gas)
    planner = make_actor(water, "planner")
    assert [kind.code for kind in work_rules.active_shift_kinds(planner)] == ["day"]
    assert work_rules.labour_rules_in_use(planner) == []
    with pytest.raises(NotFoundError):
        work_rules.shift_kind_records.one(administrator_of(water), kept)
    with pytest.raises(ForbiddenError):
        work_rules.active_shift_kinds(make_actor(water, "agent"))


def test_over_http_a_planner_reads_and_an_administrator_writes(water: Tenant) -> None:
    body = {"code": "day", "name": NAME, "short": "D8", "pieces": [[0, 510]], "starts": ["08:00"], "breaks": [MEAL]}
    planner = client_of(make_user(tenant=water, role="planner"))
    administrator = client_of(make_user(tenant=water, role="administrator"))
    path, json = "/api/v1/admin/shift-kinds", "application/json"
    assert planner.post(path, body, content_type=json).status_code == 403
    made = administrator.post(path, body, content_type=json)
    assert made.status_code == 201, made.content
    assert [kind["short"] for kind in planner.get("/api/v1/workforce/shift-kinds").json()] == ["D8"]
    assert administrator.get("/api/v1/admin/workforce-settings").json()["items"][0]["night_min"] == 180
