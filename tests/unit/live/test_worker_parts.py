"""What the worker's housekeeping does on a real set-up."""

import socket
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp

import msgspec
import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.utils import timezone

from hotline.domains.channels import queries as channels
from hotline.domains.contacts.models import Contact, ProjectorCursor, Recording
from hotline.domains.routing import queries as routing
from hotline.foundation.models import IdempotencyRecord, OutboxRow, User
from hotline.foundation.partitions import first_id_of
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.settings import Settings
from hotline.live.worker import PORTION, Housekeeping
from hotline.live.worker_metrics import WorkerMetrics
from hotline.live.worker_parts import chores
from hotline.messages.effects import LogProjected, NodeToSwitch
from tests.factories.foundation import make_tenant, make_user
from tests.factories.setup import make_agent


def _versions() -> tuple[int, int]:
    return routing.current_configuration().version, channels.current_node_configuration().version


@pytest.mark.django_db
def test_switch_and_nodes_hear_within_a_minute_of_what_nobody_announced(tmp_path: Path) -> None:
    now_s = [0.0]
    house = Housekeeping(chores(Settings(data_dir=tmp_path)), WorkerMetrics(), lambda: now_s[0])

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


LONG_AGO = timedelta(days=8)


def _fill_with_old_and_new() -> None:
    """One more than a portion of everything that is past its time, and one of each that is not."""
    user, now = make_user(tenant=make_tenant("old"), role="agent"), timezone.now()
    moments = [now - LONG_AGO] * (PORTION + 1) + [now]
    Session.objects.bulk_create(
        Session(session_key=f"k{number}", session_data="", expire_date=at + timedelta(days=1))
        for number, at in enumerate(moments)
    )
    keys = IdempotencyRecord.objects.bulk_create(
        IdempotencyRecord(user=user, key=f"key-{number:05}", fingerprint="f", status=200, content_type="", body=b"")
        for number in range(len(moments))
    )
    attempts = AccessAttempt.objects.bulk_create(
        AccessAttempt(username=f"u{number}", ip_address="192.0.2.1", user_agent="", failures_since_start=1)
        for number in range(len(moments))
    )
    for key, attempt, at in zip(keys, attempts, moments, strict=True):
        key.created_at, attempt.attempt_time = at, at
    IdempotencyRecord.objects.bulk_update(keys, ["created_at"], batch_size=500)
    AccessAttempt.objects.bulk_update(attempts, ["attempt_time"], batch_size=500)
    OutboxRow.objects.bulk_create(OutboxRow(topic="t", payload={}, done_at=at) for at in moments)


@pytest.mark.django_db
def test_what_is_past_its_time_goes_in_portions_and_the_rest_stays(tmp_path: Path) -> None:
    _fill_with_old_and_new()
    tables = (Session, IdempotencyRecord, AccessAttempt, OutboxRow)
    house = Housekeeping(chores(Settings(data_dir=tmp_path)), WorkerMetrics())
    sizes = [[table.objects.count() for table in tables]]
    while house.step():
        sizes.append([table.objects.count() for table in tables])
    assert sizes[0] == [PORTION + 2] * 4
    assert sizes[-1] == [1, 1, 1, 1 + OutboxRow.objects.filter(done_at=None).count()]
    steps = [had - has for before, after in pairwise(sizes) for had, has in zip(before, after, strict=True)]
    assert sorted(size for size in steps if size > 0) == [1] * 4 + [100] * 5 + [PORTION] * 3


@pytest.mark.django_db
def test_recordings_and_contacts_past_their_tenants_time_go_by_themselves(tmp_path: Path) -> None:
    tenant = make_tenant("kept-short", recording_days=1, contact_months=1)
    settings = Settings(data_dir=tmp_path)
    now = timezone.now()
    old = first_id_of(now - timedelta(days=70))
    file = settings.recordings_dir / str(tenant.pk) / "old.sealed"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"sealed")
    with tenant_scope(tenant.pk):
        Contact.objects.create(id=old, arrived_at=now - timedelta(days=70), caller="+8613900000001")
        Recording.objects.create(
            contact_id=old,
            path=f"{tenant.pk}/old.sealed",
            started_at=now - timedelta(days=70),
            duration_ms=1,
            size_bytes=1,
            sha256="",
            key_id="k1",
        )
    house = Housekeeping(chores(settings), WorkerMetrics())
    while house.step():
        pass
    assert not file.exists()
    with tenant_scope(tenant.pk):
        assert Recording.objects.get().file_removed_at is not None
        assert Contact.objects.get().caller == ""


@pytest.mark.django_db
def test_the_switch_hears_how_far_the_tally_is_kept() -> None:
    ProjectorCursor.objects.create(pool="main", seq=90, tally_seq=70, tally=b"")
    settings = Settings(data_dir=Path(mkdtemp(prefix="hl-")))
    settings.run_dir.mkdir()
    (tell,) = (chore for chore in chores(settings) if chore.name == "tell the switch what is projected")
    assert tell.run() == 0  # the switch is away: it hears it the next time
    with socket.socket(socket.AF_UNIX) as switch:
        switch.bind(str(settings.switch_socket))
        switch.listen()
        assert tell.run() == 0
        connection, _ = switch.accept()
        with connection, connection.makefile("rb") as stream:
            frame = msgspec.msgpack.decode(stream.read(int.from_bytes(stream.read(4), "big")), type=NodeToSwitch)
    assert frame == LogProjected(pool="main", seq=70)
