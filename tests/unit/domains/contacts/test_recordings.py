"""Recordings: whole and in parts, with a reason that the audit knows, and only from the tenant's own store."""

from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from hotline.domains.contacts.fact_intake import take_facts
from hotline.domains.contacts.models import Recording
from hotline.domains.people.models import Agent
from hotline.foundation.fields import keyring
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.clock import to_datetime
from tests.factories.contacts import WAV, Call, make_handled_contact, make_recorded_contact
from tests.factories.routing_log import ASKED_MS
from tests.unit.domains.contacts.reading import audio

pytestmark = pytest.mark.django_db


def test_a_recording_is_played_and_the_audit_knows_who_and_why(
    tenant: Tenant, agent: Agent, desk: Client, supervisor: Client
) -> None:
    ids = make_recorded_contact(tenant, agent.pk)
    answer = audio(supervisor, ids)
    assert (answer.status_code, answer["Content-Type"], answer.getvalue()) == (200, "audio/wav", WAV)
    (entry,) = AuditEntry.objects.filter(action="recording.listened")
    assert (entry.object_id, entry.is_read, entry.details["reason"]) == (ids[1], True, "quality check")
    assert audio(desk, ids).status_code == 403
    assert audio(supervisor, ids, reason="").json()["code"] == "contact.listen_reason_missing"


def test_parts_of_a_recording_come_by_range(tenant: Tenant, agent: Agent, supervisor: Client) -> None:
    ids = make_recorded_contact(tenant, agent.pk)
    answer = audio(supervisor, ids, Range="bytes=16-19")
    assert (answer.status_code, answer.getvalue(), answer["Content-Range"]) == (206, WAV[16:20], "bytes 16-19/216")
    assert answer["Content-Length"] == "4"
    answer = audio(supervisor, ids, Range="bytes=999-")
    assert (answer.status_code, answer.json()["code"]) == (416, "contact.range_not_satisfiable")


def test_an_incomplete_recording_says_why(tenant: Tenant, agent: Agent, supervisor: Client) -> None:
    road = make_handled_contact(tenant, agent.pk)
    take_facts([Call(tenant, contact_id=road.contact_id).recording(incomplete="disk_full")])
    found = supervisor.get(f"/api/v1/contacts/{road.contact_id}").json()
    assert [recording["incomplete"] for recording in found["recordings"]] == ["disk_full"]
    (stored,) = [event for event in found["timeline"] if event["kind"] == "recording_stored"]
    assert stored["detail"]["incomplete"] == "disk_full"


def test_a_long_recording_is_played_whole_and_from_its_middle(tenant: Tenant, agent: Agent, supervisor: Client) -> None:
    body = bytes(number % 251 for number in range(200_000))
    ids = make_recorded_contact(tenant, agent.pk, body=body)
    assert audio(supervisor, ids, Range="bytes=0-").getvalue() == body
    answer = audio(supervisor, ids, Range="bytes=65530-131080")
    assert (answer.getvalue(), answer["Content-Length"]) == (body[65530:131081], "65551")


def test_recordings_of_earlier_versions_and_altered_ones(tenant: Tenant, agent: Agent, supervisor: Client) -> None:
    """The former ones play as ever; one that was cut short, or exchanged for another, plays not at all."""
    former, cut, exchanged = (make_recorded_contact(tenant, agent.pk) for _ in range(3))
    files = {ids: settings.HOTLINE.recordings_dir / f"{tenant.pk}/2026/02/{ids[1]}.sealed" for ids in (former, cut)}
    files[former].write_bytes(keyring().seal(WAV, "recording"))
    assert audio(supervisor, former).getvalue() == WAV
    taken = files[cut].read_bytes()
    (settings.HOTLINE.recordings_dir / f"{tenant.pk}/2026/02/{exchanged[1]}.sealed").write_bytes(taken)
    files[cut].write_bytes(taken[:-5])
    for ids in (cut, exchanged):
        answer = audio(supervisor, ids)
        assert (answer.status_code, answer.json()["code"]) == (500, "sealing.cannot_open")


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "other-tenant/2026/02/x.sealed"])
def test_a_path_out_of_the_tenants_store_is_never_opened(
    tenant: Tenant, agent: Agent, supervisor: Client, path: str
) -> None:
    road = make_handled_contact(tenant, agent.pk)
    with tenant_scope(tenant.pk):
        recording = Recording.objects.create(
            tenant=tenant,
            contact_id=UUID(road.contact_id),
            path=path,
            started_at=to_datetime(ASKED_MS),
            duration_ms=1,
            size_bytes=1,
            sha256="",
            key_id="k1",
        )
    answer = audio(supervisor, (road.contact_id, str(recording.pk)))
    assert (answer.status_code, answer.json()["code"]) == (410, "contact.recording_gone")
