"""Retention: what is past a tenant's time goes, once, in portions, with its line in the audit; nothing else does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from hotline.domains.contacts.fact_intake import take_facts
from hotline.domains.contacts.models import (
    Contact,
    Draft,
    QueueInterval,
    Recording,
)
from hotline.domains.contacts.retention import anonymise_old_contacts, erase_old_recordings, forget_old_drafts
from hotline.domains.contacts.rules import contact_term, months_before, recording_term
from hotline.domains.people.models import Agent
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.partitions import ensure_partitions
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.clock import to_datetime
from hotline.kernel.ids import new_id
from tests.factories.contacts import ARRIVED_MS, Call, make_handled_contact
from tests.factories.customers import make_agent
from tests.factories.foundation import client_of, make_tenant, make_user

pytestmark = pytest.mark.django_db
JSON = "application/json"
LIMIT = 100


def store() -> Path:
    place: Path = settings.HOTLINE.recordings_dir
    return place


def write_file(tenant: Tenant, name: str) -> str:
    """A file in the tenant's store: its path there."""
    path = f"{tenant.pk}/2026/02/{name}.sealed"
    (store() / path).parent.mkdir(parents=True, exist_ok=True)
    (store() / path).write_bytes(b"sealed")
    return path


def recorded(tenant: Tenant, agent: Agent) -> tuple[str, str]:
    """A handled contact of long ago with a recording: both ids."""
    road, recording_id = make_handled_contact(tenant, agent.pk), new_id()
    path = write_file(tenant, recording_id)
    take_facts([Call(tenant, contact_id=road.contact_id).recording(recording_id, path)])
    return road.contact_id, recording_id


def recording_of(tenant: Tenant, recording_id: str) -> Recording:
    with tenant_scope(tenant.pk):
        return Recording.objects.get(pk=UUID(recording_id))


def has_file(tenant: Tenant, recording_id: str) -> bool:
    return (store() / recording_of(tenant, recording_id).path).exists()


def audio(client: Client, ids: tuple[str, str]) -> Any:
    return client.get(f"/api/v1/contacts/{ids[0]}/recordings/{ids[1]}/audio", {"reason": "quality"})


def after_days(days: int) -> datetime:
    """So long after the recordings of these tests began."""
    return to_datetime(ARRIVED_MS + 20_000) + timedelta(days=days)


# --- recordings -----------------------------------------------------------------------------------------------------


def test_a_recording_goes_when_its_days_are_over_and_its_row_says_so(
    tenant: Tenant, agent: Agent, supervisor: Client
) -> None:
    ids = recorded(tenant, agent)
    assert erase_old_recordings(store(), LIMIT, after_days(180)) == 0
    assert has_file(tenant, ids[1])
    now = after_days(181)
    assert erase_old_recordings(store(), LIMIT, now) == 1
    assert not has_file(tenant, ids[1])
    (shown,) = supervisor.get(f"/api/v1/contacts/{ids[0]}").json()["recordings"]
    assert (datetime.fromisoformat(shown["erased_at"]), shown["erased_unit"], shown["erased_after"]) == (
        now,
        "days",
        180,
    )
    (listed,) = supervisor.get("/api/v1/contacts").json()["items"]
    assert listed["has_recording"] is False
    answer = audio(supervisor, ids)
    assert (answer.status_code, answer.json()["code"]) == (410, "contact.recording_erased")
    assert f"{now:%Y-%m-%d}" in answer.json()["sentence"]


def test_one_line_of_the_audit_tells_of_a_portion(tenant: Tenant, agent: Agent) -> None:
    for _ in range(3):
        recorded(tenant, agent)
    erase_old_recordings(store(), LIMIT, after_days(181))
    (line,) = AuditEntry.objects.filter(action="recording.erased")
    newest = to_datetime(ARRIVED_MS + 20_000).isoformat()
    assert line.details == {"count": 3, "newest": newest, "unit": "days", "after": 180}
    assert (line.tenant_id, line.actor_kind, line.actor_name) == (tenant.pk, "system", "retention")


def test_many_recordings_go_in_portions(tenant: Tenant, agent: Agent) -> None:
    road = make_handled_contact(tenant, agent.pk)
    ids = [new_id() for _ in range(25)]
    take_facts([Call(tenant, contact_id=road.contact_id).recording(one, write_file(tenant, one)) for one in ids])
    assert [erase_old_recordings(store(), 10, after_days(181)) for _ in range(4)] == [10, 10, 5, 0]
    assert [one for one in ids if has_file(tenant, one)] == []
    assert AuditEntry.objects.filter(action="recording.erased").count() == 3


class Killed(BaseException):
    """Ends a process where it stands."""


@contextmanager
def killed_at_removal(monkeypatch: pytest.MonkeyPatch, *, has_removed: bool) -> Iterator[None]:
    """The process dies just before or just after the file is removed."""
    remove = Path.unlink

    def die(path: Path, missing_ok: bool = False) -> None:
        if has_removed:
            remove(path, missing_ok=missing_ok)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", die)
        with pytest.raises(Killed):
            yield


@pytest.mark.parametrize("has_removed", [False, True])
def test_whoever_is_killed_in_between_leaves_nothing_that_is_not_found_again(
    tenant: Tenant, agent: Agent, supervisor: Client, monkeypatch: pytest.MonkeyPatch, has_removed: bool
) -> None:
    ids = recorded(tenant, agent)
    with killed_at_removal(monkeypatch, has_removed=has_removed):
        erase_old_recordings(store(), LIMIT, after_days(181))
    assert has_file(tenant, ids[1]) is not has_removed
    assert audio(supervisor, ids).json()["code"] == "contact.recording_erased"  # never offered without its file
    Tenant.objects.filter(pk=tenant.pk).update(recording_days=0)  # whatever the rule is by then
    assert erase_old_recordings(store(), LIMIT, after_days(182)) == 1
    assert not has_file(tenant, ids[1])
    assert recording_of(tenant, ids[1]).file_removed_at == after_days(182)
    assert erase_old_recordings(store(), LIMIT, after_days(183)) == 0


def test_a_file_that_cannot_be_removed_is_tried_again_and_keeps_no_other_back(tenant: Tenant, agent: Agent) -> None:
    stuck, other = recorded(tenant, agent), recorded(tenant, agent)
    place = store() / recording_of(tenant, stuck[1]).path
    place.unlink()
    place.mkdir()
    with pytest.raises(OSError, match=place.name):
        erase_old_recordings(store(), LIMIT, after_days(181))
    assert not has_file(tenant, other[1])
    place.rmdir()
    place.write_bytes(b"sealed")
    assert erase_old_recordings(store(), LIMIT, after_days(182)) == 1
    assert not place.exists()


def test_files_that_cannot_be_removed_hold_up_nothing_of_any_tenant(agent: Agent, tenant: Tenant) -> None:
    """However many they are, and whichever tenant comes first."""
    neighbour = make_tenant("zz-last")
    stuck = [recorded(tenant, agent) for _ in range(3)]
    others = [recorded(tenant, agent) for _ in range(3)]
    foreign = recorded(neighbour, make_agent(neighbour))
    for _, recording_id in stuck:
        place = store() / recording_of(tenant, recording_id).path
        place.unlink()
        place.mkdir()
    # A whole portion each time, so that the worker goes on at once.
    assert min(erase_old_recordings(store(), 2, after_days(181)) for _ in range(3)) >= 2
    with pytest.raises(OSError, match=stuck[0][1]):
        erase_old_recordings(store(), 2, after_days(181))
    assert [ids for ids in others if has_file(tenant, ids[1])] == []
    assert not has_file(neighbour, foreign[1])


def test_a_store_that_is_away_has_lost_no_file(tenant: Tenant, agent: Agent) -> None:
    """Else the files would come back with it, and nobody would remove them any more."""
    ids = recorded(tenant, agent)
    away = store().with_name("away")
    store().rename(away)
    store().mkdir()
    try:
        with pytest.raises(OSError, match="not there"):
            erase_old_recordings(store(), LIMIT, after_days(181))
    finally:
        store().rmdir()
        away.rename(store())
    assert recording_of(tenant, ids[1]).erased_at == after_days(181)
    assert erase_old_recordings(store(), LIMIT, after_days(182)) == 1
    assert not has_file(tenant, ids[1])


def test_a_path_out_of_the_tenants_store_is_never_removed(tenant: Tenant, agent: Agent) -> None:
    foreign = write_file(make_tenant(), "foreign")
    road = make_handled_contact(tenant, agent.pk)
    take_facts([Call(tenant, contact_id=road.contact_id).recording(path=foreign)])
    assert erase_old_recordings(store(), LIMIT, after_days(181)) == 1
    assert (store() / foreign).exists()


# --- preservation ---------------------------------------------------------------------------------------------------


def test_what_is_preserved_stays_until_that_is_lifted(tenant: Tenant, agent: Agent, supervisor: Client) -> None:
    Tenant.objects.filter(pk=tenant.pk).update(contact_months=1)
    ids = recorded(tenant, agent)
    place = f"/api/v1/contacts/{ids[0]}/preservation"
    for _ in range(2):
        assert supervisor.put(place, {"reason": "complaint 42"}, content_type=JSON).status_code == 204
    shown = supervisor.get(f"/api/v1/contacts/{ids[0]}").json()
    assert (shown["preserved_reason"], shown["preserved_at"] is not None) == ("complaint 42", True)
    later = timezone.now() + timedelta(days=400)
    assert (erase_old_recordings(store(), LIMIT, later), anonymise_old_contacts(LIMIT, later)) == (0, 0)
    assert has_file(tenant, ids[1])
    for _ in range(2):
        assert supervisor.delete(place).status_code == 204
    assert erase_old_recordings(store(), LIMIT, later) == 1
    assert anonymise_old_contacts(LIMIT, later) == 1
    lines = AuditEntry.objects.filter(object_id=ids[0], action__startswith="contact.preserv").order_by("id")
    assert [(line.action, line.details["reason"]) for line in lines] == [
        ("contact.preserved", "complaint 42"),
        ("contact.preservation_lifted", "complaint 42"),
    ]


def test_unsent_texts_of_a_preserved_contact_stay_as_long_as_it_does(
    tenant: Tenant, agent: Agent, desk: Client, supervisor: Client
) -> None:
    contact_ids = [make_handled_contact(tenant, agent.pk).contact_id for _ in range(2)]
    for contact_id in contact_ids:
        place = f"/api/v1/desk/contacts/{contact_id}/drafts/note"
        assert desk.put(place, {"text": "he threatened me"}, content_type=JSON).status_code == 200
    with tenant_scope(tenant.pk):
        Draft.objects.update(saved_at=timezone.now() - timedelta(days=31))
    place = f"/api/v1/contacts/{contact_ids[0]}/preservation"
    assert supervisor.put(place, {"reason": "complaint 42"}, content_type=JSON).status_code == 204
    assert [forget_old_drafts(1), forget_old_drafts(1)] == [1, 0]
    with tenant_scope(tenant.pk):
        assert [str(draft.contact_id) for draft in Draft.objects.all()] == contact_ids[:1]
    assert supervisor.delete(place).status_code == 204
    assert forget_old_drafts(LIMIT) == 1


def test_only_who_may_preserves_and_never_in_another_tenant(tenant: Tenant, agent: Agent, desk: Client) -> None:
    place = f"/api/v1/contacts/{make_handled_contact(tenant, agent.pk).contact_id}/preservation"
    stranger = client_of(make_agent(make_tenant(), role="supervisor").user)
    assert desk.put(place, {"reason": "complaint"}, content_type=JSON).status_code == 403
    assert stranger.put(place, {"reason": "complaint"}, content_type=JSON).status_code == 404
    assert stranger.delete(place).status_code == 404
    chief = client_of(make_user(tenant=tenant))
    assert chief.put(place, {"reason": "    "}, content_type=JSON).status_code == 422


# --- tenants, simulation, repetition --------------------------------------------------------------------------------

AGES_DAYS = (3, 40, 100)
RULES = ((0, 0), (30, 0), (60, 1), (0, 2), (90, 3))  # days of recordings, months of contacts


def _fill(tenant: Tenant, now: datetime) -> dict[UUID, tuple[int, bool]]:
    """Contacts of every age, preserved and not, simulated and not, each with a recording: age and preserved by id."""
    made = {}
    for age, is_preserved, is_simulated in product(AGES_DAYS, (False, True), (False, True)):
        arrived = now - timedelta(days=age)
        contact_id = UUID(int=(int(arrived.timestamp() * 1000) << 80) | UUID(new_id()).int & ((1 << 80) - 1))
        with tenant_scope(tenant.pk):
            Contact.objects.create(
                id=contact_id,
                arrived_at=arrived,
                caller="+8613900000001",
                caller_index="1" * 64,
                is_simulated=is_simulated,
                preserved_at=now if is_preserved else None,
                talk_ms=age,
            )
            Recording.objects.create(
                contact_id=contact_id,
                path=write_file(tenant, str(contact_id)),
                started_at=arrived,
                duration_ms=1,
                size_bytes=1,
                sha256="",
                key_id="k1",
            )
            QueueInterval.objects.create(queue_id=contact_id, starts_at=arrived, is_simulated=is_simulated, asked=age)
        made[contact_id] = (age, is_preserved)
    return made


def _state(tenants: list[Tenant]) -> list[Any]:
    with tenant_scope(*(tenant.pk for tenant in tenants)):
        models = (Contact, Recording, QueueInterval)
        return [list(model.objects.order_by("id").values()) for model in models]


def test_each_tenants_rule_ends_its_own_rows_only_once_and_for_real_and_simulated_alike() -> None:
    now = timezone.now()
    tenants = [make_tenant(recording_days=days, contact_months=months) for days, months in RULES]
    filled = {tenant.pk: _fill(tenant, now) for tenant in tenants}
    figures = _state(tenants)[2]
    while erase_old_recordings(store(), 2, now) + anonymise_old_contacts(2, now):
        pass
    for tenant in tenants:
        of_recording = recording_term(now, tenant.recording_days, tenant.contact_months)
        of_contact = contact_term(now, tenant.contact_months)
        with tenant_scope(tenant.pk):
            rows = list(Recording.objects.select_related("contact"))
        assert len(rows) == len(filled[tenant.pk])
        for row in rows:
            age, is_preserved = filled[tenant.pk][row.contact_id]
            arrived = now - timedelta(days=age)
            is_erased = of_recording is not None and arrived < of_recording.before and not is_preserved
            is_emptied = of_contact is not None and arrived < of_contact.before and not is_preserved
            assert (row.erased_at is not None, (store() / row.path).exists()) == (is_erased, not is_erased)
            assert (row.contact.anonymised_at is not None, row.contact.caller == "") == (is_emptied, is_emptied)
            assert row.contact.talk_ms == age
    before, lines = _state(tenants), AuditEntry.objects.count()
    assert before[2] == figures
    assert erase_old_recordings(store(), LIMIT, now) + anonymise_old_contacts(LIMIT, now) == 0
    assert (_state(tenants), AuditEntry.objects.count()) == (before, lines)


@pytest.mark.postgres
def test_contacts_of_several_partitions_are_anonymised() -> None:
    now = timezone.now()
    ensure_partitions()
    tenant = make_tenant(recording_days=0, contact_months=1)
    _fill(tenant, now + timedelta(days=35))  # of this month's partition, of last month's, and of the catch-all
    assert sum(iter(lambda: anonymise_old_contacts(LIMIT, now + timedelta(days=70)), 0)) == 6
    with tenant_scope(tenant.pk):
        assert Contact.objects.filter(anonymised_at=None, preserved_at=None).count() == 0
        assert Contact.objects.filter(caller_index="").count() == 6


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-03-31", 1, "2026-02-28"),
        ("2024-03-31", 1, "2024-02-29"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-05-31", 12, "2025-05-31"),
        ("2026-05-31", 3, "2026-02-28"),
    ],
)
def test_months_are_those_of_the_calendar(day: str, months: int, expected: str) -> None:
    assert months_before(datetime.fromisoformat(day), months) == datetime.fromisoformat(expected)


def test_a_recording_goes_by_whichever_rule_ends_first() -> None:
    now = datetime(2026, 7, 1, tzinfo=UTC)
    by = {rule: recording_term(now, *rule) for rule in ((0, 0), (180, 0), (0, 2), (180, 2), (30, 2))}
    told = {rule: term and (term.unit, term.after) for rule, term in by.items()}
    assert told == {
        (0, 0): None,
        (180, 0): ("days", 180),
        (0, 2): ("months", 2),
        (180, 2): ("months", 2),
        (30, 2): ("days", 30),
    }
