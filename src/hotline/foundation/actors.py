"""Who asks. Every action takes an `Actor`; nothing reads it from a thread or a request on the side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Self
from uuid import UUID

from hotline.foundation.errors import ForbiddenError, NotSignedInError, NotYourTenantError, TenantNeededError
from hotline.foundation.ids import as_uuid

ActorKind = Literal["user", "system", "internal"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a process, the tenants it serves, and what it may do there.

    `permissions` are all that are held anywhere; `grants` says in which tenant, because a person may be administrator
    here and agent there (without `grants` they hold in each of `tenant_ids`). System actors may do everything in their
    tenants."""

    user_id: UUID | None
    name: str
    kind: ActorKind
    tenant_ids: frozenset[UUID]
    permissions: frozenset[str] = frozenset()
    session_id: str | None = None
    address: str | None = None
    grants: Mapping[UUID, frozenset[str]] | None = field(default=None, repr=False)

    @classmethod
    def system(cls, name: str, tenant_ids: Iterable[UUID | str]) -> Self:
        """A process of the house, by name (`projector`), within the given tenants."""
        return cls(user_id=None, name=name, kind="system", tenant_ids=frozenset(map(as_uuid, tenant_ids)))

    @classmethod
    def internal(cls, name: str) -> Self:
        """Another role of the centre, over /internal; it serves no tenant until the action scopes one."""
        return cls(user_id=None, name=name, kind="internal", tenant_ids=frozenset())

    @property
    def person_id(self) -> UUID:
        """The user behind this actor. Raises NotSignedInError for processes."""
        if self.user_id is None:
            raise NotSignedInError
        return self.user_id

    def tenants_with(self, permission: str) -> frozenset[UUID]:
        """The tenants in which this actor holds the permission."""
        if self.kind == "system":
            return self.tenant_ids
        if self.grants is not None:
            return frozenset(t for t in self.tenant_ids if permission in self.grants.get(t, frozenset()))
        return self.tenant_ids if permission in self.permissions else frozenset()

    def has(self, permission: str, tenant_id: UUID | str | None = None) -> bool:
        """Whether the permission is held: in that tenant, or (without one) anywhere."""
        if tenant_id is not None:
            return as_uuid(tenant_id) in self.tenants_with(permission)
        return self.kind == "system" or permission in self.permissions

    def require(self, permission: str, tenant_id: UUID | str | None = None) -> None:
        """Pass, or raise ForbiddenError that names the permission."""
        if not self.has(permission, tenant_id):
            raise ForbiddenError(permission=permission)

    def narrowed(self, permission: str) -> Self:
        """The same actor within the tenants where the permission is held. Raises ForbiddenError without it."""
        self.require(permission)
        return replace(self, tenant_ids=self.tenants_with(permission))

    def tenant_or_only(self, tenant_id: UUID | str | None = None) -> UUID:
        """The tenant that a write is for: the given one if this actor serves it, else the only one.

        Raises NotYourTenantError for a foreign tenant, TenantNeededError when none was given and there are several."""
        if tenant_id is not None:
            wanted = as_uuid(tenant_id)
            if wanted not in self.tenant_ids:
                raise NotYourTenantError
            return wanted
        if len(self.tenant_ids) != 1:
            raise TenantNeededError
        return next(iter(self.tenant_ids))
