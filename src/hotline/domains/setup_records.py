"""The one write path of set-up records: scope, lock, version check, save, audit, news for the readers.

Every domain that administrators configure stands on it, so that sites, queues and flows behave alike. It knows no
domain; each domain's `actions` call it after checking their own rules."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ManyToOneRel, ProtectedError

from hotline.domains.setup_words import Text, listed, type_name
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import InUseError, InvalidInputError, NotFoundError, StaleVersionError
from hotline.foundation.fields import mask_phone
from hotline.foundation.ids import as_uuid
from hotline.foundation.tenancy import TenantModel, scope_of
from hotline.kernel.errors import HotlineError

PERMISSION = "admin.configure"
_NOT_AUDITED = frozenset({"id", "tenant_id", "created_at", "updated_at", "version"})


class TakenError(HotlineError):
    code = "setup.taken"
    status = 409
    sentence = "There is already a {object_type} with the {field} {value}. Choose another {field}, or change that one."


class UnknownReferenceError(HotlineError):
    code = "setup.unknown_reference"
    status = 422
    sentence = "The {field} {value} does not exist in this tenant. Choose one from the list."


class SwitchedOffError(HotlineError):
    code = "setup.switched_off"
    status = 422
    sentence = "The {field} {value} is switched off. Switch it on first, or choose another."


class StillLedToError(HotlineError):
    """Like InUseError, for a record that is to be switched off: in the same places it would be missed."""

    code = "setup.still_led_to"
    status = 409
    sentence = "The {object_type} {value} is still used by {used_by}. Remove it there first, then switch it off."


class SetupRecord(TenantModel):
    """A row that administrators edit. `version` grows with each change, so that nobody overwrites unseen work.

    A model may name in `keeps_in_use` fields of its own: what they refer to is not switched off while the row, or the
    record that it is part of, is in use; nor does a record in use begin to refer to what is switched off. So a higher
    domain guards a record of a lower one, which knows nothing of it."""

    object_type: ClassVar[str]  # the word for it in audit lines and errors
    unique_field: ClassVar[str] = "code"
    masked_fields: ClassVar[frozenset[str]] = frozenset()  # telephone numbers that the audit shows masked
    keeps_in_use: ClassVar[frozenset[str]] = frozenset()

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


Record = TypeVar("Record", bound=SetupRecord)
Related = TypeVar("Related", bound=TenantModel)


@contextmanager
def setup_write(actor: Actor) -> Iterator[Actor]:
    """Scope and transaction of one write; gives the actor within the tenants that it may configure.

    Raises ForbiddenError when there are none."""
    configuring = actor.narrowed(PERMISSION)
    with scope_of(configuring), transaction.atomic():
        yield configuring


@dataclass(frozen=True)
class Writes(Generic[Record]):
    """Create, change and remove for records whose values are all columns of their own.

    `check` may refuse a record with its new values. `announce` tells the readers of the set-up which tenant's has
    changed."""

    model: type[Record]
    check: Callable[[Record], None] | None = None
    announce: Callable[[UUID], None] | None = None

    def create(self, actor: Actor, values: Mapping[str, Any], tenant_id: UUID | None = None) -> UUID:
        """The id of the new record. Without `tenant_id` it is for the only tenant that the actor serves."""
        with setup_write(actor) as admin:
            tenant = admin.tenant_or_only(tenant_id)
            record = self.model(tenant_id=tenant, **resolved(self.model, values, tenant))
            if self.check is not None:
                self.check(record)
            add(admin, record)
            self._announce(tenant)
            return as_uuid(record.pk)

    def change(self, actor: Actor, record_id: UUID | str, version: int, values: Mapping[str, Any]) -> None:
        """Set the given values. Raises StaleVersionError when somebody else changed the record since `version`."""
        with setup_write(actor) as admin:
            record = locked(self.model, record_id, version)
            revise(admin, record, resolved(self.model, values, record.tenant_id), self.check)
            self._announce(record.tenant_id)

    def remove(self, actor: Actor, record_id: UUID | str, version: int) -> None:
        """Delete it. Raises InUseError, which names what still uses it."""
        with setup_write(actor) as admin:
            record = locked(self.model, record_id, version)
            remove(admin, record)
            self._announce(record.tenant_id)

    def _announce(self, tenant_id: UUID) -> None:
        if self.announce is not None:
            self.announce(tenant_id)


def locked(model: type[Record], record_id: UUID | str, version: int | None = None) -> Record:
    """The record, locked until the transaction ends. Raises NotFoundError, and StaleVersionError when `version` is
    given and is not the stored one."""
    # Not the key: who refers to the record need not wait, and nobody waits for who waits for them.
    rows = model.objects.select_for_update(no_key=True)
    record: Record | None = rows.filter(pk=_key(model, record_id)).first()
    if record is None:
        raise NotFoundError(object_type=model.object_type, object_id=str(record_id))
    if version is not None and record.version != version:
        raise StaleVersionError(version=record.version)
    return record


def referenced(model: type[Related], record_id: UUID | str | None, tenant_id: UUID, field: str) -> Related | None:
    """The row of that tenant that a field points to. Raises UnknownReferenceError for anything else."""
    if record_id is None:
        return None
    try:
        found: Related | None = model.objects.filter(pk=as_uuid(record_id), tenant_id=tenant_id).first()
    except ValueError:
        found = None
    if found is None:
        raise UnknownReferenceError(field=field, value=str(record_id))
    return found


def resolved(model: type[TenantModel], values: Mapping[str, Any], tenant_id: UUID) -> dict[str, Any]:
    """The values with each `<name>_id` that points to a tenant's record replaced by `<name>` and that record.

    Raises UnknownReferenceError for one that the tenant does not have."""
    plain: dict[str, Any] = {}
    for name, value in values.items():
        column = model._meta.get_field(name)  # a misspelt name must not pass as a change
        related = column.related_model if name == getattr(column, "attname", "") else None
        if isinstance(related, type) and issubclass(related, TenantModel):
            plain[column.name] = referenced(related, value, tenant_id, name)
        else:
            plain[name] = value
    return plain


def hold_in_use(rows: models.QuerySet[Record], field: str) -> None:
    """Lock these until the transaction ends, so that nobody switches one off meanwhile. Raises SwitchedOffError for one
    that is off; `field` is where it was named."""
    # All of them are locked, and read again where somebody else held the lock: a filter would pass over those.
    for row in rows.select_for_update(no_key=True).order_by("pk"):
        if not getattr(row, "is_active", True):
            raise SwitchedOffError(field=field, value=_label(row))


def keepers_of(model: type[SetupRecord]) -> list[tuple[type[TenantModel], str]]:
    """The models whose rows keep records of this model in use, each with the field that refers to them."""
    relations = [one for one in model._meta.get_fields(include_hidden=True) if isinstance(one, ManyToOneRel)]
    found = [
        (one.related_model, one.field.name)
        for one in relations
        if issubclass(one.related_model, TenantModel)
        and one.field.name in getattr(one.related_model, "keeps_in_use", ())
    ]
    return sorted(found, key=lambda pair: (pair[0]._meta.label, pair[1]))


def rows_in_use(model: type[TenantModel]) -> models.QuerySet[TenantModel]:
    """The model's rows without those that are switched off, if it can be."""
    can_be_off = any(field.name == "is_active" for field in model._meta.concrete_fields)
    return model.objects.filter(**({"is_active": True} if can_be_off else {}))


def add(actor: Actor, record: SetupRecord, **details: Any) -> None:
    """Save a new record and write it into the audit. Raises SwitchedOffError when it refers to what must be in use."""
    _check_references(record, {})
    _save(record)
    _audit(actor, record, "created", {"values": audited_values(record), **details})


def revise(
    actor: Actor,
    record: Record,
    values: Mapping[str, Any],
    check: Callable[[Record], None] | None = None,
    **details: Any,
) -> None:
    """Set the values, raise the version, save, and write the difference into the audit.

    `check` sees the record with its new values and may raise to refuse them. Raises StillLedToError for one that is
    switched off and must not be, and SwitchedOffError for a new reference to what is."""
    before = audited_values(record)
    for name, value in values.items():
        setattr(record, name, value)
    if check is not None:
        check(record)
    _check_references(record, before)
    if before.get("is_active") and not getattr(record, "is_active", True):
        _check_unused(record)
    record.version += 1
    _save(record)
    _audit(actor, record, "changed", {"difference": difference(before, audited_values(record)), **details})


def remove(actor: Actor, record: SetupRecord) -> None:
    """Delete a record that nothing uses. Raises InUseError naming what does."""
    record_id, values = record.pk, audited_values(record)
    try:
        record.delete()
    except ProtectedError as error:
        raise InUseError(used_by=_named(_users(error))) from error
    audit.record(
        actor, f"{record.object_type}.removed", record.object_type, record_id, record.tenant_id, {"values": values}
    )


def audited_values(record: SetupRecord) -> dict[str, Any]:
    """The record's own columns as JSON values, for the audit; telephone numbers masked."""
    values = {
        field.attname: _json(getattr(record, field.attname))
        for field in record._meta.concrete_fields
        if field.attname not in _NOT_AUDITED
    }
    masked = {name: mask_phone(values[name]) for name in record.masked_fields if values[name]}
    return {**values, **masked}


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What changed, as {name: [before, after]}."""
    names = sorted({*before, *after})
    return {name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)}


def _check_references(record: SetupRecord, before: Mapping[str, Any]) -> None:
    """What was referred to before, by a record in use, may have been switched off by an earlier release: it stays."""
    if not getattr(record, "is_active", True):
        return
    known = before if before.get("is_active", True) else {}
    for name in sorted(record.keeps_in_use):
        field = record._meta.get_field(name)
        column, related = getattr(field, "attname", name), field.related_model
        key = getattr(record, column)
        is_new = key is not None and known.get(column) != _json(key)
        if is_new and isinstance(related, type) and issubclass(related, SetupRecord):
            hold_in_use(related.objects.filter(pk=key), column)


def _check_unused(record: SetupRecord) -> None:
    users: set[models.Model] = set()
    for model, name in keepers_of(type(record)):
        users.update(getattr(row, "owner", row) for row in rows_in_use(model).filter(**{name: record}))
    if users:
        kind, label = type_name(record.object_type), _label(record)
        raise StillLedToError(object_type=kind, value=label, used_by=_named(sorted(users, key=_label)))


def _save(record: SetupRecord) -> None:
    try:
        record.clean_fields(exclude={"tenant"})
        record.save()
    except ValidationError as error:
        field, problems = next(iter(error.message_dict.items()))
        raise InvalidInputError(field=field, problem=problems[0]) from error
    except IntegrityError as error:
        # References were looked up before, so that what is left is a value that another row already has.
        field, kind = record.unique_field, type_name(record.object_type)
        raise TakenError(object_type=kind, field=field, value=str(getattr(record, field))) from error


def _audit(actor: Actor, record: SetupRecord, what: str, details: dict[str, Any]) -> None:
    audit.record(actor, f"{record.object_type}.{what}", record.object_type, record.pk, record.tenant_id, details)


def _key(model: type[SetupRecord], record_id: UUID | str) -> UUID:
    try:
        return as_uuid(record_id)
    except ValueError:
        raise NotFoundError(object_type=model.object_type, object_id=str(record_id)) from None


def _named(users: Sequence[models.Model]) -> Text:
    """What still uses the record, for people."""
    return listed([(getattr(found, "object_type", str(found._meta.verbose_name)), _label(found)) for found in users])


def _users(error: ProtectedError) -> list[models.Model]:
    """The records that hold on, where a row in between (a queue's skill) stands for the record that it is part of."""
    owners = {getattr(found, "owner", found) for found in error.protected_objects}
    return sorted(owners, key=_label)


def _label(found: models.Model) -> str:
    return str(getattr(found, getattr(found, "unique_field", "pk")))


def _json(value: Any) -> Any:
    if isinstance(value, UUID | date | datetime):
        return str(value)
    return value
