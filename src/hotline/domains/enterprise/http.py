"""Routes of sites, seats, departments and calendars. Translates only."""

from collections.abc import Mapping
from typing import Any

from ninja import Status

from hotline.domains.enterprise import actions, queries, schemas
from hotline.domains.setup_records import PERMISSION
from hotline.domains.setup_routes import Resource, mount
from hotline.foundation.http import ActorRequest, Router

router = Router(tags=["enterprise"])


def _calendar_values(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Dates of exceptions are stored as text, because they are kept as JSON."""
    if "exceptions" not in values:
        return values
    return {**values, "exceptions": [{**day, "day": day["day"].isoformat()} for day in values["exceptions"]]}


mount(router, Resource("sites", queries.site_records, actions.sites, schemas.SiteIn, schemas.SiteOut))
mount(
    router,
    Resource("seats", queries.seat_records, actions.seats, schemas.SeatIn, schemas.SeatOut, schemas.SeatFilter),
)


@router.post("/seat-rows", permission=PERMISSION, response={201: schemas.SeatRowOut}, operation_id="create_seat_row")
def create_seat_row(request: ActorRequest, payload: schemas.SeatRowIn) -> Status[actions.SeatsAdded]:
    """A row such as A001 to A040 at a site; says how many were made and how many existed."""
    added = actions.add_seats(request.actor, payload.site_id, payload.first, payload.last, payload.state)
    return Status(201, added)


mount(
    router,
    Resource(
        "departments",
        queries.department_records,
        actions.departments,
        schemas.DepartmentIn,
        schemas.DepartmentOut,
        schemas.ActiveFilter,
    ),
)
mount(
    router,
    Resource(
        "calendars",
        queries.calendar_records,
        actions.calendars,
        schemas.CalendarIn,
        schemas.CalendarOut,
        values=_calendar_values,
    ),
)

routers = [("/admin", router)]
