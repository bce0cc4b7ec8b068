"""A queue is switched off at the very moment at which somebody begins to lead to it: one of both has it, and never do
callers come to a queue that is off.

On a file of SQLite and on PostgreSQL; both have read what they decide by before either may write."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from hotline.domains.channels import actions as channels
from hotline.domains.channels import flow_actions
from hotline.domains.channels.queries import current_node_configuration
from hotline.domains.routing import actions
from hotline.domains.routing.models import Queue
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories import setup
from tests.factories.foundation import make_tenant
from tests.factories.same_moment import at_once, code_of, shared_database

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[], object]


@pytest.fixture(autouse=True)
def database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with shared_database(tmp_path):
        yield


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def queue(water: Tenant) -> UUID:
    setup.make_agent(water)
    return setup.make_queue(water)


def publishing(water: Tenant, queue: UUID) -> Act:
    definition = {"first_step": "person", "steps": {"person": {"kind": "queue", "queue_id": str(queue)}}}
    flow = setup.make_flow(water, definition, is_published=False)
    return lambda: flow_actions.publish(setup.administrator_of(water), flow, 1, 1)


def opening_a_number(water: Tenant, queue: UUID) -> Act:
    number = setup.make_entry_point(water)
    values = {"fallback_queue_id": queue}
    return lambda: channels.entry_points.change(setup.administrator_of(water), number, 1, values)


def raising_a_level(water: Tenant, queue: UUID) -> Act:
    level = setup.make_funnel_level(water, 2)
    return lambda: actions.funnel_levels.change(setup.administrator_of(water), level, 1, {"queue_id": queue})


def overflowing(water: Tenant, queue: UUID) -> Act:
    other = setup.make_queue(water)
    values = {"overflows": [actions.Overflow(after_s=30, queue_id=queue)]}
    return lambda: actions.queues.change(setup.administrator_of(water), other, 1, values)


def switching_off(water: Tenant, queue: UUID) -> Act:
    return lambda: actions.queues.change(setup.administrator_of(water), queue, 1, {"is_active": False})


@pytest.mark.parametrize("is_off_first", [False, True])
@pytest.mark.parametrize("leading", [publishing, opening_a_number, raising_a_level, overflowing])
def test_one_of_both_is_refused_and_nothing_leads_to_a_queue_that_is_off(
    leading: Callable[[Tenant, UUID], Act], is_off_first: bool, water: Tenant, queue: UUID
) -> None:
    acts = [leading(water, queue), switching_off(water, queue)]
    came_to = at_once(water, *(reversed(acts) if is_off_first else acts), held=Queue)
    led, switched = map(code_of, reversed(came_to) if is_off_first else came_to)
    assert (led, switched) in _OUTCOMES[leading.__name__]
    with tenant_scope(water.pk):
        assert Queue.objects.get(pk=queue).is_active is (switched != "done")
        in_use = {str(one) for one in Queue.objects.filter(is_active=True).values_list("pk", flat=True)}
    told = current_node_configuration()
    led_to = {step.get("queue_id") for flow in told.flows for step in flow.definition["steps"].values()}
    assert {*led_to, *(one.fallback_queue_id for one in told.entry_points)} - {None} <= in_use
    is_audited = AuditEntry.objects.filter(action="queue.changed", object_id=str(queue)).exists()
    assert is_audited is (switched == "done")


_REFUSED = {("done", "setup.still_led_to"), ("setup.switched_off", "done")}
_OUTCOMES: dict[str, set[tuple[str, str]]] = {
    "publishing": {*_REFUSED, ("flow.invalid", "done")},
    "opening_a_number": _REFUSED,
    "raising_a_level": _REFUSED,
    "overflowing": {("done", "routing.setup_worse"), ("routing.setup_worse", "done")},
}
