"""Nothing personal goes to an address before its owner has confirmed it."""

from datetime import timedelta

import pytest

from hotline.domains.staff_messages import addresses, choices, errors
from hotline.domains.staff_messages.models import StaffAddress, StaffMessage
from hotline.domains.staff_messages.own_agent import own_write
from hotline.foundation.actors import Actor
from hotline.foundation.errors import ConflictError, ForbiddenError, RateLimitedError, StaleVersionError
from hotline.foundation.fields import PhoneNumberError
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import client_of, make_actor, make_tenant, make_user
from tests.factories.rosters import make_worker
from tests.factories.setup import make_agent
from tests.factories.staff_messages import choose, confirm, make_account, newest_code, outbox_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant() -> Tenant:
    tenant = make_tenant()
    make_account(tenant)
    return tenant


@pytest.fixture
def agent(tenant: Tenant) -> Actor:
    return make_worker(tenant)[0]


def own_mail(agent: Actor) -> tuple[str, bool]:
    (found,) = [one for one in choices.own(agent).addresses if one.way == "email"]
    return found.address, found.is_confirmed


def age(tenant: Tenant, by: timedelta) -> None:
    """Let everything have happened so long ago."""
    with tenant_scope(tenant.pk):
        for row in StaffMessage.objects.all():
            StaffMessage.objects.filter(pk=row.pk).update(created_at=row.created_at - by)
        for address in StaffAddress.objects.exclude(code_until=None):
            assert address.code_until is not None
            StaffAddress.objects.filter(pk=address.pk).update(code_until=address.code_until - by)


def test_code_goes_to_the_address_and_confirms_it(tenant: Tenant, agent: Actor) -> None:
    addresses.keep(agent, "email", " Lin@Example.org ")
    (message,) = outbox_of(tenant)
    assert (message.topic, message.to, len(message.secret_text)) == ("code", "Lin@example.org", 6)
    assert own_mail(agent) == ("Lin@example.org", False)
    assert addresses.confirm(agent, "email", message.secret_text).result == "confirmed"
    assert own_mail(agent) == ("Lin@example.org", True)
    assert addresses.confirm(agent, "email", message.secret_text).result == "too_old"  # once


def test_another_address_must_be_confirmed_anew_and_the_former_code_is_dead(tenant: Tenant, agent: Actor) -> None:
    addresses.keep(agent, "email", "one@example.org")
    former = newest_code(tenant)
    age(tenant, timedelta(minutes=1))
    addresses.keep(agent, "email", "two@example.org")
    assert [message.to for message in outbox_of(tenant)] == ["two@example.org"]
    if former != newest_code(tenant):
        assert addresses.confirm(agent, "email", former).result == "wrong"
    assert own_mail(agent) == ("two@example.org", False)


def test_the_same_address_stays_confirmed_while_a_new_code_is_asked_for(tenant: Tenant, agent: Actor) -> None:
    confirm(tenant, agent)
    addresses.keep(agent, "email", "lin@example.org")
    assert own_mail(agent) == ("lin@example.org", True)


def test_five_wrong_tries_end_the_code(tenant: Tenant, agent: Actor) -> None:
    addresses.keep(agent, "email", "lin@example.org")
    right = newest_code(tenant)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    left = [addresses.confirm(agent, "email", wrong).tries_left for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    assert addresses.confirm(agent, "email", right).result == "too_old"


def test_wrong_tries_count_over_http_also_with_an_idempotency_key(tenant: Tenant) -> None:
    user = make_user(tenant=tenant, role="agent")
    make_agent(tenant, user_id=user.pk)
    client = client_of(user)
    address = "/api/v1/my-messages/email"
    assert client.put(address, {"address": "lin@example.org"}, content_type="application/json").status_code == 200
    wrong = f"{(int(newest_code(tenant)) + 1) % 1_000_000:06d}"
    answers = [
        client.post(
            f"{address}/confirmation",
            {"code": wrong},
            content_type="application/json",
            headers={"Idempotency-Key": f"key-{number}-12345"},
        ).json()
        for number in range(6)
    ]
    assert [one["result"] for one in answers] == ["wrong"] * 5 + ["too_old"]


def test_a_code_grows_old(tenant: Tenant, agent: Actor) -> None:
    addresses.keep(agent, "email", "lin@example.org")
    age(tenant, timedelta(minutes=16))
    assert addresses.confirm(agent, "email", newest_code(tenant)).result == "too_old"


def test_codes_are_few_because_they_go_to_unknown_people(tenant: Tenant, agent: Actor) -> None:
    addresses.keep(agent, "email", "lin@example.org")
    with pytest.raises(RateLimitedError):
        addresses.keep(agent, "email", "stranger@example.org")
    with tenant_scope(tenant.pk):
        StaffMessage.objects.update(state="sent")  # those that are sent are kept, and count
    for number in range(4):
        age(tenant, timedelta(minutes=1))
        addresses.keep(agent, "email", f"stranger{number}@example.org")
        with tenant_scope(tenant.pk):
            StaffMessage.objects.update(state="sent")
    age(tenant, timedelta(minutes=1))
    with pytest.raises(RateLimitedError):
        addresses.keep(agent, "email", "stranger@example.org")
    age(tenant, timedelta(hours=1))
    addresses.keep(agent, "email", "lin@example.org")


def test_addresses_are_checked_and_a_way_without_account_is_refused(tenant: Tenant, agent: Actor) -> None:
    with pytest.raises(errors.AddressInvalidError):
        addresses.keep(agent, "email", "nobody")
    with pytest.raises(PhoneNumberError):
        addresses.keep(agent, "sms", "abc")
    with pytest.raises(errors.NoAccountError):
        addresses.keep(agent, "sms", "13900005521")
    make_account(tenant, "sms")
    addresses.keep(agent, "sms", "139-0000-5521")
    assert outbox_of(tenant)[-1].to == "+8613900005521"


def test_neither_audit_nor_database_shows_address_or_code(tenant: Tenant, agent: Actor) -> None:
    confirm(tenant, agent, "secret.person@example.org")
    addresses.forget(agent, "email")
    lines = AuditEntry.objects.filter(object_type="staff_address")
    assert [line.action.split(".")[1] for line in lines.order_by("id")] == ["code_sent", "confirmed", "removed"]
    assert "secret.person" not in repr([line.details for line in lines])
    assert own_mail(agent) == ("", False)


def test_choices_are_kept_with_their_version(tenant: Tenant, agent: Actor) -> None:
    assert choices.own(agent).version == 0
    choose(agent, ways={"roster": [], "urgent": ["sms", "email"]}, quiet=("22:00", "06:30"), urgent_breaks_quiet=True)
    kept = choices.own(agent)
    assert (kept.ways.roster, kept.ways.urgent, kept.quiet_from) == ([], ["email", "sms"], "22:00")
    ways = kept.ways.dict()
    with pytest.raises(StaleVersionError):
        choices.keep(agent, 0, ways, ("", ""), urgent_breaks_quiet=False)
    with pytest.raises(errors.QuietHoursError):
        choices.keep(agent, 1, ways, ("22:00", ""), urgent_breaks_quiet=False)


def test_who_is_no_agent_here_has_no_messages(tenant: Tenant) -> None:
    with pytest.raises((errors.NotAnAgentError, ForbiddenError)):
        choices.own(make_actor(tenant, "planner"))


def test_the_same_written_twice_at_one_moment_is_told_and_not_a_fault_of_ours(tenant: Tenant, agent: Actor) -> None:
    with pytest.raises(ConflictError), own_write(agent) as me:
        StaffAddress.objects.bulk_create(
            StaffAddress(tenant_id=me.tenant_id, agent_id=me.agent_id, way="email", address="a@b.org") for _ in range(2)
        )
    assert own_mail(agent) == ("", False)


def test_one_agent_never_sees_anothers_address(tenant: Tenant, agent: Actor) -> None:
    confirm(tenant, agent)
    other = make_worker(tenant)[0]
    stranger = make_worker(make_tenant())[0]
    assert own_mail(other) == own_mail(stranger) == ("", False)
    assert addresses.confirm(other, "email", "123456").result == "too_old"
