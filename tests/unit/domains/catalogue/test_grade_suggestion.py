"""The funnel grade that a business's difficulty, frequency and risk suggest: what, why, and taken with one click."""

from itertools import product

import pytest
from django.test import Client

from hotline.domains.catalogue.rules import suggestion, suggestion_reason
from hotline.foundation.models import AuditEntry, Tenant
from tests.factories import setup
from tests.factories.foundation import client_of, make_tenant, make_user

ADMIN = "/api/v1/admin"
ONE_TO_FIVE = range(1, 6)


@pytest.mark.parametrize(
    ("difficulty", "frequency", "risk", "grade", "points", "is_raised"),
    [
        (1, 5, 1, 1, 3, False),  # easy, asked often, harmless
        (3, 4, 2, 2, 7, False),
        (4, 2, 3, 3, 11, False),
        (5, 1, 5, 4, 15, False),
        (1, 5, 5, 3, 7, True),  # the greatest risk stands high, however easy and frequent
    ],
)
def test_what_is_hard_risky_and_rare_stands_high(
    difficulty: int, frequency: int, risk: int, grade: int, points: int, is_raised: bool
) -> None:
    found = suggestion(difficulty, frequency, risk)
    assert (found.grade, found.points, found.is_raised_by_risk) == (grade, points, is_raised)


def test_harder_riskier_or_rarer_never_stands_lower() -> None:
    for difficulty, frequency, risk in product(ONE_TO_FIVE, repeat=3):
        here = suggestion(difficulty, frequency, risk).grade
        assert 1 <= here <= 4
        assert difficulty == 5 or suggestion(difficulty + 1, frequency, risk).grade >= here
        assert frequency == 1 or suggestion(difficulty, frequency - 1, risk).grade >= here
        assert risk == 5 or suggestion(difficulty, frequency, risk + 1).grade >= here


def test_the_reason_adds_up_and_says_when_risk_decides() -> None:
    assert suggestion_reason(3, 4, 2)["en"] == "difficulty 3 + risk 2 + rarity 2 = 7 points of 3–15"
    assert suggestion_reason(1, 5, 5)["en"].endswith("; with risk 5 never below level 3")
    assert suggestion_reason(1, 5, 5)["zh"].endswith("；风险为 5，不低于第 3 级")


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def admin(water: Tenant) -> Client:
    return client_of(make_user(tenant=water))


@pytest.mark.django_db
def test_taking_the_suggestion_is_a_change_of_the_grade_in_the_audit(water: Tenant, admin: Client) -> None:
    module = setup.make_module(water, 1, difficulty=4, frequency=2, risk=3)
    shown = admin.get(f"{ADMIN}/business-modules/{module}").json()
    assert (shown["suggested_grade"], shown["suggestion_reason"]["en"][:12]) == (3, "difficulty 4")
    body = {"version": shown["version"], "grade": shown["suggested_grade"]}
    path = f"{ADMIN}/business-modules/{module}"
    assert admin.patch(path, body, content_type="application/json").json()["grade"] == 3
    line = AuditEntry.objects.get(action="business_module.changed", object_id=str(module))
    assert line.details["difference"] == {"grade": [1, 3]}
    assert admin.patch(path, body, content_type="application/json").status_code == 409


@pytest.mark.django_db
def test_without_all_three_there_is_no_suggestion(water: Tenant, admin: Client) -> None:
    module = setup.make_module(water, 1, difficulty=4, risk=3)
    shown = admin.get(f"{ADMIN}/business-modules/{module}").json()
    assert (shown["suggested_grade"], shown["suggestion_reason"]) == (None, None)


@pytest.mark.django_db
def test_a_form_asks_before_it_saves(water: Tenant, admin: Client) -> None:
    asked = f"{ADMIN}/grade-suggestion?difficulty=1&frequency=5&risk="
    assert admin.get(f"{asked}5").json()["grade"] == 3
    assert admin.get(f"{asked}6").status_code == 422
    assert client_of(make_user(tenant=water, role="agent")).get(f"{asked}5").status_code == 403
