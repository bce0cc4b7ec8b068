"""The projector: the same rows whatever the chunks, the cursor with the rows, no second reader, no foreign log."""

from typing import Any
from uuid import UUID

import pytest

from hotline.domains.contacts import projecting
from hotline.domains.contacts.errors import ProjectionOutOfStepError
from hotline.domains.contacts.models import (
    CallBackNeeded,
    Contact,
    Interaction,
    ProjectorCursor,
    QueueInterval,
    TimelineEvent,
)
from hotline.domains.contacts.projecting import Position, cursor_of
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.clock import to_datetime
from hotline.kernel.ids import new_id
from hotline.live import projector as projector_module
from hotline.live.projector import CursorBeyondLogError, Projector
from hotline.live.switch.log import RoutingLog
from hotline.messages.routing import RoutingEvent
from tests.factories.contacts import routing_log
from tests.factories.foundation import make_tenant
from tests.factories.routing_log import ASKED_MS, Road, agent_noise, answered_call

pytestmark = pytest.mark.django_db
MODELS = (Contact, Interaction, TimelineEvent, CallBackNeeded, QueueInterval)


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


def some_day(tenant: Tenant) -> list[list[RoutingEvent]]:
    """Batches of a log: answered, abandoned, failed and transferred contacts between events of agents."""
    queue_id = new_id()

    def road(asked_ms: int) -> Road:
        return Road(tenant_id=str(tenant.pk), queue_id=queue_id, asked_ms=asked_ms)

    answered = [answered_call(road(ASKED_MS + n * 400_000), wait_ms=5_000 + n * 3_000) for n in range(6)]
    lost, failed = road(ASKED_MS), road(ASKED_MS + 1_000)
    return [
        agent_noise(3),
        *answered,
        [lost.queued(), lost.ended("abandoned", 7_000, 7_000)],
        [],
        [failed.queued(), failed.ended("platform_failure", 30_000, 30_000)],
        agent_noise(7),
    ]


def run(log: RoutingLog, chunk: int = 500) -> Projector:
    made = Projector(log, "main", chunk)
    while made.step():
        pass
    return made


def everything(tenant: Tenant) -> list[list[dict[str, Any]]]:
    volatile = {"created_at", "updated_at"}
    found = []
    with tenant_scope(tenant.pk):
        for model in MODELS:
            made_here = {"id"} if model in (CallBackNeeded, QueueInterval) else set()
            names = [
                field.attname for field in model._meta.concrete_fields if field.attname not in volatile | made_here
            ]
            found.append(sorted(map(str, model.objects.values(*names))))
    return found


def forget(tenant: Tenant) -> None:
    with tenant_scope(tenant.pk):
        for model in reversed(MODELS):
            model.objects.all().delete()
    ProjectorCursor.objects.all().delete()


def test_chunks_of_one_and_of_five_hundred_and_a_replay_give_equal_rows(tenant: Tenant) -> None:
    log = routing_log(some_day(tenant))
    run(log)
    at_once = everything(tenant)
    assert all(at_once)
    ProjectorCursor.objects.all().delete()
    run(log)
    assert everything(tenant) == at_once
    for chunk in (1, 2, 7):
        forget(tenant)
        run(log, chunk)
        assert everything(tenant) == at_once, chunk


def test_the_cursor_passes_batches_without_contacts(tenant: Tenant) -> None:
    log = routing_log([agent_noise(2), []])
    assert run(log).position == Position(log.seq)
    assert cursor_of("main").position == Position(log.seq)


def test_a_large_batch_is_taken_in_pieces_and_gone_on_with_after_a_restart(tenant: Tenant) -> None:
    road = Road(tenant_id=str(tenant.pk))
    events = answered_call(road)
    log = routing_log([events])
    first = Projector(log, "main", chunk_events=3)
    pieces = first._chunks(log.read_after("main", 0, 10))
    first._project(*next(pieces))  # the process dies here, in the middle of the batch
    assert cursor_of("main").position == Position(1, 3)
    run(log)
    assert cursor_of("main").position == Position(log.seq)
    with tenant_scope(tenant.pk):
        contact, interval = Contact.objects.get(), QueueInterval.objects.get()
    assert (contact.outcome, contact.talk_ms) == ("handled", 60_000)
    assert (interval.asked, interval.answered, interval.interactions, interval.talk_ms) == (1, 1, 1, 60_000)


def test_figures_count_in_the_interval_of_asking(tenant: Tenant) -> None:
    queue_id = new_id()
    start_ms = ASKED_MS - ASKED_MS % 900_000
    late = Road(tenant_id=str(tenant.pk), queue_id=queue_id, asked_ms=start_ms + 899_000)
    soon = Road(tenant_id=str(tenant.pk), queue_id=queue_id, asked_ms=start_ms + 900_000)
    run(routing_log([answered_call(late, wait_ms=15_001), answered_call(soon, wait_ms=15_000)]))
    with tenant_scope(tenant.pk):
        rows = list(QueueInterval.objects.order_by("starts_at"))
    assert [row.starts_at for row in rows] == [to_datetime(start_ms), to_datetime(start_ms + 900_000)]
    assert [(row.asked, row.answered, row.answered_in_time) for row in rows] == [(1, 1, 0), (1, 1, 1)]
    assert {row.queue_id for row in rows} == {UUID(queue_id)}


def test_the_tally_goes_on_from_what_was_kept(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projector_module, "KEEP_TALLY_EVERY", 4)
    batches = some_day(tenant)
    log = routing_log(batches[:5])
    run(log, chunk=3)
    kept = cursor_of("main")
    assert kept.tally
    assert kept.tally_position != kept.position  # so that a start has something to count again
    for batch in batches[5:]:
        log.append(tuple(batch))
    run(log, chunk=3)
    in_two_lives = everything(tenant)
    forget(tenant)
    run(log)
    assert everything(tenant) == in_two_lives


def test_a_log_that_is_shorter_than_what_was_projected_is_refused(tenant: Tenant) -> None:
    run(routing_log(some_day(tenant)))
    with pytest.raises(CursorBeyondLogError, match="belong together"):
        Projector(routing_log(), "main")


def test_a_second_projector_is_refused_and_writes_nothing(tenant: Tenant) -> None:
    log = routing_log()
    first, second = Projector(log, "main"), Projector(log, "main")
    log.append(tuple(answered_call(Road(tenant_id=str(tenant.pk)))))
    first.step()
    before = everything(tenant)
    with pytest.raises(ProjectionOutOfStepError):
        second.step()
    assert everything(tenant) == before


def test_contacts_of_an_unknown_tenant_are_passed_over(tenant: Tenant) -> None:
    log = routing_log([answered_call(Road()), answered_call(Road(tenant_id=str(tenant.pk)))])
    assert run(log).position == Position(log.seq)
    with tenant_scope(tenant.pk):
        assert Contact.objects.count() == 1


def test_a_failed_write_moves_neither_rows_nor_cursor(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    log = routing_log([answered_call(Road(tenant_id=str(tenant.pk)))])
    with monkeypatch.context() as broken:
        broken.setattr(projecting, "_store_intervals", _fail)
        with pytest.raises(OSError, match="disk full"):
            run(log)
    assert cursor_of("main").position == Position(0)
    with tenant_scope(tenant.pk):
        assert not Contact.objects.exists()
    run(log)
    with tenant_scope(tenant.pk):
        assert Contact.objects.get().outcome == "handled"


def _fail(rows: object) -> None:
    raise OSError("disk full")
