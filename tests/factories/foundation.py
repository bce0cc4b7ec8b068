"""Tenants, users and actors for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.test import Client

from hotline.foundation.access import actor_of
from hotline.foundation.actors import Actor
from hotline.foundation.models import Membership, Tenant, User
from hotline.foundation.permissions import Role

_numbers = count(1)
PASSWORD = "right-horse-battery"
# One argon2 hash for all test users: hashing takes 50 ms, and few tests are about it.
_HASHED: dict[str, str] = {}


@contextmanager
def checked_transaction() -> Iterator[None]:
    """A transaction at whose end deferred references are checked, as a commit would."""
    with transaction.atomic():
        yield
        connection.check_constraints()


def make_tenant(code: str | None = None, **fields: Any) -> Tenant:
    """A saved tenant."""
    code = code or f"tenant-{next(_numbers)}"
    return Tenant.objects.create(code=code, name={"zh": f"租户{code}", "en": f"Tenant {code}"}, **fields)


def make_user(
    username: str | None = None, *, tenant: Tenant | None = None, role: str | None = None, **fields: Any
) -> User:
    """A saved user with PASSWORD, and a membership when a tenant is given (role: administrator unless said)."""
    username = username or f"user-{next(_numbers)}"
    user = User(username=username, **{"name": username.title(), **fields})
    if PASSWORD not in _HASHED:
        user.set_password(PASSWORD)
        _HASHED[PASSWORD] = user.password
    user.password = _HASHED[PASSWORD]
    user.save()
    if tenant is not None:
        Membership.objects.create(user=user, tenant=tenant, role=role or Role.ADMINISTRATOR)
    return user


def make_actor(tenant: Tenant, role: str = Role.ADMINISTRATOR) -> Actor:
    """The actor of a new user with that role."""
    return actor_of(make_user(tenant=tenant, role=role))


def client_of(user: User) -> Client:
    """A browser in which the user is signed in. Unsafe methods pass, as Django's test client skips CSRF by default."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
