"""What desk, tickets and routing may know of the catalogue: frozen structs, never models."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from hotline.domains.catalogue import attributes, rules, schemas
from hotline.domains.catalogue.actions import rule_node
from hotline.domains.catalogue.models import AttributeValue, AwayReason, BusinessModule, DispositionNode, TicketType
from hotline.domains.setup_records import PERMISSION
from hotline.domains.setup_routes import Names, Reads
from hotline.foundation.actors import Actor
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import scope_of


class Disposition(msgspec.Struct, frozen=True, kw_only=True):
    """A node of the tree as the desk shows it; only leaves can be chosen."""

    disposition_id: str
    code: str
    name: dict[str, str]
    kind: str
    parent_id: str | None
    position: int
    is_choosable: bool


class TicketTypeChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket type with what a new ticket of it starts with."""

    ticket_type_id: str
    code: str
    name: dict[str, str]
    process_number: int | None
    department_id: str | None
    due_hours: int


class AwayReasonChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A reason for being away."""

    away_reason_id: str
    tenant_id: str
    name: dict[str, str]


def dispositions(actor: Actor, tenant_id: UUID, moment: datetime) -> list[Disposition]:
    """The tenant's whole tree in order; what is valid on the tenant's local day and a leaf can be chosen."""
    with scope_of(actor):
        return dispositions_of(tenant_id, moment)


def dispositions_of(tenant_id: UUID, moment: datetime) -> list[Disposition]:
    """The same; needs a scope."""
    nodes = list(DispositionNode.objects.filter(tenant_id=tenant_id))
    day = local_day(tenant_id, moment)
    choosable = rules.choosable_ids(map(rule_node, nodes), day)
    return [_disposition(node, choosable) for node in nodes]


def reason_names() -> dict[UUID, dict[str, str]]:
    """Every reason of the scope by id, named by its way down the tree, such as "Repair / No water"."""
    nodes = {node.pk: node for node in DispositionNode.objects.filter(kind=DispositionNode.Kind.REASON)}
    return {node_id: _way_down(node, nodes) for node_id, node in nodes.items()}


def lines_by_reason() -> dict[UUID, str]:
    """Of every reason of the scope the product line to which contacts filed under it are coded; empty for none."""
    nodes = map(rule_node, DispositionNode.objects.filter(kind=DispositionNode.Kind.REASON))
    return {UUID(node_id): line for node_id, line in rules.lines_of(nodes).items()}


def are_choosable(actor: Actor, tenant_id: UUID, disposition_ids: Iterable[str], moment: datetime) -> bool:
    """Whether all of these are leaves of the tenant's tree that are valid now."""
    with scope_of(actor):
        nodes = map(rule_node, DispositionNode.objects.filter(tenant_id=tenant_id))
        return set(disposition_ids) <= rules.choosable_ids(nodes, local_day(tenant_id, moment))


def ticket_types(actor: Actor, tenant_id: UUID) -> list[TicketTypeChoice]:
    """The tenant's ticket types in use, in order."""
    with scope_of(actor):
        return ticket_types_of(tenant_id)


def ticket_types_of(tenant_id: UUID) -> list[TicketTypeChoice]:
    """The same; needs a scope."""
    return [_ticket_type(found) for found in TicketType.objects.filter(tenant_id=tenant_id, is_active=True)]


def away_reasons(actor: Actor) -> list[AwayReasonChoice]:
    """The away reasons in use of the actor's tenants, in order."""
    with scope_of(actor):
        return [
            AwayReasonChoice(away_reason_id=str(reason.pk), tenant_id=str(reason.tenant_id), name=dict(reason.name))
            for reason in AwayReason.objects.filter(is_active=True)
        ]


class BusinessModuleChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A module that a matter can be filed under; `grade` is the lowest funnel level that can solve it."""

    module_id: str
    tenant_id: str
    code: str
    name: dict[str, str]
    grade: int


def business_modules(tenant_id: UUID | None = None) -> list[BusinessModuleChoice]:
    """The modules in use of the tenant, or of the whole scope, in order; needs a scope."""
    rows = BusinessModule.objects.filter(is_active=True)
    rows = rows if tenant_id is None else rows.filter(tenant_id=tenant_id)
    return [
        BusinessModuleChoice(
            module_id=str(row.pk), tenant_id=str(row.tenant_id), code=row.code, name=dict(row.name), grade=row.grade
        )
        for row in rows
    ]


def module_names(tenant_id: UUID) -> dict[UUID, dict[str, str]]:
    """What the tenant's modules are called, by id and in order, also those no longer in use; needs a scope."""
    rows = BusinessModule.objects.filter(tenant_id=tenant_id).order_by("position", "code")
    return {key: dict(name) for key, name in rows.values_list("pk", "name")}


def grade_suggestion(difficulty: int, frequency: int, risk: int) -> schemas.GradeSuggestionOut:
    """The funnel grade for a module of this difficulty, frequency and risk, 1-5 each, with the reason in words."""
    return schemas.GradeSuggestionOut(
        grade=rules.suggestion(difficulty, frequency, risk).grade,
        reason=Names(**rules.suggestion_reason(difficulty, frequency, risk)),
    )


def attribute_choices(actor: Actor) -> list[schemas.AttributeChoiceOut]:
    """Every value that can be chosen: the tenants' own in use, then the standard ones that none of them renames."""
    with scope_of(actor.narrowed(PERMISSION)):
        own = list(AttributeValue.objects.filter(is_active=True))
    chosen = [_own_choice(row) for row in own]
    renamed = {(row.kind, row.code) for row in own}
    return chosen + [choice for choice in _standard_choices() if (choice.kind, choice.code) not in renamed]


def attribute_choices_of(tenant_id: UUID) -> list[schemas.AttributeChoiceOut]:
    """Every value that can be chosen for a contact or customer of the tenant: its own in use, then the standard ones
    that it does not rename; needs a scope."""
    own = list(AttributeValue.objects.filter(is_active=True, tenant_id=tenant_id))
    renamed = {(row.kind, row.code) for row in own}
    standard = [choice for choice in _standard_choices() if (choice.kind, choice.code) not in renamed]
    return [_own_choice(row) for row in own] + standard


def attribute_names() -> dict[tuple[str, str], dict[str, str]]:
    """The names of attribute values by (kind, code), the tenants' own before the standard ones; needs a scope."""
    names: dict[tuple[str, str], dict[str, str]] = {
        (choice.kind, choice.code): choice.name.dict() for choice in _standard_choices()
    }
    own = AttributeValue.objects.values_list("kind", "code", "name")
    return {**names, **{(kind, code): dict(name) for kind, code, name in own}}


def _own_choice(row: AttributeValue) -> schemas.AttributeChoiceOut:
    kind: Any = row.kind
    return schemas.AttributeChoiceOut(kind=kind, code=row.code, name=row.name, is_standard=False)


def _standard_choices() -> list[schemas.AttributeChoiceOut]:
    kinds = get_args(attributes.StandardKind)
    return [
        schemas.AttributeChoiceOut(kind=kind, code=value.code, name=Names(**value.name), is_standard=True)
        for kind in kinds
        for value in attributes.standard_values(kind)
    ]


def away_reasons_in_use(tenant_id: UUID) -> dict[str, dict[str, str]]:
    """What the tenant's away reasons in use are called, by id; needs a scope."""
    rows = AwayReason.objects.filter(tenant_id=tenant_id, is_active=True).order_by("pk").values_list("pk", "name")
    return {str(key): dict(name) for key, name in rows}


def active_away_reason_ids() -> tuple[str, ...]:
    """The ids of the away reasons in use in the scope, ordered."""
    return tuple(map(str, AwayReason.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True)))


def local_day(tenant_id: UUID, moment: datetime) -> date:
    """The day of an aware moment in the tenant's time zone."""
    time_zone = Tenant.objects.values_list("time_zone", flat=True).get(pk=tenant_id)
    return moment.astimezone(ZoneInfo(time_zone)).date()


def _disposition(node: DispositionNode, choosable: frozenset[str]) -> Disposition:
    return Disposition(
        disposition_id=str(node.pk),
        code=node.code,
        name=dict(node.name),
        kind=node.kind,
        parent_id=str(node.parent_id) if node.parent_id else None,
        position=node.position,
        is_choosable=str(node.pk) in choosable,
    )


def _way_down(node: DispositionNode, nodes: Mapping[UUID, DispositionNode]) -> dict[str, str]:
    """The names from the root to the node; a circle, which nobody can file under, ends where it closes."""
    way = [node]
    while way[-1].parent_id and (parent := nodes.get(way[-1].parent_id)) and parent not in way:
        way.append(parent)
    return {language: " / ".join(one.name[language] for one in reversed(way)) for language in ("zh", "en")}


def _ticket_type(found: TicketType) -> TicketTypeChoice:
    return TicketTypeChoice(
        ticket_type_id=str(found.pk),
        code=found.code,
        name=dict(found.name),
        process_number=found.process_number,
        department_id=str(found.department_id) if found.department_id else None,
        due_hours=found.due_hours,
    )


_SUGGESTED = frozenset({"suggested_grade", "suggestion_reason"})


def _module_out(row: BusinessModule) -> schemas.BusinessModuleOut:
    """The module with the grade that its difficulty, frequency and risk suggest."""
    grading = [one for one in (row.difficulty, row.frequency, row.risk) if one is not None]
    found = grade_suggestion(*grading) if len(grading) == 3 else None
    own = {name: getattr(row, name) for name in schemas.BusinessModuleOut.model_fields if name not in _SUGGESTED}
    return schemas.BusinessModuleOut(
        **own, suggested_grade=found.grade if found else None, suggestion_reason=found.reason if found else None
    )


node_records = Reads(DispositionNode, schemas.DispositionNodeOut.from_orm, order=("position", "code", "id"))
ticket_type_records = Reads(TicketType, schemas.TicketTypeOut.from_orm, order=("position", "code", "id"))
away_reason_records = Reads(AwayReason, schemas.AwayReasonOut.from_orm, order=("position", "code", "id"))
attribute_value_records = Reads(
    AttributeValue, schemas.AttributeValueOut.from_orm, order=("kind", "position", "code", "id")
)
business_module_records = Reads(BusinessModule, _module_out, order=("position", "code", "id"))
