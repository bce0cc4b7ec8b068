"""Points of arriving contacts, by the rules of their tenant."""

import pytest

from hotline.engine.admission import Admission
from hotline.messages.configuration import PriorityConfiguration, QueueConfiguration, RoutingConfiguration
from hotline.messages.routing import EnqueueContact

QUEUE = QueueConfiguration(queue_id="q", tenant_id="t1", name_zh="q", name_en="q", skills=())
RULES = (
    PriorityConfiguration(tenant_id="t1", kind="vip", value="yes", points=4),  # as administration writes it
    PriorityConfiguration(tenant_id="t1", kind="vip", points=3),  # as it need not be written
    PriorityConfiguration(tenant_id="t1", kind="region", value="32", points=2),
    PriorityConfiguration(tenant_id="t1", kind="language", value="yue", points=5),
    PriorityConfiguration(tenant_id="t1", kind="language", value="zh", points=1),
    PriorityConfiguration(tenant_id="t2", kind="vip", points=50),
)


@pytest.mark.parametrize(
    ("attributes", "points"),
    [
        ({}, {"language": 1}),
        ({"vip": "yes"}, {"vip": 7, "language": 1}),
        ({"vip": "yes", "region": "32"}, {"vip": 7, "region": 2, "language": 1}),
        ({"region": "11"}, {"language": 1}),
        ({"service_language": "yue"}, {"language": 5}),
        ({"service_language": "ug"}, {}),
    ],
)
def test_points_follow_the_attributes_and_vip_names_no_value(
    attributes: dict[str, str], points: dict[str, int]
) -> None:
    admission = Admission()
    admission.configure(RoutingConfiguration(version=1, queues=(QUEUE,), agents=(), priorities=RULES))
    asking = EnqueueContact(
        command_id="c",
        at_ms=0,
        contact_id="c",
        tenant_id="t1",
        queue_id="q",
        node_id="n",
        asked_at_ms=0,
        arrived_at_ms=0,
        priority=1,
        attributes=attributes,
    )
    admitted = admission.admit(asking, QUEUE, 0)
    assert admitted.points == points
    assert admitted.priority == 1 + sum(points.values())
