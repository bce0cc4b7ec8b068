"""Contacts for tests: facts of a call, a routing log of given events, and the projection of both."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import UUID

from django.conf import settings

from hotline.domains.contacts.fact_intake import take_facts
from hotline.domains.contacts.models import Contact
from hotline.domains.contacts.projecting import cursor_of
from hotline.foundation.fields import keyring
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.ids import new_id
from hotline.kernel.sealed_files import seal_file
from hotline.live.projector import Projector
from hotline.live.switch.log import RoutingLog
from hotline.live.switch.stores import SqliteStore
from hotline.messages import facts
from hotline.messages.routing import RoutingEvent
from tests.factories.customers import CALLER
from tests.factories.routing_log import Road, answered_call

ARRIVED_MS = 1_772_000_000_000
WAV = b"RIFF....WAVEfmt " + bytes(range(200))


@dataclass
class Call:
    """One call as its node tells of it."""

    tenant: Tenant
    contact_id: str = field(default_factory=new_id)
    tenant_id: str = ""
    arrived_ms: int = ARRIVED_MS

    def _common(self, after_ms: int) -> dict[str, Any]:
        return {
            "fact_id": new_id(),
            "at_ms": self.arrived_ms + after_ms,
            "contact_id": self.contact_id,
            "tenant_id": self.tenant_id or str(self.tenant.pk),
            "node_id": "node-1",
        }

    def arrived(self, caller: str | None = CALLER, is_simulated: bool = False) -> facts.ContactArrived:
        return facts.ContactArrived(
            **self._common(0),
            channel="voice",
            entry_point_id=new_id(),
            called_address="962740",
            caller_address=caller,
            flow_id=new_id(),
            flow_version=3,
            language="zh",
            is_simulated=is_simulated,
        )

    def step(self, kind: str, detail: str) -> facts.FlowStepTaken:
        return facts.FlowStepTaken(**self._common(3_000), step_id="main-menu", kind=kind, detail=detail)

    def left(
        self, how: facts.FlowEnd = "queued", cause: str = "normal", queue_id: str | None = None
    ) -> facts.ContactLeftFlow:
        return facts.ContactLeftFlow(**self._common(9_000), how=how, cause=cause, queue_id=queue_id)

    def recording(self, recording_id: str = "", path: str = "x.sealed", incomplete: str = "") -> facts.RecordingStored:
        return facts.RecordingStored(
            **self._common(80_000),
            recording_id=recording_id or new_id(),
            path=path,
            started_at_ms=ARRIVED_MS + 20_000,
            duration_ms=60_000,
            size_bytes=1_920_044,
            sha256="0" * 64,
            key_id="k1",
            incomplete=incomplete,
        )

    def cut_short(self, asked_at_ms: int | None = None) -> facts.CallCutShort:
        return facts.CallCutShort(**self._common(30_000), asked_at_ms=asked_at_ms, queue_id=None, cause="platform_lost")

    def everything(self) -> list[facts.AnyFact]:
        return [self.arrived(), self.step("menu", "1"), self.left("queued"), self.recording()]


def routing_log(batches: Sequence[Sequence[RoutingEvent]] = ()) -> RoutingLog:
    """A log in a file of its own, holding these batches after its fence record."""
    log = RoutingLog(SqliteStore(Path(mkdtemp(prefix="hotline-log-")) / "routing.sqlite3"), "main")
    log.take_lead()
    for batch in batches:
        log.append(tuple(batch))
    return log


def project(events: Sequence[RoutingEvent], pool: str = "") -> None:
    """Project these events as a new pool's whole log, so that calls do not get in each other's way."""
    pool = pool or new_id()
    log = RoutingLog(SqliteStore(Path(mkdtemp(prefix="hotline-log-")) / "routing.sqlite3"), pool)
    log.take_lead()
    log.append(tuple(events))
    projector = Projector(log, pool)
    while projector.step():
        pass
    assert cursor_of(pool).position.seq == log.seq
    log.close()


def stored(call: Call | Road) -> Contact:
    """The contact as it stands in the database."""
    tenant_id = call.tenant_id or str(getattr(call, "tenant").pk)  # noqa: B009
    with tenant_scope(tenant_id):
        return Contact.objects.get(pk=UUID(call.contact_id))


def make_handled_contact(tenant: Tenant, agent_id: UUID, queue_id: UUID | None = None, **road: Any) -> Road:
    """A projected contact that this agent has handled."""
    made = Road(
        contact_id=new_id(),
        tenant_id=str(tenant.pk),
        agent_id=str(agent_id),
        queue_id=str(queue_id or new_id()),
        **road,
    )
    project(answered_call(made))
    return made


def make_recorded_contact(tenant: Tenant, agent_id: UUID, *, path: str = "", body: bytes = WAV) -> tuple[str, str]:
    """A handled contact with a sealed recording in the store: its id and the recording's."""
    road, recording_id = make_handled_contact(tenant, agent_id), new_id()
    place = path or f"{tenant.pk}/2026/02/{recording_id}.sealed"
    file: Path = settings.HOTLINE.recordings_dir / place
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as sealed:
        seal_file(BytesIO(body), sealed, keyring(), "recording", f"{tenant.pk}/{recording_id}")
    take_facts([Call(tenant, contact_id=road.contact_id).recording(recording_id, place)])
    return road.contact_id, recording_id
