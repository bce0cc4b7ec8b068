"""Protected text cannot be read in the database, found by its blind index only; phone numbers have one form."""

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from hotline.foundation.fields import PhoneNumberError, blind_index, mask_phone, normalise_phone
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import make_tenant
from tests.walls.models import Book

NUMBER = "+8613900005521"


@pytest.mark.django_db
def test_an_encrypted_field_cannot_be_read_in_the_database_file() -> None:
    with tenant_scope(make_tenant().pk):
        Book.objects.create(title="visible-title", secret=NUMBER, secret_index=blind_index(NUMBER, "book"))
        assert Book.objects.get().secret == NUMBER
        with connection.cursor() as cursor:
            cursor.execute("SELECT title, secret, secret_index FROM walls_book")
            title, secret, index = cursor.fetchone()
    assert title == "visible-title"
    assert "13900005521" not in secret + index
    if connection.vendor == "sqlite":
        body = connection.connection.serialize()
        assert b"visible-title" in body
        assert b"13900005521" not in body


@pytest.mark.django_db
def test_it_is_found_by_its_blind_index_and_by_nothing_else() -> None:
    with tenant_scope(make_tenant().pk):
        Book.objects.create(title="a", secret=NUMBER, secret_index=blind_index(NUMBER, "book"))
        assert Book.objects.filter(secret_index=blind_index(NUMBER, "book")).count() == 1
        assert not Book.objects.filter(secret_index=blind_index(NUMBER, "other purpose")).exists()
        with pytest.raises(FieldError):
            Book.objects.filter(secret=NUMBER).count()


@pytest.mark.parametrize(
    ("dialled", "expected"),
    [
        ("13900005521", NUMBER),
        ("+86 139 0000 5521", NUMBER),
        ("0086-139-0000-5521", NUMBER),
        ("８６１３９００００５５２１", NUMBER),
        ("021-62345678", "+862162345678"),
        ("（021）6234 5678", "+862162345678"),
        ("62345678", "62345678"),
        ("12345", "12345"),
        ("962740", "962740"),
        ("95598", "95598"),
        ("400-820-8820", "4008208820"),
        ("+44 20 7946 0018", "+442079460018"),
        ("110", "110"),
    ],
)
def test_numbers_have_one_form(dialled: str, expected: str) -> None:
    assert normalise_phone(dialled) == expected


@pytest.mark.parametrize(
    "text", ["", "+", "abc", "1", "+12", "139000055211234567", "139000O5521", "²³⁴⁵", "+86' OR 1=1"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(PhoneNumberError):
        normalise_phone(text)


@given(st.integers(13_000_000_000, 19_999_999_999).map(str))
def test_normalising_twice_changes_nothing(number: str) -> None:
    once = normalise_phone(number)
    assert normalise_phone(once) == once


@given(st.integers(100, 10**15 - 1).map(str))
def test_a_mask_hides_at_least_four_digits_or_all_but_two(number: str) -> None:
    masked = mask_phone(number)
    hidden = masked.count("*")
    assert hidden >= 4 or sum(character.isdigit() for character in masked) <= 2


@pytest.mark.parametrize(("number", "shown"), [(NUMBER, "139****5521"), ("962740", "****40"), ("95598", "***98")])
def test_a_masked_number_keeps_what_people_recognise(number: str, shown: str) -> None:
    assert mask_phone(number) == shown
