"""The breaks that offered hours bring with them, as whoever is asked reads them: when, and whether they are paid."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from django.utils import timezone

from hotline.domains.workforce import added_hours
from hotline.domains.workforce.added_hours import BreakRules
from hotline.domains.workforce.models import OpenShift, RosterShift, ShiftRequest
from hotline.domains.workforce.request_completion import UNDECIDED
from hotline.domains.workforce.wall_time import moment_at
from hotline.kernel.errors import HotlineError

Told = list[dict[str, Any]]


def told(found: OpenShift, shift: RosterShift, rules: BreakRules) -> Told:
    """Those of the shift with the hours in it, to be kept as JSON. Raises as `added_hours.longer`."""
    _, _, further = added_hours.longer(found, shift, rules)
    return [
        {
            "starts_at": moment_at(shift.day, one.begin, rules.zone).isoformat(),
            "ends_at": moment_at(shift.day, one.end, rules.zone).isoformat(),
            "is_paid": one.is_paid,
        }
        for one in further
    ]


def as_things_stand(requests: Iterable[ShiftRequest]) -> dict[UUID, Told]:
    """By request what undecided offers of hours would bring now: the shift may have changed since. The rules are
    read once a tenant, the shifts once an offer; needs a scope. What can no longer be taken brings nothing."""
    found: dict[UUID, Told] = {}
    now = timezone.now()
    rules_of = cache(lambda tenant_id: added_hours.break_rules(tenant_id, now))
    for request in requests:
        hours = request.open_shift
        if request.state not in UNDECIDED or hours is None or hours.shift_kind_id is not None:
            continue
        shift = added_hours.shifts_beside(hours, [request.agent_id]).get(str(request.agent_id))
        try:
            found[request.pk] = [] if shift is None else told(hours, shift, rules_of(request.tenant_id))
        except HotlineError:
            found[request.pk] = []
    return found
