"""Shift kinds, rosters and their shifts for tests."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from hotline.domains.workforce import roster_cells, rosters
from hotline.domains.workforce.models import LabourRules, ShiftKind
from hotline.foundation.actors import Actor
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.setup import administrator_of

MONDAY = date(2026, 3, 2)
_numbers = count(1)


def make_shift_kind(tenant: Tenant, short: str, starts: Sequence[str] = ("08:00",), **values: Any) -> UUID:
    """Eight hours with half an hour's unpaid break, unless told otherwise."""
    lunch = {"length_min": 30, "earliest_min": 180, "latest_min": 300, "is_paid": False}
    whole: Any = {"pieces": [[0, 480]], "starts": list(starts), "breaks": [lunch], **values}
    name = {"zh": f"班次{short}", "en": f"Shift {short}"}
    with tenant_scope(tenant.pk):
        return ShiftKind.objects.create(
            tenant=tenant, code=f"kind-{next(_numbers)}", name=name, short=short, **whole
        ).pk


def make_labour_rules(tenant: Tenant, **values: Any) -> UUID:
    """The tenant's default rules; they pass any hours up to 80 a week unless told otherwise."""
    whole: Any = {"week_min": 2400, "tolerance_percent": 100, **values}
    name = {"zh": "通用", "en": "Usual"}
    with tenant_scope(tenant.pk):
        rules = LabourRules.objects.create(tenant=tenant, code="usual", name=name, is_default=True, **whole)
        return rules.pk


def make_roster(tenant: Tenant, days: int = 7, actor: Actor | None = None, **values: Any) -> UUID:
    """An empty draft of so many days from Monday, 2 March 2026."""
    first = values.pop("first_day", MONDAY)
    whole: Any = {"name": "March", "first_day": first, "last_day": first + timedelta(days=days - 1), **values}
    return rosters.create(actor or administrator_of(tenant), rosters.NewRoster(**whole))


def put_shifts(tenant: Tenant, roster_id: UUID, agent_id: UUID, kind_id: UUID, days: Sequence[int]) -> int:
    """Give somebody a kind of shift on these days of the roster; its new version."""
    with tenant_scope(tenant.pk):
        roster = rosters.visible().get(pk=roster_id)
    edits = [
        roster_cells.Edit(agent_id=agent_id, day=roster.first_day + timedelta(days=day), shift_kind_id=kind_id)
        for day in days
    ]
    return rosters.edit(administrator_of(tenant), roster_id, roster.version, edits).version
