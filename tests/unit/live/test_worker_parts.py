"""What the worker's housekeeping does on a real set-up."""

import pytest

from hotline.domains.channels import queries as channels
from hotline.domains.routing import queries as routing
from hotline.foundation.models import User
from hotline.live.worker import Housekeeping
from hotline.live.worker_parts import chores
from tests.factories.foundation import make_tenant, make_user
from tests.factories.setup import make_agent


def _versions() -> tuple[int, int]:
    return routing.current_configuration().version, channels.current_node_configuration().version


@pytest.mark.django_db
def test_switch_and_nodes_hear_within_a_minute_of_what_nobody_announced() -> None:
    now_s = [0.0]
    house = Housekeeping(chores(), lambda: now_s[0])

    def do_what_is_due() -> None:
        while house.step():
            pass

    water = make_tenant("water")
    user = make_user(tenant=water, role="agent", name="Wang")
    make_agent(water, user_id=user.pk)
    do_what_is_due()  # the first look only remembers
    before = _versions()
    make_user(tenant=water, role="agent")  # one telephone more for the nodes
    User.objects.filter(pk=user.pk).update(name="Renamed")  # for the switch
    now_s[0] += 59
    do_what_is_due()
    assert _versions() == before
    now_s[0] += 1
    do_what_is_due()
    assert _versions() == (before[0] + 1, before[1] + 1)
    now_s[0] += 60
    do_what_is_due()
    assert _versions() == (before[0] + 1, before[1] + 1)
