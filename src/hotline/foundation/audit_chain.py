"""Seals the audit: each line gets a keyed digest over itself and the link before, so that no line can be changed,
taken out or put in without it showing. The key lies outside the database.

Lines are sealed a moment after they were written, in batches, by the one worker. The newest link is also written to a
file beside the database, so that cutting off the chain's end shows too."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from hotline.foundation.models import AuditEntry, AuditSeal

BATCH: Final = 500  # lines per transaction
_FIRST_LINK: Final = "0" * 64
_LOCK: Final = 0x686F746C  # of PostgreSQL's advisory locks: two workers must not fork the chain


@dataclass(frozen=True, slots=True)
class AuditProblem:
    """What does not fit, and where. `entry_id` is the line's number in the audit."""

    entry_id: int | None
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def seal_audit() -> int:
    """Seal the lines that have no seal yet; answers how many. The worker calls it every few seconds."""
    sealed = 0
    while batch := _seal_batch():
        sealed += batch
        if batch < BATCH:
            break
    return sealed


def verify_audit() -> list[AuditProblem]:
    """Everything that does not fit between lines and seals; empty when the audit is whole.

    Lines that were written after the last sealing are not covered yet."""
    problems: list[AuditProblem] = []
    last: tuple[int, str] = (0, _FIRST_LINK)
    for position, entry_id, digest, entry in _chain():
        if entry is None:
            problems.append(AuditProblem(entry_id, f"line {entry_id} is missing"))
        elif not hmac.compare_digest(_link(last[1], entry), digest):
            problems.append(AuditProblem(entry_id, f"line {entry_id} was changed"))
        last = (position, digest)
    return problems + _end_problems(*last)


def _key() -> bytes:
    return bytes(settings.HOTLINE.secret("audit"))


def _link(before: str, entry: AuditEntry) -> str:
    return hmac.new(_key(), f"{before}\n{_canonical(entry)}".encode(), hashlib.sha256).hexdigest()


def _canonical(entry: AuditEntry) -> str:
    """The line as text, equal on both databases."""
    line: dict[str, Any] = {
        "id": entry.pk,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "tenant": entry.tenant_id and str(entry.tenant_id),
        "actor": [entry.actor_kind, entry.actor_id and str(entry.actor_id), entry.actor_name],
        "from": [entry.session_id, entry.address],
        "what": [entry.action, entry.object_type, entry.object_id, entry.is_read],
        "details": entry.details,
    }
    return json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _seal_batch() -> int:
    with transaction.atomic():
        _hold_chain()
        last = AuditSeal.objects.order_by("-position").first()
        digest = last.digest if last else _FIRST_LINK
        seals: list[AuditSeal] = []
        for entry in _unsealed()[:BATCH]:
            digest = _link(digest, entry)
            seals.append(AuditSeal(entry_id=entry.pk, digest=digest))
        AuditSeal.objects.bulk_create(seals)
        if seals:
            head = AuditSeal.objects.order_by("-position").values_list("position", flat=True)[0]
            transaction.on_commit(lambda: _write_head(head, digest))
    return len(seals)


def _hold_chain() -> None:
    """One sealer at a time. On SQLite the transaction itself excludes other writers."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _unsealed() -> Any:
    """Lines without a seal in the order of their numbers, wherever they are: a slow transaction commits a low number
    after higher ones were sealed."""
    seals = AuditSeal.objects.filter(entry_id=OuterRef("pk"))
    return AuditEntry.objects.filter(~Exists(seals)).order_by("pk")


def _chain() -> Iterator[tuple[int, int, str, AuditEntry | None]]:
    """(position, line number, digest, line or None) for each link, a batch of lines at a time."""
    position = 0
    while True:
        seals = list(AuditSeal.objects.filter(position__gt=position).order_by("position")[:BATCH])
        entries = AuditEntry.objects.in_bulk([seal.entry_id for seal in seals])
        for seal in seals:
            yield seal.position, seal.entry_id, seal.digest, entries.get(seal.entry_id)
        if len(seals) < BATCH:
            return
        position = seals[-1].position


# --- the end of the chain, kept outside the database ----------------------------------------------------------------


def _head_path() -> Path:
    return Path(settings.HOTLINE.data_dir) / "audit-head.json"


def _write_head(position: int, digest: str) -> None:
    path = _head_path()
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps({"position": position, "digest": digest}) + "\n", "ascii")
    draft.replace(path)


def _end_problems(position: int, digest: str) -> list[AuditProblem]:
    """Whether the chain still reaches the link that was written down last."""
    path = _head_path()
    if not path.exists():
        return []
    head = json.loads(path.read_text("ascii"))
    if position < head["position"]:
        sentence = f"the end of the audit is missing: {head['position'] - position} seal(s) after {position}"
        return [AuditProblem(None, sentence)]
    if position == head["position"] and digest != head["digest"]:
        return [AuditProblem(None, f"seal {position} is not the one that was written down when it was made")]
    return []
