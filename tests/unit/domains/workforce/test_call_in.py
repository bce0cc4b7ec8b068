"""Somebody is missing: only lawful and able people are proposed, in order; the first yes is in the roster."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from hotline.domains.people import actions as people
from hotline.domains.workforce import call_in, day_errors, day_schemas, request_queries
from hotline.domains.workforce.models import Roster, RosterShift, ShiftKind, ShiftRequest, SkillBorrowing
from hotline.domains.workforce.request_errors import AnswerNotYoursError
from hotline.domains.workforce.rule_errors import ClosedHoursRuleError, HeldRuleError, RestRuleError
from hotline.foundation.access import actor_of
from hotline.foundation.actors import Actor
from hotline.foundation.errors import ForbiddenError, NotFoundError, StaleVersionError
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.day import make_roster, make_shift, make_shift_kind, wall
from tests.factories.foundation import make_actor, make_tenant, make_user
from tests.factories.setup import administrator_of, make_agent, make_skill
from tests.unit.domains.workforce.test_rotations import approved, make_rotation

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 4)  # a Wednesday


class Centre:
    """A tenant with one skill, a published week and somebody whose shift of Wednesday has to be taken."""

    def __init__(self) -> None:
        self.tenant: Tenant = make_tenant(time_zone="Asia/Shanghai")
        self.leader: Actor = make_actor(self.tenant, "team_leader")
        self.skill = make_skill(self.tenant)
        self.roster: Roster = make_roster(self.tenant, DAY)
        self.kind: ShiftKind = make_shift_kind(self.tenant)
        self.missing = self.person()
        self.shift = self.works(self.missing, DAY)
        self.seven = wall(self.tenant, DAY, 7 * 60)

    def person(self, **values: object) -> UUID:
        return make_agent(self.tenant, skills={self.skill: 5}, **values)

    def member(self) -> tuple[UUID, Actor]:
        user = make_user(tenant=self.tenant, role="agent")
        return self.person(user_id=user.pk), actor_of(user)

    def works(
        self, agent: UUID, day: date, begin: int = 480, end: int = 960, kind: ShiftKind | None = None
    ) -> RosterShift:
        return make_shift(self.roster, agent, day, kind or self.kind, pieces=[[begin, end]], breaks=[])

    def proposals(self, now: datetime | None = None) -> day_schemas.ReplacementsOut:
        return call_in.replacements(self.leader, self.shift.pk, now or self.seven)

    def proposed(self) -> list[UUID]:
        return [one.agent_id for one in self.proposals().people]

    def ask(self, *agents: UUID) -> list[UUID]:
        return call_in.ask(self.leader, self.shift.pk, agents, self.seven)

    def request(self, request_id: UUID) -> ShiftRequest:
        with tenant_scope(self.tenant.pk):
            return ShiftRequest.objects.get(pk=request_id)


@pytest.fixture
def centre() -> Centre:
    return Centre()


def test_whoever_is_on_call_comes_first_and_then_who_works_the_least(centre: Centre) -> None:
    idle, busy, on_call = centre.person(), centre.person(), centre.person()
    centre.works(busy, DAY + timedelta(days=2))
    duty = make_shift_kind(centre.tenant, is_on_call=True)
    for day in (0, 1):
        centre.works(on_call, DAY + timedelta(days=day), kind=duty)
    assert centre.proposed() == [on_call, idle, busy]
    first = centre.proposals().people[0]
    assert (first.is_on_call, first.is_longer, first.week_hours) == (True, False, 15.0)


def test_only_the_rest_of_the_shift_is_sought(centre: Centre) -> None:
    found = centre.proposals(wall(centre.tenant, DAY, 10 * 60 + 7))
    assert (found.begins_at, found.ends_at) == (wall(centre.tenant, DAY, 615), wall(centre.tenant, DAY, 960))
    with pytest.raises(day_errors.ShiftOverError):
        centre.proposals(wall(centre.tenant, DAY, 15 * 60 + 50))


def test_nobody_without_the_skill_is_proposed_unless_skills_are_borrowed(centre: Centre) -> None:
    other_skill = make_skill(centre.tenant)
    other = make_agent(centre.tenant, skills={other_skill: 5})
    assert centre.proposed() == []
    with pytest.raises(day_errors.SkillMissingError):
        centre.ask(other)
    with tenant_scope(centre.tenant.pk):
        SkillBorrowing.objects.create(tenant=centre.tenant, lender_id=other_skill, borrower_id=centre.skill)
    assert centre.proposed() == [other]


def test_a_rotation_a_hold_and_the_rest_bar_people_from_emergencies_too(centre: Centre) -> None:
    """JS-22: no evening and no night work, also in a call-in."""
    late = centre.works(centre.missing, DAY + timedelta(days=1), 1080, 1440)
    centre.shift = late
    hopeful_user = make_user(tenant=centre.tenant, role="agent")
    hopeful = centre.person(user_id=hopeful_user.pk)
    planner = make_actor(centre.tenant, "planner")
    approved(centre.tenant, planner, actor_of(hopeful_user), make_rotation(centre.tenant))
    held = centre.person()
    people.place_hold(administrator_of(centre.tenant), held, "suspension", {"zh": "停职", "en": "Suspended"})
    tired = centre.person()
    centre.works(tired, DAY + timedelta(days=2), 360, 720)
    free = centre.person()
    found = centre.proposals()
    assert [one.agent_id for one in found.people] == [free]
    assert found.barred == {"held": 1, "rest": 1, "rotation_closed_hours": 1}
    for agent, error in ((hopeful, ClosedHoursRuleError), (held, HeldRuleError), (tired, RestRuleError)):
        with pytest.raises(error):
            centre.ask(free, agent)
    with tenant_scope(centre.tenant.pk):
        assert not ShiftRequest.objects.exists()


def test_who_works_at_another_time_is_not_free_and_a_neighbouring_shift_becomes_longer(centre: Centre) -> None:
    far, near = centre.person(), centre.person()
    centre.works(far, DAY, 1200, 1440)
    centre.works(near, DAY, 240, 480)
    (one,) = centre.proposals().people
    assert (one.agent_id, one.is_longer) == (near, True)
    with pytest.raises(day_errors.NotFreeError):
        centre.ask(far)


def test_the_first_who_says_yes_has_the_shift_and_the_others_requests_expire(centre: Centre) -> None:
    (ann, as_ann), (bob, as_bob) = centre.member(), centre.member()
    to_ann, to_bob = centre.ask(ann, bob)
    assert [one.asked for one in centre.proposals().people] == ["open", "open"]
    shift_id = call_in.accept(as_bob, to_bob, 1, centre.seven)
    assert (centre.request(to_bob).state, centre.request(to_ann).state) == ("done", "expired")
    with tenant_scope(centre.tenant.pk):
        shift = RosterShift.objects.get(pk=shift_id)
        assert Roster.objects.get(pk=centre.roster.pk).version == centre.roster.version + 1
    assert (shift.agent_id, shift.source, shift.pieces) == (bob, "call_in", [[480, 960]])
    with pytest.raises(day_errors.RequestAnsweredError):
        call_in.accept(as_ann, to_ann, 2, centre.seven)
    deeds = AuditEntry.objects.filter(action__startswith="shift_request.").order_by("id")
    assert [line.action.split(".")[1] for line in deeds] == ["asked", "asked", "done", "expired"]


def test_working_longer_is_overtime_in_one_shift(centre: Centre) -> None:
    ann, as_ann = centre.member()
    own = centre.works(ann, DAY, 240, 480)
    (request,) = centre.ask(ann)
    assert centre.request(request).kind == "call_in"
    assert call_in.accept(as_ann, request, 1, centre.seven) == own.pk
    with tenant_scope(centre.tenant.pk):
        own.refresh_from_db()
    assert (own.pieces, own.source, own.paid_min, own.version) == ([[240, 960]], "overtime", 660, 2)


def test_a_yes_is_judged_once_more(centre: Centre) -> None:
    ann, as_ann = centre.member()
    (request,) = centre.ask(ann)
    people.place_hold(administrator_of(centre.tenant), ann, "suspension", {"zh": "停职", "en": "Suspended"})
    with pytest.raises(HeldRuleError):
        call_in.accept(as_ann, request, 1, centre.seven)
    assert centre.request(request).state == "open"


def test_a_no_is_kept_and_the_person_may_be_asked_again(centre: Centre) -> None:
    ann, as_ann = centre.member()
    (request,) = centre.ask(ann)
    with pytest.raises(day_errors.ReplacementAskedError):
        centre.ask(ann)
    call_in.refuse(as_ann, request, 1)
    assert centre.proposals().people[0].asked == "refused"
    assert len(centre.ask(ann)) == 1


def test_who_is_asked_sees_it_among_their_own_requests_and_answers_there(centre: Centre) -> None:
    ann, as_ann = centre.member()
    (request_id,) = centre.ask(ann)
    (seen,) = request_queries.own_requests(as_ann)
    assert (seen.id, seen.kind, seen.may) == (request_id, "call_in", ["accept", "refuse"])
    assert seen.shift is not None
    assert seen.shift.starts_at == wall(centre.tenant, DAY, 480)
    call_in.answer(as_ann, request_id, 1, "refuse", "I am abroad")
    assert centre.request(request_id).answer_text == "I am abroad"
    with pytest.raises(AnswerNotYoursError):
        call_in.answer(as_ann, request_id, 2, "withdraw")


def test_nobody_answers_for_another_and_no_other_tenant_asks(centre: Centre) -> None:
    ann, as_ann = centre.member()
    _, as_bob = centre.member()
    (request,) = centre.ask(ann)
    with pytest.raises(NotFoundError):
        call_in.accept(as_bob, request, 1, centre.seven)
    with pytest.raises(StaleVersionError):
        call_in.accept(as_ann, request, 4, centre.seven)
    stranger = make_actor(make_tenant(), "planner")
    with pytest.raises(NotFoundError):
        call_in.replacements(stranger, centre.shift.pk, centre.seven)
    with pytest.raises(NotFoundError):
        call_in.ask(stranger, centre.shift.pk, [ann], centre.seven)
    with pytest.raises(ForbiddenError):
        call_in.ask(as_ann, centre.shift.pk, [ann], centre.seven)


def test_a_draft_is_no_shift_to_be_called_in_for(centre: Centre) -> None:
    draft = make_roster(centre.tenant, DAY + timedelta(days=7), "draft")
    shift = make_shift(draft, centre.missing, DAY + timedelta(days=7), centre.kind)
    with pytest.raises(day_errors.ShiftNotPublishedError):
        call_in.replacements(centre.leader, shift.pk, centre.seven)
