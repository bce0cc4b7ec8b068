"""Accounts: what is refused, what stays secret, and trials."""

import json
from typing import Any

import pytest
from django.test import Client

from hotline.domains.staff_messages import accounts, errors
from hotline.domains.staff_messages.models import AccountSecret
from hotline.foundation.errors import ForbiddenError, NotFoundError, RateLimitedError, StaleVersionError
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.errors import HotlineError
from tests.factories.foundation import client_of, make_actor, make_tenant, make_user
from tests.factories.setup import administrator_of
from tests.factories.staff_messages import ACCOUNT, make_account, make_sender, outbox_of, send_all

pytestmark = pytest.mark.django_db
MAIL: dict[str, Any] = {**ACCOUNT, "driver": "smtp", "address": "mail.example.org:587", "encryption": "starttls"}
HOOK: dict[str, Any] = {**ACCOUNT, "driver": "webhook", "address": "https://gateway.example.org/sms", "sender": ""}
SECRET = "a-secret-of-sixteen"


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def client(tenant: Tenant) -> Client:
    return client_of(make_user(tenant=tenant, language="en"))


def secret_of(tenant: Tenant) -> str:
    with tenant_scope(tenant.pk):
        return AccountSecret.objects.get().text


@pytest.mark.parametrize(
    ("way", "values", "secret", "error"),
    [
        ("sms", MAIL, None, errors.DriverDoesNotFitError),
        ("email", {**MAIL, "driver": "smpp"}, None, errors.DriverDoesNotFitError),
        ("email", {**MAIL, "address": "mail.example.org"}, None, errors.AccountAddressError),
        ("email", {**MAIL, "address": "https://mail.example.org:1"}, None, errors.AccountAddressError),
        ("sms", {**HOOK, "address": "gateway:80"}, SECRET, errors.AccountAddressError),
        ("sms", {**HOOK, "address": "https://user:word@gateway.example.org/"}, SECRET, errors.AccountAddressError),
        ("sms", {**HOOK, "address": "file:///etc/passwd"}, SECRET, errors.AccountAddressError),
        ("sms", HOOK, "short", errors.SecretNeededError),
        ("sms", HOOK, None, errors.SecretNeededError),
        ("email", {**MAIL, "sender": "Hotline"}, None, errors.SenderNeededError),
        ("email", {**MAIL, "encryption": "none", "username": "u"}, "p", errors.LogInNeedsEncryptionError),
    ],
)
def test_what_could_not_work_is_refused_with_a_sentence(
    tenant: Tenant, way: str, values: dict[str, Any], secret: str | None, error: type[HotlineError]
) -> None:
    with pytest.raises(error):
        accounts.keep(administrator_of(tenant), way, 0, values, secret)
    assert accounts.accounts(administrator_of(tenant)) == []


def test_secret_is_kept_until_another_is_given_and_never_shown(tenant: Tenant) -> None:
    admin = administrator_of(tenant)
    accounts.keep(admin, "email", 0, MAIL, "first-password")
    accounts.keep(admin, "email", 1, {**MAIL, "keep_days": 7}, None)
    assert secret_of(tenant) == "first-password"
    (shown,) = accounts.accounts(admin)
    assert (shown.has_secret, shown.keep_days, shown.version) == (True, 7, 2)
    assert "first-password" not in shown.model_dump_json()
    accounts.keep(admin, "email", 2, MAIL, "second-password")
    assert secret_of(tenant) == "second-password"
    audited = json.dumps([line.details for line in AuditEntry.objects.filter(object_type="message_account")])
    assert "password" not in audited
    assert audited.count("has_new_secret") == 2


def test_a_stored_secret_is_not_sent_to_a_server_that_is_named_afterwards(tenant: Tenant) -> None:
    admin = administrator_of(tenant)
    accounts.keep(admin, "email", 0, MAIL, "a-password")
    with pytest.raises(errors.SecretToMoveError):
        accounts.keep(admin, "email", 1, {**MAIL, "address": "evil.example.org:587"}, None)
    accounts.keep(admin, "email", 1, {**MAIL, "address": "new.example.org:587"}, "a-password")
    accounts.keep(admin, "email", 2, {**MAIL, "address": "new.example.org:587"}, "")
    assert not accounts.accounts(admin)[0].has_secret


def test_two_who_save_at_once_do_not_overwrite_each_other(tenant: Tenant) -> None:
    admin = administrator_of(tenant)
    accounts.keep(admin, "email", 0, MAIL, None)
    for stale in (0, 2):
        with pytest.raises(StaleVersionError):
            accounts.keep(admin, "email", stale, MAIL, None)


def test_trial_says_that_it_was_sent_and_by_a_simulated_driver(tenant: Tenant, client: Client) -> None:
    make_account(tenant)
    asked = client.post(
        "/api/v1/admin/message-accounts/email/trials", {"to": "it@example.org"}, content_type="application/json"
    )
    assert asked.status_code == 202
    assert asked.json()["state"] == "waiting"
    send_all(make_sender())
    told = client.get(f"/api/v1/admin/message-trials/{asked.json()['id']}").json()
    assert (told["state"], told["is_simulated"], told["error"]) == ("sent", True, "")
    (row,) = outbox_of(tenant)
    assert (row.to, row.text_code) == ("", "trial")  # the address is forgotten when it is over


def test_trial_tells_in_words_why_nothing_went_out(tenant: Tenant, client: Client) -> None:
    make_account(tenant, driver="smtp", address="10.1.2.3:25")
    asked = accounts.try_out(administrator_of(tenant), "email", "it@example.org", "en")
    make_sender().step()
    told = client.get(f"/api/v1/admin/message-trials/{asked}").json()
    assert told["state"] == "waiting"
    assert told["error"].startswith("The server stands in a private network that the operator has not allowed")


def test_trials_are_no_way_to_write_to_people(tenant: Tenant) -> None:
    make_account(tenant)
    admin = administrator_of(tenant)
    for _ in range(20):
        accounts.try_out(admin, "email", "it@example.org", "zh")
    with pytest.raises(RateLimitedError):
        accounts.try_out(admin, "email", "it@example.org", "zh")


def test_accounts_are_the_administrators_of_their_own_tenant(tenant: Tenant) -> None:
    make_account(tenant)
    asked = accounts.try_out(administrator_of(tenant), "email", "it@example.org", "zh")
    stranger = administrator_of(make_tenant())
    assert accounts.accounts(stranger) == []
    with pytest.raises(NotFoundError):
        accounts.trial(stranger, asked, "zh")
    with pytest.raises(errors.NoAccountError):
        accounts.forget(stranger, "email", 1)
    with pytest.raises(ForbiddenError):
        accounts.accounts(make_actor(tenant, "planner"))
    other = client_of(make_user(tenant=make_tenant()))
    refused = other.put(
        f"/api/v1/admin/message-accounts/email?tenant_id={tenant.pk}",
        {"version": 1, "driver": "simulated"},
        content_type="application/json",
    )
    assert refused.status_code == 403


def test_account_goes_when_it_is_removed_and_the_trial_says_so(tenant: Tenant) -> None:
    make_account(tenant, driver="smtp", address="mail.example.org:25", secret="a-password", encryption="tls")
    admin = administrator_of(tenant)
    with pytest.raises(StaleVersionError):
        accounts.forget(admin, "email", 7)
    accounts.forget(admin, "email", 1)
    assert accounts.accounts(admin) == []
    with tenant_scope(tenant.pk):
        assert not AccountSecret.objects.exists()
    with pytest.raises(errors.NoAccountError):
        accounts.try_out(admin, "email", "it@example.org", "zh")
