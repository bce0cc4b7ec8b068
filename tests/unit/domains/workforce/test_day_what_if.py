"""The rest of a day played with a change: more people raise the level, more calls lower it, within ten seconds."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.utils import timezone

from hotline.domains.contacts.models import QueueInterval
from hotline.domains.workforce import day_errors, day_what_if, planning_runs
from hotline.domains.workforce.day_plan import window_of
from hotline.domains.workforce.intraday_schemas import DayWhatIfIn
from hotline.domains.workforce.models import PlanningRun
from hotline.foundation.errors import ForbiddenError, NotFoundError
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.live.planning import day_playing
from hotline.live.player_process import Worker
from tests.factories.day import make_roster, make_shift, make_shift_kind
from tests.factories.foundation import make_actor, make_tenant
from tests.factories.setup import make_agent, make_queue, make_skill

pytestmark = pytest.mark.django_db


class Quiet(Worker):
    """A worker that keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[dict[str, Any]] = []

    def tell(self, **news: Any) -> None:
        self.told.append(news)


class Centre:
    """Somebody always asks (10 erlangs), twelve people are rostered around the clock; it is 8:00 where the test is."""

    def __init__(self, people: int = 12) -> None:
        self.tenant: Tenant = make_tenant(time_zone="UTC")
        self.planner = make_actor(self.tenant, "planner")
        self.skill = make_skill(self.tenant)
        self.queue = make_queue(self.tenant, skills={self.skill: 1}, service_level_s=20)
        self.now: datetime = timezone.now()
        self.day = self.now.date()
        with tenant_scope(self.tenant.pk):
            last_week, today = (window_of(self.tenant.pk, self.day - timedelta(days=n)).begins for n in (7, 0))
            QueueInterval.objects.bulk_create(
                QueueInterval(
                    tenant=self.tenant,
                    queue_id=self.queue,
                    starts_at=begins + timedelta(minutes=15 * at),
                    asked=50,
                    interactions=50,
                    talk_ms=50 * 180_000,
                )
                for begins, quarters in ((last_week, 96), (today, 32))
                for at in range(quarters)
            )
        roster, kind = make_roster(self.tenant, self.day), make_shift_kind(self.tenant)
        for _ in range(people):
            agent = make_agent(self.tenant, skills={self.skill: 5})
            make_shift(roster, agent, self.day, kind, pieces=[[0, 1440]], breaks=[])

    def played(self, **change: Any) -> dict[str, Any]:
        asked = DayWhatIfIn(**change).model_dump(mode="json", exclude={"tenant_id"})
        with tenant_scope(self.tenant.pk):
            prepared = day_what_if.prepare(self.tenant.pk, asked)
        question = msgspec.convert(msgspec.json.decode(msgspec.json.encode(prepared)), day_playing.DayQuestion)
        return day_playing.answer(question, Quiet())


@pytest.fixture(autouse=True)
def _not_at_the_end_of_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    morning = timezone.now().replace(hour=8, minute=2, second=0, microsecond=0)
    monkeypatch.setattr(timezone, "now", lambda: morning)


def figure(answer: dict[str, Any], metric: str, queue: UUID | None = None) -> dict[str, Any]:
    wanted = None if queue is None else str(queue)
    found: dict[str, Any] = next(
        one for one in answer["figures"] if (one["queue_id"], one["metric"]) == (wanted, metric)
    )
    return found


@pytest.mark.computes
@pytest.mark.parametrize(
    ("change", "is_better"),
    [({"people": 3}, True), ({"people": -2}, False), ({"calls_percent": 20}, False), ({"handle_percent": -20}, True)],
)
def test_a_change_has_the_effect_that_it_must_have(change: dict[str, int], is_better: bool) -> None:
    centre = Centre()
    level = figure(centre.played(**change), "service_level", centre.queue)
    assert (level["after"] > level["before"]) is is_better
    assert (level["low"] > 0) is is_better
    assert (level["high"] < 0) is not is_better


@pytest.mark.computes
def test_without_a_change_nothing_differs() -> None:
    level = figure(Centre().played(), "service_level")
    assert (level["before"], level["low"], level["high"]) == (level["after"], 0, 0)


def test_a_run_is_asked_and_belongs_to_its_tenant() -> None:
    centre = Centre()
    run_id = day_what_if.ask(centre.planner, DayWhatIfIn(people=2, queue_id=centre.queue))
    with tenant_scope(centre.tenant.pk):
        run = PlanningRun.objects.get(pk=run_id)
    assert (run.kind, run.state) == ("what_if", "waiting")
    with pytest.raises(NotFoundError):
        planning_runs.one(make_actor(make_tenant(), "planner"), run_id)
    with pytest.raises(ForbiddenError):
        day_what_if.ask(make_actor(centre.tenant, "team_leader"), DayWhatIfIn(people=2))


def test_without_anything_expected_or_anybody_rostered_there_is_nothing_to_play() -> None:
    with pytest.raises(day_errors.NoExpectationError):
        day_what_if.ask(make_actor(make_tenant(), "planner"), DayWhatIfIn(people=2))
    with pytest.raises(day_errors.NobodyRosteredError):
        Centre(people=0).played(people=2)
