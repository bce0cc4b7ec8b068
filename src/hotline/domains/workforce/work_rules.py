"""Shift kinds, labour rules, contracts, borrowing and the settings of planning: how they are kept and read."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from hotline.domains.enterprise import queries as enterprise
from hotline.domains.people import queries as people
from hotline.domains.routing import queries as routing
from hotline.domains.setup_records import PERMISSION, UnknownReferenceError, Writes, add
from hotline.domains.setup_routes import ListFilter, Reads
from hotline.domains.workforce import errors as rotation_errors
from hotline.domains.workforce import planned_people, rules, work_rule_checks, work_rule_errors
from hotline.domains.workforce import work_rule_schemas as schemas
from hotline.domains.workforce.models import Contract, LabourRules, ShiftKind, SkillBorrowing, WorkforceSettings
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import scope_of


def _check_shift_kind(kind: ShiftKind) -> None:
    people.require_skills(kind.tenant_id, kind.skill_ids, "skill_ids")
    kind.skill_ids = sorted(map(str, kind.skill_ids))
    kind.pieces = [list(piece) for piece in kind.pieces]
    kind.starts = sorted(set(kind.starts))
    kind.breaks = sorted(kind.breaks, key=lambda one: int(one["earliest_min"]))
    work_rule_checks.check_shift(
        work_rule_checks.Shift(
            pieces=[(start, length) for start, length in kind.pieces],
            starts=kind.starts,
            starts_every_min=kind.starts_every_min,
            breaks=[work_rule_checks.Break(**{"is_paid": False, **one}) for one in kind.breaks],
            paid_min=kind.paid_min,
            serves_some=bool(kind.skill_ids),
            is_on_call=kind.is_on_call,
        )
    )


def _check_labour_rules(labour: LabourRules) -> None:
    work_rule_checks.check_week(labour.week_min, labour.most_week_min)
    labour.break_steps = sorted(labour.break_steps, key=lambda one: int(one["after_min"]))
    work_rule_checks.check_breaks(planned_people.break_steps_of(labour))
    if labour.is_default:
        others = LabourRules.objects.filter(tenant_id=labour.tenant_id, is_default=True).exclude(pk=labour.pk)
        present = others.values_list("code", flat=True).first()
        if present is not None:
            raise work_rule_errors.DefaultRulesError(code=present)


def _check_contract(contract: Contract) -> None:
    first, last = contract.employed_from, contract.employed_to
    if first is not None and last is not None and last < first:
        raise rotation_errors.DatesBackwardsError(first=first.isoformat(), last=last.isoformat())
    contract.shift_kind_ids = sorted(map(str, contract.shift_kind_ids))
    _require_kinds(contract.tenant_id, contract.shift_kind_ids)
    if contract.week_min is not None:
        work_rule_checks.check_week(contract.week_min, contract.labour_rules.most_week_min)


def _require_kinds(tenant_id: UUID, kind_ids: Iterable[str]) -> None:
    wanted = set(kind_ids)
    rows = ShiftKind.objects.filter(tenant_id=tenant_id, pk__in=wanted) if wanted else ShiftKind.objects.none()
    for missing in sorted(wanted - set(map(str, rows.values_list("pk", flat=True)))):
        raise UnknownReferenceError(field="shift_kind_ids", value=missing)


def _check_borrowing(borrowing: SkillBorrowing) -> None:
    if borrowing.lender_id == borrowing.borrower_id:
        raise work_rule_errors.BorrowsFromItselfError


def _check_settings(settings: WorkforceSettings) -> None:
    if rules.minute_of(settings.night_from) == rules.minute_of(settings.night_to):
        raise rotation_errors.TimeOfDayError(text=f"{settings.night_from}–{settings.night_to}")
    settings.shrinkage = {reason: share for reason, share in sorted(settings.shrinkage.items()) if share}
    work_rule_checks.check_shrinkage(settings.shrinkage)
    settings.queue_calendars = {
        str(queue): str(calendar) for queue, calendar in sorted(settings.queue_calendars.items(), key=str)
    }
    tenant = settings.tenant_id
    _require(settings.queue_calendars, routing.queue_ids(tenant))
    _require(settings.queue_calendars.values(), enterprise.calendar_ids(tenant))


def _require(wanted: Iterable[str], known: frozenset[str]) -> None:
    for missing in sorted(set(wanted) - known):
        raise UnknownReferenceError(field="queue_calendars", value=missing)


def _contract_out(row: Contract) -> schemas.ContractOut:
    return schemas.ContractOut(
        id=row.pk,
        tenant_id=row.tenant_id,
        version=row.version,
        updated_at=row.updated_at,
        agent_id=row.agent_id,
        agent_number=row.agent.number,
        agent_name=row.agent.user.name,
        labour_rules_id=row.labour_rules_id,
        week_min=row.week_min,
        shift_kind_ids=row.shift_kind_ids,
        employed_from=row.employed_from,
        employed_to=row.employed_to,
    )


@dataclass(frozen=True)
class _SettingsReads(Reads[schemas.WorkforceSettingsOut]):
    """A tenant's settings are there from the first time that somebody looks for them."""

    def page(self, actor: Actor, filters: ListFilter) -> tuple[list[schemas.WorkforceSettingsOut], str | None]:
        admin = actor.narrowed(PERMISSION)
        with scope_of(admin):
            known = set(WorkforceSettings.objects.values_list("tenant_id", flat=True))
        for tenant_id in sorted(admin.tenant_ids - known):
            _make_settings(admin, tenant_id)
        return super().page(actor, filters)


def _make_settings(actor: Actor, tenant_id: UUID) -> None:
    with scope_of(actor), transaction.atomic():
        if not WorkforceSettings.objects.filter(tenant_id=tenant_id).exists():
            add(actor, WorkforceSettings(tenant_id=tenant_id))


def active_shift_kinds(actor: Actor) -> list[schemas.ShiftKindOut]:
    """The shift kinds in use of the tenants for which the actor plans, by code."""
    return _shift_kinds(actor.narrowed("planning.edit"))


def _shift_kinds(actor: Actor) -> list[schemas.ShiftKindOut]:
    with scope_of(actor):
        rows: Any = ShiftKind.objects.filter(is_active=True).order_by("code", "pk")
        return list(map(schemas.ShiftKindOut.from_orm, rows))


def labour_rules_in_use(actor: Actor) -> list[schemas.LabourRulesOut]:
    """The labour rules of the tenants for which the actor plans, by code."""
    with scope_of(actor.narrowed("planning.edit")):
        return list(map(schemas.LabourRulesOut.from_orm, LabourRules.objects.order_by("code", "pk")))


shift_kinds = Writes(ShiftKind, check=_check_shift_kind)
labour_rules = Writes(LabourRules, check=_check_labour_rules)
contracts = Writes(Contract, check=_check_contract)
skill_borrowings = Writes(SkillBorrowing, check=_check_borrowing)
workforce_settings = Writes(WorkforceSettings, check=_check_settings)

shift_kind_records = Reads(ShiftKind, schemas.ShiftKindOut.from_orm, search=("code", "short", "name__zh", "name__en"))
labour_rules_records = Reads(LabourRules, schemas.LabourRulesOut.from_orm)
contract_records = Reads(
    Contract,
    _contract_out,
    search=("agent__number", "agent__user__name"),
    order=("agent__number", "id"),
    related=("agent__user",),
)
skill_borrowing_records = Reads(
    SkillBorrowing, schemas.SkillBorrowingOut.from_orm, search=("lender__code", "borrower__code"), order=("id",)
)
settings_records = _SettingsReads(
    WorkforceSettings, schemas.WorkforceSettingsOut.from_orm, search=("tenant__code",), order=("id",)
)
