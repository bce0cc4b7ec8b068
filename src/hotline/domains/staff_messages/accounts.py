"""The accounts by which a tenant's messages leave, and trials of them."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from email.utils import parseaddr
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from hotline.domains.setup_records import PERMISSION, add, remove, revise, setup_write
from hotline.domains.staff_messages import addresses, errors, rules, wording
from hotline.domains.staff_messages.models import AccountSecret, MessageAccount, StaffMessage
from hotline.domains.staff_messages.schemas import MessageAccountOut, MessageTrialOut
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError, RateLimitedError, StaleVersionError
from hotline.foundation.tenancy import scope_of

_DRIVERS: Final = {"email": {"smtp", "webhook", "simulated"}, "sms": {"smpp", "webhook", "simulated"}}
_SERVER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):\d{1,5}\Z")
_SHORTEST_SECRET: Final = 16
_TRIALS_AN_HOUR: Final = 20


def accounts(actor: Actor) -> list[MessageAccountOut]:
    """The accounts of the tenants that the actor may configure, with how much waits to go out by each."""
    admin = actor.narrowed(PERMISSION)
    with scope_of(admin):
        rows = MessageAccount.objects.select_related("secret").order_by("tenant_id", "way")
        open_rows = StaffMessage.objects.filter(state__in=["waiting", "sending"])
        counted = open_rows.order_by().values_list("tenant_id", "way").annotate(count=Count("pk"))
        waiting = {(tenant_id, way): count for tenant_id, way, count in counted}
        return [_shown(row, waiting.get((row.tenant_id, row.way), 0)) for row in rows]


def keep(actor: Actor, way: str, version: int, values: Mapping[str, Any], secret: str | None) -> None:
    """Make the tenant's account of that way, or change it. A secret of None stays as it is, an empty one goes away.

    Raises StaleVersionError when somebody else has made or changed it meanwhile, and what `errors` names."""
    with setup_write(actor) as admin:
        tenant_id = admin.tenant_or_only()
        account = MessageAccount.objects.select_for_update().filter(tenant_id=tenant_id, way=way).first()
        if version != (account.version if account else 0):
            raise StaleVersionError(version=account.version if account else 0)
        former = AccountSecret.objects.filter(account_id=account.pk).first() if account else None
        kept = secret if secret is not None else former.text if former else ""
        _check(way, values, kept)
        details: dict[str, Any] = {"has_new_secret": True} if secret is not None else {}
        if account is None:
            account = MessageAccount(tenant_id=tenant_id, way=way, **values)
            add(admin, account, **details)
        else:
            if secret is None and account.address != values["address"]:
                _refuse_moved_secret(kept)
            revise(admin, account, values, **details)
        _keep_secret(account, former, kept)


def forget(actor: Actor, way: str, version: int) -> None:
    """Remove the tenant's account of that way; what waits goes out when there is one again, or is given up."""
    with setup_write(actor) as admin:
        account = _locked(admin, way)
        if account.version != version:
            raise StaleVersionError(version=account.version)
        remove(admin, account)


def try_out(actor: Actor, way: str, to: str, language: str) -> UUID:
    """Put a trial message into the outbox; answers its id. Raises NoAccountError, AddressInvalidError or
    PhoneNumberError, and RateLimitedError after twenty in an hour: trials are no way to write to people."""
    address = addresses.checked(way, to)
    with setup_write(actor) as admin:
        account = _locked(admin, way)
        if not account.is_active:
            raise errors.NoAccountError
        now = timezone.now()
        recent = StaffMessage.objects.filter(
            tenant_id=account.tenant_id, topic=StaffMessage.Topic.TRIAL, created_at__gt=now - timedelta(hours=1)
        )
        if recent.count() >= _TRIALS_AN_HOUR:
            raise RateLimitedError(wait_s=3600)
        trial = StaffMessage.objects.create(
            tenant_id=account.tenant_id,
            way=way,
            topic=StaffMessage.Topic.TRIAL,
            text_code="trial",
            language=language,
            to=address,
            due_at=now,
            expires_at=now + rules.WORTH["trial"],
        )
        audit.record(admin, "message_account.tried", "message_account", account.pk, account.tenant_id, {"way": way})
        return trial.pk


def trial(actor: Actor, trial_id: UUID, language: str) -> MessageTrialOut:
    """What became of a trial. Raises NotFoundError, also for another tenant's and for what is no trial."""
    with scope_of(actor.narrowed(PERMISSION)):
        row = StaffMessage.objects.filter(pk=trial_id, topic=StaffMessage.Topic.TRIAL).first()
        if row is None:
            raise NotFoundError(object_type="message_trial", object_id=str(trial_id))
        error = wording.reason(row.error_code, row.error_status, language)
        way: Any = row.way
        state: Any = row.state
        return MessageTrialOut(
            id=row.pk, way=way, state=state, attempts=row.attempts, error=error, is_simulated=row.is_simulated
        )


def for_tenant(actor: Actor, tenant_id: UUID | None) -> Actor:
    """The actor within the one tenant whose account is meant, for those who serve several."""
    admin = actor.narrowed(PERMISSION)
    return replace(admin, tenant_ids=frozenset({admin.tenant_or_only(tenant_id)}))


def _locked(admin: Actor, way: str) -> MessageAccount:
    rows = MessageAccount.objects.select_for_update()
    account = rows.filter(tenant_id=admin.tenant_or_only(), way=way).first()
    if account is None:
        raise errors.NoAccountError
    return account


def _keep_secret(account: MessageAccount, former: AccountSecret | None, text: str) -> None:
    if not text:
        AccountSecret.objects.filter(account_id=account.pk).delete()
    elif former is None:
        AccountSecret.objects.create(tenant_id=account.tenant_id, account=account, text=text)
    elif former.text != text:
        former.text = text
        former.save()


def _refuse_moved_secret(kept: str) -> None:
    """A stored password must not be sent to a server that somebody has just named: they have to know it."""
    if kept:
        raise errors.SecretToMoveError


def _check(way: str, values: Mapping[str, Any], secret: str) -> None:
    driver, address = values["driver"], values["address"]
    if driver not in _DRIVERS[way]:
        raise errors.DriverDoesNotFitError
    if driver == "simulated":
        return
    if not (_is_url(address) if driver == "webhook" else _SERVER.match(address)):
        raise errors.AccountAddressError
    if driver == "webhook" and len(secret) < _SHORTEST_SECRET:
        raise errors.SecretNeededError
    if driver == "smtp":
        _check_mail(values)


def _check_mail(values: Mapping[str, Any]) -> None:
    if "@" not in parseaddr(values["sender"])[1]:
        raise errors.SenderNeededError
    if values["username"] and values["encryption"] == "none":
        raise errors.LogInNeedsEncryptionError


def _is_url(address: str) -> bool:
    try:
        url = urlsplit(address)
        return url.scheme in ("https", "http") and bool(url.hostname) and url.username is None and url.port != 0
    except ValueError:
        return False


def _shown(row: MessageAccount, waiting: int) -> MessageAccountOut:
    names = ("tenant_id", "version", "address", "username", "sender", "keep_days", "is_active")
    own: dict[str, Any] = {name: getattr(row, name) for name in (*names, "way", "driver", "encryption")}
    return MessageAccountOut(**own, has_secret=hasattr(row, "secret"), waiting=waiting)


def offered_ways(tenant_id: UUID) -> frozenset[str]:
    """The ways by which the tenant sends messages; needs a scope."""
    return frozenset(MessageAccount.objects.filter(tenant_id=tenant_id, is_active=True).values_list("way", flat=True))
