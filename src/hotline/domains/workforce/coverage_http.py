"""Route of the coverage calendar. Translates only."""

from typing import Annotated

from ninja import Query

from hotline.domains.workforce import coverage
from hotline.domains.workforce.coverage_schemas import CoverageFilter, CoverageOut
from hotline.foundation.http import ActorRequest, Router

router = Router(tags=["workforce"])


@router.get("/coverage", permission="planning.edit", response=CoverageOut)
def read_coverage(request: ActorRequest, wanted: Annotated[CoverageFilter, Query()]) -> CoverageOut:
    """Whether somebody able is rostered in every open quarter of an hour of each queue."""
    return coverage.calendar(request.actor, wanted.first_day, wanted.last_day, wanted.tenant_id)
