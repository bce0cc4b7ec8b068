"""Breaks by the law: so much work asks for so much break, on a roster, in the solver's question and beside a shift."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hotline.domains.staff_messages import wording
from hotline.domains.workforce import notices, request_queries, roster_checks, roster_question, rule_errors
from hotline.domains.workforce.break_rule import Step, break_minutes, lacking, owed
from hotline.domains.workforce.further_breaks import Further, breaks_due
from hotline.domains.workforce.judging import Horizon, Limits, Person, Work, judge
from hotline.domains.workforce.models import Contract, LabourRules, RosterNotice, RosterShift
from hotline.domains.workforce.notice_messages import _message
from hotline.domains.workforce.planned_people import horizon, planned_people
from hotline.domains.workforce.rule_errors import rule_error
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import client_of, make_user
from tests.factories.rosters import make_shift_kind
from tests.unit.domains.workforce.test_further_breaks import DAY, House

SIX = Step(360, 30)
NINE = Step(540, 45)
STEPS = (SIX, NINE)  # ArbZG §4: more than six hours 30 minutes, more than nine hours 45 minutes
OF_RULES = [
    {"after_min": 360, "break_min": 30, "is_paid": False},
    {"after_min": 540, "break_min": 45, "is_paid": False},
]
Span = tuple[int, int]


@pytest.mark.parametrize(
    ("work_min", "step"), [(0, None), (360, None), (361, SIX), (540, SIX), (541, NINE), (1440, NINE)]
)
def test_a_step_holds_for_more_work_than_its_hours(work_min: int, step: Step | None) -> None:
    assert owed(STEPS, work_min) == step
    assert owed(reversed(STEPS), work_min) == step


@pytest.mark.parametrize(
    ("pieces", "breaks", "minutes"),
    [
        ([(480, 960)], [], 0),
        ([(480, 960)], [(720, 750)], 30),
        ([(480, 720), (780, 960)], [], 60),  # apart: a break itself
        ([(780, 960), (480, 720)], [(840, 855)], 75),
    ],
)
def test_hours_apart_are_a_break_like_any_other(pieces: list[Span], breaks: list[Span], minutes: int) -> None:
    assert break_minutes(pieces, breaks) == minutes


@pytest.mark.parametrize(
    ("end", "break_min", "missing"),
    [
        (840, 0, 0),  # six hours
        (845, 0, 30),
        (990, 0, 30),
        (1050, 30, 0),  # nine hours of work within nine and a half
        (1055, 30, 15),
        (1055, 45, 0),
        (1055, 0, 45),
    ],
)
def test_what_is_missing_counts_work_between_the_breaks(end: int, break_min: int, missing: int) -> None:
    assert lacking(STEPS, [(480, end)], break_min)[0] == missing


@pytest.mark.parametrize(
    ("pieces", "breaks", "earliest", "due"),
    [
        ([(480, 1080)], [(720, 750)], -1000, [Further(905, 920, is_paid=False)]),  # in the middle of the longer part
        ([(480, 1080)], [(720, 750)], 1000, [Further(1030, 1045, is_paid=False)]),  # and never in the past
        ([(480, 1080)], [(720, 750)], 1070, []),  # no room is left
        ([(480, 1080)], [(720, 765)], -1000, []),
        ([(480, 960), (1080, 1200)], [], -1000, []),
    ],
)
def test_the_break_that_is_due_lies_within_the_longest_work_on_end(
    pieces: list[Span], breaks: list[Span], earliest: int, due: list[Further]
) -> None:
    assert breaks_due(pieces, breaks, STEPS, earliest) == due


def _judged(break_min: int | None, kind: str = "d8", end: int = 1080) -> list[str]:
    day = date(2026, 3, 2)
    limits = Limits(break_steps=STEPS, break_free_kinds=frozenset({"call"}))
    work = Work(day=day, pieces=((480, end),), paid_min=480, shift_kind_id=kind, break_min=break_min)
    days = Horizon(first=day, last=day, zone=ZoneInfo("Europe/Berlin"))
    found = judge(Person(agent_id="ann", limits=limits), [work], days)
    return [str(rule_error(breach, "Ann", day)) for breach in found]


def test_the_judge_says_which_break_is_missing() -> None:
    assert _judged(45) == []
    (said,) = _judged(30)
    assert said.startswith(
        "Ann would have 30 minutes of break on 2026-03-02, and 45 are the least after 9 hours of work"
    )
    assert _judged(None) == []
    assert _judged(0, "call") == []


def _house(**of_rules: Any) -> House:
    return House(break_steps=OF_RULES, **of_rules)


@pytest.mark.django_db
def test_a_roster_with_too_little_break_is_broken() -> None:
    house = _house()
    with tenant_scope(house.tenant.pk):
        RosterShift.objects.filter(agent_id=house.agent_id).update(breaks=[], paid_min=480)
    found = roster_checks.checks(house.planner, house.roster.pk, "en").breaches
    assert [one.rule for one in found if one.day == DAY] == ["breaks"]


@pytest.mark.django_db
def test_a_contract_has_the_breaks_of_its_own_rules() -> None:
    house = _house()
    with tenant_scope(house.tenant.pk):
        milder = LabourRules.objects.create(
            tenant=house.tenant, code="milder", name={"zh": "宽", "en": "Milder"}, break_steps=[]
        )
        Contract.objects.create(tenant=house.tenant, agent_id=house.agent_id, labour_rules=milder)
        days = horizon(house.tenant.pk, DAY, DAY)
        (person,) = planned_people(house.tenant.pk, days, house.roster.created_at, [str(house.agent_id)]).values()
    assert person.limits.break_steps == ()


@pytest.mark.django_db
def test_the_solver_is_not_given_a_kind_of_shift_with_too_little_break() -> None:
    """The kind of ten hours has an hour of breaks and stays; one without any goes."""
    house = _house()
    bare = make_shift_kind(house.tenant, pieces=[[0, 480]])
    assert [roster_question.lacks_break(STEPS, kind) for kind in (house.eight, house.ten, bare)] == [False, False, True]
    assert not roster_question.lacks_break((), bare)


@pytest.mark.django_db
def test_hours_beside_a_shift_bring_the_break_of_the_law_and_their_agent_reads_it_before_saying_yes() -> None:
    """Nine hours and a half of work: a quarter of an hour more, where the kind of ten hours has half an hour."""
    house = _house()
    house.offered()
    (offer,) = request_queries.own_requests(house.actor)
    (told,) = offer.further_breaks
    assert ((told.ends_at - told.starts_at).total_seconds() / 60, told.is_paid) == (15, False)
    (notice,) = notices.own(house.actor).notices
    assert notice.further_breaks == [told]
    house.accept()
    found = house.stored()
    assert (found.pieces, found.breaks) == ([[480, 1080]], [[720, 750], [905, 920]])
    assert (found.paid_min, found.overtime_min) == (555, 105)
    (done,) = request_queries.own_requests(house.actor)
    assert done.further_breaks == [told]


@pytest.mark.django_db
def test_a_paid_break_takes_nothing_from_the_hours() -> None:
    house = House(break_steps=[{**one, "is_paid": True} for one in OF_RULES])
    house.offered()
    (offer,) = request_queries.own_requests(house.actor)
    assert [one.is_paid for one in offer.further_breaks] == [True]
    house.accept()
    assert house.stored().overtime_min == 120


@pytest.mark.django_db
def test_without_a_rule_the_break_of_the_kind_of_shift_is_told() -> None:
    house = House()
    house.offered()
    (offer,) = request_queries.own_requests(house.actor)
    (told,) = offer.further_breaks
    assert ((told.ends_at - told.starts_at).total_seconds() / 60, told.is_paid) == (30, False)


@pytest.mark.django_db
def test_what_is_told_is_as_the_shift_is_now() -> None:
    house = _house()
    house.offered()
    with tenant_scope(house.tenant.pk):
        RosterShift.objects.filter(agent_id=house.agent_id).update(breaks=[[720, 765]])
    (offer,) = request_queries.own_requests(house.actor)
    assert offer.further_breaks == []
    assert len(request_queries.request(house.planner, offer.id).further_breaks) == 1  # as it was offered


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "part"), [("en", "a further break: 15 minutes from 15:05, unpaid"), ("zh", "15:05 起 15 分钟，不计薪")]
)
def test_the_message_about_the_offer_names_the_break(language: str, part: str) -> None:
    house = _house()
    house.offered()
    with tenant_scope(house.tenant.pk):
        message = _message(RosterNotice.objects.get(kind="asked"), None)
    assert part in wording.words(message.text_code, message.data, language, centre=house.tenant.name).text


@pytest.mark.django_db
def test_hours_with_no_room_for_the_break_are_not_offered() -> None:
    """Breaks that are there leave no work on end as long as the one that is due: the judge refuses the day."""
    house = _house()
    there = [[begin, begin + 5] for begin in range(540, 960, 60)]
    with tenant_scope(house.tenant.pk):
        RosterShift.objects.filter(agent_id=house.agent_id).update(breaks=there)
        LabourRules.objects.update(break_steps=[{"after_min": 480, "break_min": 240, "is_paid": False}])
    with pytest.raises(rule_errors.BreaksRuleError):
        house.offered()


@pytest.mark.django_db
def test_steps_are_kept_by_their_hours_and_each_asks_for_more_than_the_one_before() -> None:
    house = _house()
    client = client_of(make_user(tenant=house.tenant))
    address = "/api/v1/admin/labour-rules"
    (rules,) = client.get(address).json()["items"]
    assert rules["break_steps"] == OF_RULES
    path = f"{address}/{rules['id']}"
    change: dict[str, Any] = {"version": rules["version"], "break_steps": [OF_RULES[1], OF_RULES[0]]}
    changed = client.patch(path, change, content_type="application/json")
    assert (changed.status_code, changed.json()["break_steps"]) == (200, OF_RULES)
    change = {"version": changed.json()["version"], "break_steps": [OF_RULES[0], {**OF_RULES[1], "break_min": 30}]}
    refused = client.patch(path, change, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "workforce.break_steps")
    change["break_steps"] = [{**OF_RULES[0], "break_min": 7}]
    assert client.patch(path, change, content_type="application/json").json()["code"] == "request.invalid"
