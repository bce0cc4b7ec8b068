"""Notices to agents: who is told of what, once, and nobody else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hotline.domains.workforce import notices, requests, roster_cells, rosters
from hotline.domains.workforce.models import RosterNotice, ShiftRequest
from hotline.domains.workforce.request_errors import NoRosterOfYoursError
from hotline.foundation.actors import Actor
from hotline.foundation.errors import ForbiddenError
from hotline.foundation.tenancy import tenant_scope
from hotline.foundation.text import LANGUAGES, catalogue
from tests.factories.foundation import make_actor
from tests.unit.domains.workforce.test_requests import House, day, new_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return new_house()


def told(agent: Actor) -> list[tuple[str, str]]:
    """Kind of notice and of request, the oldest first."""
    return [(one.kind, one.request_kind) for one in reversed(notices.own(agent).notices)]


def test_swap_tells_whoever_is_asked_and_both_when_it_is_done(house: House) -> None:
    asked = house.swap()
    assert (told(house.one), told(house.other)) == ([], [("asked", "swap")])
    requests.answer(house.other, asked, 1, "accept")
    assert told(house.one) == []
    requests.decide(house.planner, asked, 2, "approve", "")
    assert told(house.one) == [("done", "swap")]
    assert told(house.other) == [("asked", "swap"), ("done", "swap")]


def test_refused_is_told_to_who_asked_and_withdrawn_to_nobody(house: House) -> None:
    requests.answer(house.other, house.swap(), 1, "refuse", "已有安排")
    assert told(house.one) == [("refused", "swap")]
    again = house.swap()
    requests.answer(house.one, again, 1, "withdraw")
    assert told(house.one) == [("refused", "swap")]


def test_edit_of_a_published_roster_tells_whose_shifts_it_changes(house: House) -> None:
    taken = roster_cells.Edit(agent_id=house.one_id, day=day(0), shift_kind_id=None)
    rosters.edit(house.planner, house.roster.pk, house.roster.version, [taken])
    (one,) = notices.own(house.one).notices
    assert (one.kind, one.first_day, one.last_day, one.read_at) == ("changed", day(0), day(0), None)
    assert told(house.other) == []


def test_publication_tells_everybody_who_has_a_shift_once(house: House) -> None:
    wanted = rosters.NewRoster(name="next", first_day=day(0), last_day=day(27), copy_of=house.roster.pk)
    copy = rosters.create(house.planner, wanted)
    assert told(house.one) == []
    rosters.publish(house.planner, copy, 1)
    assert (told(house.one), told(house.other)) == ([("published", "")], [("published", "")])


def test_read_is_read_up_to_a_notice_and_own_ones_only(house: House) -> None:
    house.swap()
    found = notices.own(house.other)
    assert found.unread == 1
    notices.read(house.one, found.notices[0].id)  # somebody else's: nothing happens
    assert notices.own(house.other).unread == 1
    notices.read(house.other, found.notices[0].id)
    after = notices.own(house.other)
    assert (after.unread, len(after.notices)) == (0, 1)


def test_another_tenant_reads_nothing_and_a_planner_has_none(house: House) -> None:
    house.swap()
    stranger = new_house()
    assert told(stranger.other) == []
    with pytest.raises((NoRosterOfYoursError, ForbiddenError)):
        notices.own(make_actor(house.tenant, "planner"))


def test_old_notices_are_forgotten(house: House) -> None:
    house.swap()
    now = timezone.now()
    assert notices.forget_old(now, limit=10) == 0
    assert notices.forget_old(now + notices.KEPT + timedelta(minutes=1), limit=10) == 1
    with tenant_scope(house.tenant.pk):
        assert not RosterNotice.objects.exists()


@pytest.mark.parametrize("kind", ShiftRequest.Kind.values)
def test_every_kind_of_request_has_its_words_in_messages(kind: str) -> None:
    for language in LANGUAGES:
        words = catalogue(language)
        assert words[f"message.roster.request.{kind}"]
        is_asked_of_somebody = kind not in {ShiftRequest.Kind.BID, ShiftRequest.Kind.LEAVE}
        assert (f"message.roster.asked_{kind}.text" in words) is is_asked_of_somebody
