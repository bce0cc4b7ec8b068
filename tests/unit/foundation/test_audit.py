"""The audit can be added to, never changed; and a change made past every guard is named."""

import pytest
from django.db import DatabaseError, connection, transaction

from hotline.foundation import audit, guards
from hotline.foundation.actors import Actor
from hotline.foundation.audit_chain import BATCH, seal_audit, verify_audit
from hotline.foundation.models import AuditEntry, AuditSeal
from tests.factories.foundation import make_actor, make_tenant

pytestmark = pytest.mark.django_db
CLOCKWORK = Actor.system("clockwork", [])


def _write(count: int) -> list[int]:
    with transaction.atomic():
        for number in range(count):
            audit.record(CLOCKWORK, "test.done", "thing", str(number), None, {"number": number, "名": "值"})
    return list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))


def _lift_the_guards() -> None:
    """What somebody with the keys to the database could do."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
            for table in ("foundation_auditentry", "foundation_auditseal"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    guards.take_down()


def test_a_line_tells_who_did_what_to_what() -> None:
    tenant = make_tenant()
    actor = make_actor(tenant)
    with transaction.atomic():
        audit.record(actor, "ticket.closed", "ticket", "t-1", tenant.pk, {"was": "open"})
    line = AuditEntry.objects.get()
    assert (line.actor_id, line.action, line.object_id, line.tenant_id) == (
        actor.user_id,
        "ticket.closed",
        "t-1",
        tenant.pk,
    )
    assert line.details == {"was": "open"}


@pytest.mark.django_db(transaction=True)
def test_a_write_is_recorded_in_its_own_transaction_or_not_at_all() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        audit.record(CLOCKWORK, "a", "b", "c", None)
    audit.record_read(CLOCKWORK, "recording.listened", "recording", "r", None)
    assert AuditEntry.objects.get().is_read


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE foundation_auditentry SET action = 'x'",
        "DELETE FROM foundation_auditentry",
        "UPDATE foundation_auditseal SET digest = 'x'",
        "DELETE FROM foundation_auditseal",
    ],
)
def test_the_database_refuses_to_change_or_delete(statement: str) -> None:
    _write(1)
    seal_audit()
    with pytest.raises(DatabaseError, match=r"can only be added to|permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.postgres
def test_even_the_owner_meets_the_triggers() -> None:
    _write(1)
    connection.cursor().execute("SET ROLE NONE")
    with pytest.raises(DatabaseError, match="can only be added to"), transaction.atomic():
        connection.cursor().execute("DELETE FROM foundation_auditentry")


def test_sealing_covers_every_line_once_in_batches() -> None:
    _write(BATCH + 7)
    assert seal_audit() == BATCH + 7
    assert seal_audit() == 0
    assert verify_audit() == []


def test_a_line_committed_late_with_a_low_number_is_sealed_after_later_ones() -> None:
    numbers = _write(3)
    late = AuditEntry.objects.get(pk=numbers[0])
    seal_audit()
    AuditEntry.objects.create(
        id=numbers[-1] + 50, actor_kind="system", actor_name="n", action="a", object_type="o", object_id="1"
    )
    seal_audit()
    AuditEntry.objects.create(
        id=numbers[-1] + 10, actor_kind="system", actor_name="n", action="a", object_type="o", object_id="2", at=late.at
    )
    assert seal_audit() == 1
    assert verify_audit() == []


@pytest.mark.parametrize(
    "change",
    ["details = '{}'", "actor_name = 'somebody else'", "action = 'x'", "object_id = '9'", "at = '2020-01-01 00:00:00'"],
)
def test_a_changed_line_is_named(change: str) -> None:
    numbers = _write(5)
    seal_audit()
    _lift_the_guards()
    connection.cursor().execute(f"UPDATE foundation_auditentry SET {change} WHERE id = %s", [numbers[2]])
    assert [problem.entry_id for problem in verify_audit()] == [numbers[2]]


def test_a_missing_line_is_named() -> None:
    numbers = _write(5)
    seal_audit()
    _lift_the_guards()
    AuditEntry.objects.filter(pk=numbers[3]).delete()
    assert [str(problem) for problem in verify_audit()] == [f"line {numbers[3]} is missing"]


def test_a_line_taken_out_together_with_its_seal_breaks_the_next_link() -> None:
    numbers = _write(5)
    seal_audit()
    _lift_the_guards()
    AuditEntry.objects.filter(pk=numbers[1]).delete()
    AuditSeal.objects.filter(entry_id=numbers[1]).delete()
    assert [problem.entry_id for problem in verify_audit()] == [numbers[2]]


@pytest.mark.django_db(transaction=True)
def test_an_end_that_was_cut_off_is_missed() -> None:
    numbers = _write(5)
    seal_audit()
    _lift_the_guards()
    AuditEntry.objects.filter(pk__gte=numbers[3]).delete()
    AuditSeal.objects.filter(entry_id__gte=numbers[3]).delete()
    (problem,) = verify_audit()
    assert str(problem).startswith("the end of the audit is missing: 2 seal(s)")
