"""Routes of administrators: users, roles, tenants and the audit."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import available_timezones

import ninja
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet
from ninja import Field, Schema, Status
from pydantic import AfterValidator, EmailStr

from hotline.foundation import accounts, audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.http import ActorRequest, Page, Router, cursor_page
from hotline.foundation.models import AuditEntry, Membership, Tenant, User, usual_last_agent_days
from hotline.foundation.permissions import PERMISSIONS, ROLE_NAMES, ROLES, Role

users_router = Router(tags=["users"])
tenants_router = Router(tags=["tenants"])
audit_router = Router(tags=["audit"])


# --- users ----------------------------------------------------------------------------------------------------------


class RoleIn(Schema):
    tenant_id: UUID
    role: Role


class UserOut(Schema):
    user_id: UUID
    username: str
    name: str
    email: str
    language: str
    is_active: bool
    has_second_factor: bool
    version: int
    roles: list[RoleIn]


class UserIn(Schema):
    username: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{1,63}$", examples=["wang.fang"])
    name: str = Field(min_length=1, max_length=100, examples=["王芳"])
    email: EmailStr | Literal[""] = ""
    language: Literal["zh", "en"] = "zh"
    password: str = Field(max_length=200, examples=["correct-horse-battery"])
    roles: list[RoleIn] = Field(min_length=1)


class UserChange(Schema):
    """What is left out stays."""

    version: int
    name: str | None = Field(None, min_length=1, max_length=100)
    email: EmailStr | Literal[""] | None = None
    language: Literal["zh", "en"] | None = None
    is_active: bool | None = None


class PasswordIn(Schema):
    password: str = Field(max_length=200)


class RoleOut(Schema):
    role: str
    name: dict[str, str]
    permissions: list[str]


class PermissionOut(Schema):
    permission: str
    name: dict[str, str]


class RolesOut(Schema):
    roles: list[RoleOut]
    permissions: list[PermissionOut]


@users_router.get("/users", permission="admin.users", response=Page[UserOut])
def list_users(
    request: ActorRequest, search: str = "", cursor: str | None = None, limit: int = 50, tenant_id: UUID | None = None
) -> Any:
    """Users of one's tenants, by user name; `search` looks into user name and name."""
    tenants = [request.actor.tenant_or_only(tenant_id)] if tenant_id else request.actor.tenant_ids
    serves = Membership.objects.filter(user=OuterRef("pk"), tenant__in=tenants)
    users = User.objects.filter(Exists(serves))
    if search:
        users = users.filter(Q(username__icontains=search) | Q(name__icontains=search))
    rows, following = cursor_page(users, order=("username", "id"), cursor=cursor, limit=limit)
    return {"items": _users_out(rows, request.actor), "next_cursor": following}


@users_router.get("/users/{user_id}", permission="admin.users", response=UserOut)
def read_user(request: ActorRequest, user_id: UUID) -> UserOut:
    """One user of one's tenants."""
    user = User.objects.filter(pk=user_id, memberships__tenant__in=request.actor.tenant_ids).first()
    if user is None:
        raise NotFoundError(object_type="user", object_id=str(user_id))
    return _users_out([user], request.actor)[0]


@users_router.post("/users", permission="admin.users", response={201: UserOut})
def create_user(request: ActorRequest, payload: UserIn) -> Any:
    """Make a user with roles in one's tenants."""
    fields = payload.dict(include={"username", "name", "email", "language", "password"})
    user = accounts.create_user(request.actor, roles=_pairs(payload.roles), **fields)
    return Status(201, _users_out([user], request.actor)[0])


@users_router.patch("/users/{user_id}", permission="admin.users", response=UserOut)
def change_user(request: ActorRequest, user_id: UUID, payload: UserChange) -> UserOut:
    """Change a user, or switch them off."""
    changes = payload.dict(exclude_none=True)
    user = accounts.change_user(request.actor, user_id, changes.pop("version"), **changes)
    return _users_out([user], request.actor)[0]


@users_router.put("/users/{user_id}/roles", permission="admin.users", response=UserOut)
def set_roles(request: ActorRequest, user_id: UUID, payload: list[RoleIn]) -> UserOut:
    """Give a user exactly these roles in one's tenants."""
    user = accounts.set_roles(request.actor, user_id, _pairs(payload))
    return _users_out([user], request.actor)[0]


@users_router.post("/users/{user_id}/password", permission="admin.users", response={204: None})
def set_password(request: ActorRequest, user_id: UUID, payload: PasswordIn) -> Any:
    """Give a user a new password; their sessions end."""
    accounts.set_password(request.actor, user_id, payload.password)
    return Status(204, None)


@users_router.post("/users/{user_id}/unlock", permission="admin.users", response={204: None})
def unlock_user(request: ActorRequest, user_id: UUID) -> Any:
    """Let a locked-out user try again at once."""
    accounts.unlock(request.actor, user_id)
    return Status(204, None)


@users_router.delete("/users/{user_id}/second-factor", permission="admin.users", response={204: None})
def remove_second_factor(request: ActorRequest, user_id: UUID) -> Any:
    """Take away a user's second factor."""
    accounts.remove_second_factor(request.actor, user_id)
    return Status(204, None)


@users_router.get("/roles", permission="admin.users", response=RolesOut)
def list_roles(request: ActorRequest) -> RolesOut:
    """The roles, and what each may do."""
    roles = [RoleOut(role=role, name=ROLE_NAMES[role], permissions=sorted(ROLES[role])) for role in Role.values]
    permissions = [PermissionOut(permission=name, name=text) for name, text in PERMISSIONS.items()]
    return RolesOut(roles=roles, permissions=permissions)


def _pairs(roles: list[RoleIn]) -> list[tuple[UUID, str]]:
    return [(role.tenant_id, role.role.value) for role in roles]


def _users_out(users: list[User], actor: Actor) -> list[UserOut]:
    """The users with their roles in the actor's tenants: two queries, however many users."""
    memberships = Membership.objects.filter(user__in=users, tenant__in=actor.tenant_ids).order_by(
        "tenant__code", "role"
    )
    roles: dict[UUID, list[RoleIn]] = {}
    for membership in memberships:
        roles.setdefault(membership.user_id, []).append(
            RoleIn(tenant_id=membership.tenant_id, role=Role(membership.role))
        )
    secured = set(Authenticator.objects.filter(user__in=users).values_list("user_id", flat=True))
    return [
        UserOut(
            user_id=user.pk,
            username=user.username,
            name=user.name,
            email=user.email,
            language=user.language,
            is_active=user.is_active,
            has_second_factor=user.pk in secured,
            version=user.version,
            roles=roles.get(user.pk, []),
        )
        for user in users
    ]


# --- tenants --------------------------------------------------------------------------------------------------------


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("not a known time zone; write it like Asia/Shanghai")
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]
Days = Annotated[int, Field(ge=0, le=36_500, description="recordings are erased after so many days; 0: never")]
Months = Annotated[
    int, Field(ge=0, le=1_200, description="personal data of contacts is emptied after so many months; 0: never")
]


LimitShare = Annotated[
    int,
    Field(ge=0, le=10_000, description="hundredths of a per cent of callers, by which reachability is judged"),
]
LastAgentDays = Annotated[
    int, Field(ge=0, le=3_650, description="who served a customer within so many days is asked for first; 0: nobody")
]


class Bilingual(Schema):
    zh: str = Field(min_length=1, max_length=100)
    en: str = Field(min_length=1, max_length=100)


class TenantOut(Schema):
    tenant_id: UUID = Field(alias="id")
    code: str
    name: Bilingual
    brand_colour: str
    time_zone: str
    is_simulated: bool
    is_active: bool
    recording_days: int
    contact_months: int
    blocked_limit: int
    abandoned_limit: int
    last_agent_days: int
    version: int


class TenantIn(Schema):
    code: str = Field(pattern=r"^[a-z][a-z0-9-]{1,31}$", examples=["shibei-water"])
    name: Bilingual
    brand_colour: str = Field("#1668dc", pattern=r"^#[0-9a-fA-F]{6}$")
    time_zone: Zone = "Asia/Shanghai"
    is_simulated: bool = False
    recording_days: Days = 180
    contact_months: Months = 0
    blocked_limit: LimitShare = 10
    abandoned_limit: LimitShare = 500
    last_agent_days: LastAgentDays = Field(default_factory=usual_last_agent_days)


class TenantChange(Schema):
    """What is left out stays. A tenant that is switched off is out of everybody's reach."""

    version: int
    name: Bilingual | None = None
    brand_colour: str | None = Field(None, pattern=r"^#[0-9a-fA-F]{6}$")
    time_zone: Zone | None = None
    is_simulated: bool | None = None
    is_active: bool | None = None
    recording_days: Days | None = None
    contact_months: Months | None = None
    blocked_limit: LimitShare | None = None
    abandoned_limit: LimitShare | None = None
    last_agent_days: LastAgentDays | None = None


@tenants_router.get("/tenants", permission="admin.tenants", response=list[TenantOut])
def list_tenants(request: ActorRequest) -> Any:
    """All tenants of the installation."""
    return list(Tenant.objects.all())


@tenants_router.post("/tenants", permission="admin.tenants", response={201: TenantOut})
def create_tenant(request: ActorRequest, payload: TenantIn) -> Any:
    """Make a tenant."""
    return Status(201, accounts.create_tenant(request.actor, **payload.dict()))


@tenants_router.patch("/tenants/{tenant_id}", permission="admin.tenants", response=TenantOut)
def change_tenant(request: ActorRequest, tenant_id: UUID, payload: TenantChange) -> Any:
    """Change a tenant, or switch it off."""
    changes = payload.dict(exclude_none=True)
    return accounts.change_tenant(request.actor, tenant_id, changes.pop("version"), **changes)


# --- audit ----------------------------------------------------------------------------------------------------------


class AuditLine(Schema):
    id: int
    at: datetime
    tenant_id: UUID | None
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    address: str
    action: str
    object_type: str
    object_id: str
    details: dict[str, Any]
    is_read: bool


class AuditFilter(Schema):
    actor_id: UUID | None = None
    action: str | None = None
    object_type: str | None = None
    object_id: str | None = None
    since: datetime | None = Field(None, description="inclusive")
    until: datetime | None = Field(None, description="exclusive")
    is_read: bool | None = None

    def apply(self, lines: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """The lines that fit every filter that was given."""
        equal = self.dict(include={"actor_id", "action", "object_type", "object_id", "is_read"}, exclude_none=True)
        found = lines.filter(**equal)
        if self.since:
            found = found.filter(at__gte=self.since)
        return found.filter(at__lt=self.until) if self.until else found


class AuditVerdict(Schema):
    is_whole: bool
    problems: list[str]


@audit_router.get("/audit", permission="audit.view", response=Page[AuditLine])
def list_audit(
    request: ActorRequest, filters: ninja.Query[AuditFilter], cursor: str | None = None, limit: int = 50
) -> Any:
    """What was done and seen in one's tenants, newest first."""
    lines = filters.apply(AuditEntry.objects.filter(tenant_id__in=request.actor.tenant_ids))
    rows, following = cursor_page(lines, order=("-id",), cursor=cursor, limit=limit)
    return {"items": rows, "next_cursor": following}


@audit_router.post("/audit/verify", permission="audit.view", response=AuditVerdict)
def verify_audit(request: ActorRequest) -> AuditVerdict:
    """Check the whole chain, and name each line that was changed or is missing."""
    problems = [str(problem) for problem in audit.verify_audit()]
    return AuditVerdict(is_whole=not problems, problems=problems)


routers = [("", users_router), ("", tenants_router), ("", audit_router)]
