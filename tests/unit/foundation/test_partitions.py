"""Tables in one partition per month, by the time in the id."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from hotline.foundation.ids import new_uuid
from hotline.foundation.partitions import ensure_partitions, first_id_of
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import checked_transaction, make_tenant
from tests.walls.models import Book, Loan


def _id_at(moment: datetime) -> UUID:
    return UUID(int=first_id_of(moment).int | 12345)


def test_an_id_made_now_is_not_before_the_first_id_of_this_minute() -> None:
    assert first_id_of(datetime.now(UTC).replace(second=0, microsecond=0)) <= new_uuid()


@given(st.integers(0, 2**42))
def test_the_first_id_of_a_moment_is_a_version_7_uuid_in_order(at_ms: int) -> None:
    first = first_id_of(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms))
    assert (first.version, first.int >> 80) == (7, at_ms)


@pytest.mark.postgres
@pytest.mark.django_db
class TestOnPostgreSQL:
    def _partition_of(self, loan: Loan) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tableoid::regclass::text FROM walls_loan WHERE id = %s", [loan.pk])
            return str(cursor.fetchone()[0])

    def test_a_row_lies_in_the_partition_of_its_month(self) -> None:
        with tenant_scope(make_tenant().pk):
            book = Book.objects.create(title="a")
            loan = Loan.objects.create(book=book)
            assert self._partition_of(loan) == f"walls_loan_{loan.created_at:%Y_%m}"

    def test_rows_that_came_before_their_partition_move_into_it(self) -> None:
        with tenant_scope(make_tenant().pk):
            book = Book.objects.create(title="a")
            loan = Loan.objects.create(id=_id_at(datetime(2031, 3, 31, 23, 59, tzinfo=UTC)), book=book)
            assert self._partition_of(loan) == "walls_loan_other"
            made = ensure_partitions(today=date(2031, 2, 10))
            assert "walls_loan_2031_03" in made
            assert self._partition_of(loan) == "walls_loan_2031_03"
        assert ensure_partitions(today=date(2031, 2, 10)) == []

    def test_a_partition_made_later_checks_its_rows_too(self) -> None:
        ensure_partitions(today=date(2032, 5, 10))
        with tenant_scope(make_tenant().pk):
            book = Book.objects.create(title="a")
            may = _id_at(datetime(2032, 5, 10, tzinfo=UTC))
            assert self._partition_of(Loan.objects.create(id=may, book=book, days=0)) == "walls_loan_2032_05"
            with pytest.raises(IntegrityError, match="check constraint"), transaction.atomic():
                Loan.objects.create(id=UUID(int=may.int + 1), book=book, days=-1)

    def test_the_id_alone_stays_the_key_for_upserts(self) -> None:
        tenant = make_tenant()
        with tenant_scope(tenant.pk):
            book = Book.objects.create(title="a")
            loan = Loan.objects.create(book=book, note="first")
            again = Loan(id=loan.pk, tenant=tenant, book=book, note="second")
            Loan.objects.bulk_create([again], update_conflicts=True, unique_fields=["id"], update_fields=["note"])
            assert Loan.objects.get().note == "second"

    def test_a_partition_cannot_be_read_past_the_wall(self) -> None:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute("SELECT * FROM walls_loan_other")

    def test_references_out_of_a_partitioned_table_stay_within_the_tenant(self) -> None:
        ours, theirs = make_tenant(), make_tenant()
        with tenant_scope(ours.pk, theirs.pk):
            book = Book.objects.create(title="a", tenant=theirs)
            with pytest.raises(IntegrityError), checked_transaction():
                Loan.objects.create(tenant=ours, book_id=book.pk)

    def test_indexes_survive_the_conversion(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'walls_loan'")
            definitions = " ".join(row[0] for row in cursor.fetchall())
        assert "(note)" in definitions
        assert "(book_id)" in definitions
