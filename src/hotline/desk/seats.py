"""Where an agent may sit who is about to sign in: the free seats of their tenants, their own site's first."""

from uuid import UUID

import msgspec

from hotline.domains.enterprise import queries as enterprise
from hotline.domains.people import queries as people
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import scope_of


class FreeSeat(msgspec.Struct, frozen=True, kw_only=True):
    """A seat at which nobody sits and that is in order, as far as the routing log is read: the switch has the last
    word."""

    seat_id: UUID
    label: str
    is_reserve: bool


class SiteChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A site with its free seats by label. `is_own`: the agent's team sits there."""

    site_id: UUID
    name: dict[str, str]
    is_own: bool
    seats: list[FreeSeat]


def seat_choice(actor: Actor) -> list[SiteChoice]:
    """The sites of the actor's tenants that have seats at all, the agent's own first."""
    with scope_of(actor.narrowed("desk.use")):
        own = people.site_of_user(actor.user_id) if actor.user_id is not None else None
        seats = enterprise.seats_standing()
        with_seats = {seat.site_id for seat in seats}
        sites = [
            SiteChoice(
                site_id=site.site_id, name=site.name, is_own=site.site_id == own, seats=_free(seats, site.site_id)
            )
            for site in enterprise.site_names()
            if site.site_id in with_seats
        ]
    return sorted(sites, key=lambda site: not site.is_own)


def _free(seats: list[enterprise.SeatStanding], site_id: UUID) -> list[FreeSeat]:
    return [
        FreeSeat(seat_id=seat.seat_id, label=seat.label, is_reserve=seat.is_reserve)
        for seat in seats
        if seat.site_id == site_id and seat.agent_id is None and seat.fault is None
    ]
