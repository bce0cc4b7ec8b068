"""Who sits where, and which seats are out of order: book-keeping of the router beside its core. The core knows no
seats, only at which site the seat of an agent is.

An agent sits at one seat at most and a seat has one agent at most. Agents without a seat (at home) are nowhere here."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from hotline.engine.errors import SeatBrokenError, SeatTakenError, SeatUnknownError
from hotline.messages import routing as m
from hotline.messages.configuration import AgentConfiguration, RoutingConfiguration, SeatConfiguration


class SeatFault(msgspec.Struct, frozen=True, array_like=True):
    """Why a seat is out of order; by whom and since when where it was marked on the floor, nobody and 0 where the
    registry says so."""

    reason: str
    since_ms: int = 0
    actor_id: str = ""


class Seated(msgspec.Struct, frozen=True, array_like=True):
    """What a snapshot keeps."""

    agents: dict[str, str] = {}  # agent -> seat
    faults: dict[str, SeatFault] = {}


class Place(NamedTuple):
    """A seat as the registry has it, with its site and whose it is."""

    seat: SeatConfiguration
    site_id: str
    tenant_id: str


class SeatCounts(NamedTuple):
    """The seats of a site: each is counted once. Who still sits at a broken one does not make it a used one; `reserve`
    are those among the free that are kept in reserve."""

    free: int = 0
    in_use: int = 0
    broken: int = 0
    reserve: int = 0


class Seating:
    """All seats of one router."""

    def __init__(self) -> None:
        self._places: dict[str, Place] = {}
        self._of_site: dict[str, list[str]] = {}
        self._seat_of: dict[str, str] = {}
        self._agent_at: dict[str, str] = {}
        self._faults: dict[str, SeatFault] = {}
        self._counts: dict[
            str, SeatCounts
        ] = {}  # of sites that have been asked about, until one of their seats changes

    # --- asking ------------------------------------------------------------------------------------------------------

    def seat_ids(self) -> Iterable[str]:
        """Every seat of the registry."""
        return self._places

    def place(self, seat_id: str) -> Place | None:
        """The seat, None when there is none of this id."""
        return self._places.get(seat_id)

    def seat_of(self, agent_id: str) -> str | None:
        """Where the agent sits, None for nowhere."""
        return self._seat_of.get(agent_id)

    def sites(self) -> Iterator[tuple[str, str]]:
        """Everybody who sits somewhere, with the site of the seat."""
        return ((agent_id, self._places[seat_id].site_id) for agent_id, seat_id in self._seat_of.items())

    def agent_at(self, seat_id: str) -> str | None:
        """Who sits there, None for nobody."""
        return self._agent_at.get(seat_id)

    def fault_of(self, seat_id: str) -> SeatFault | None:
        """Why the seat is out of order, None when it is not."""
        return self._faults.get(seat_id)

    def faulty_ids(self) -> Iterable[str]:
        """Every seat that is out of order."""
        return self._faults

    def counts(self, site_id: str) -> SeatCounts:
        """The seats of a site by what they are; none for a site without seats."""
        found = self._counts.get(site_id)
        if found is None:
            found = self._counts[site_id] = self._counted(self._of_site.get(site_id, ()))
        return found

    def _counted(self, seat_ids: Iterable[str]) -> SeatCounts:
        free = in_use = broken = reserve = 0
        for seat_id in seat_ids:
            if seat_id in self._faults:
                broken += 1
            elif seat_id in self._agent_at:
                in_use += 1
            else:
                free += 1
                reserve += self._places[seat_id].seat.is_reserve
        return SeatCounts(free, in_use, broken, reserve)

    # --- checking ----------------------------------------------------------------------------------------------------

    def after_sign_in(self, command: m.SignIn, agents: Mapping[str, AgentConfiguration]) -> str | None:
        """The seat at which the agent sits after this sign-in; one that names none changes nothing about it.

        Raises SeatUnknownError, SeatBrokenError, or SeatTakenError, which names who sits there."""
        seat_id = command.seat_id
        if seat_id is None or seat_id == self._seat_of.get(command.agent_id):
            return self._seat_of.get(command.agent_id)
        place, agent = self._places.get(seat_id), agents.get(command.agent_id)
        if place is None or agent is None or place.tenant_id not in agent.tenant_ids:
            raise SeatUnknownError
        holder = self._agent_at.get(seat_id)
        if holder is not None:
            other = agents.get(holder)
            raise SeatTakenError(seat=place.seat.label, agent=other.name if other is not None else holder)
        if seat_id in self._faults:
            raise SeatBrokenError(seat=place.seat.label)
        return seat_id

    def marked_by(self, command: m.MarkSeat, at_ms: int) -> m.SeatMarked | None:
        """What follows from marking a seat; nothing when it is so already. Raises SeatUnknownError."""
        if command.seat_id not in self._places:
            raise SeatUnknownError
        fault = self._faults.get(command.seat_id)
        reason = command.reason if command.is_broken else None
        if (fault is not None) == command.is_broken and (fault is None or fault.reason == reason):
            return None
        return m.SeatMarked(
            at_ms=at_ms,
            command_id=command.command_id,
            seat_id=command.seat_id,
            is_broken=command.is_broken,
            reason=reason,
            actor_id=command.supervisor_id,
        )

    # --- what has happened -------------------------------------------------------------------------------------------

    def sit(self, agent_id: str, seat_id: str | None) -> None:
        """The agent sits there from now on, or nowhere. A seat that is gone from the registry is nowhere."""
        former = self._seat_of.pop(agent_id, None)
        if former is not None:
            del self._agent_at[former]
            self._changed(former)
        if seat_id is not None and seat_id in self._places:
            self._seat_of[agent_id], self._agent_at[seat_id] = seat_id, agent_id
            self._changed(seat_id)

    def marked(self, event: m.SeatMarked) -> None:
        """A supervisor has said that the seat is out of order, or that it is usable again."""
        if event.seat_id not in self._places:
            return
        if event.is_broken:
            self._faults[event.seat_id] = SeatFault(event.reason or "", event.at_ms, event.actor_id)
        else:
            self._faults.pop(event.seat_id, None)
        self._changed(event.seat_id)

    def configure(self, configuration: RoutingConfiguration) -> None:
        """Learn the registry. What it newly says of a seat holds; where it says what it said before, what was marked on
        the floor since then holds, which the registry is only about to hear of."""
        former = self._places
        self._learn(configuration)
        faults: dict[str, SeatFault] = {}
        for seat_id, place in self._places.items():
            known, fault = former.get(seat_id), self._faults.get(seat_id)
            said = place.seat.fault
            is_news = known is None or known.seat.fault != said
            if is_news and said != (fault.reason if fault is not None else None):
                fault = SeatFault(said) if said is not None else None
            if fault is not None:
                faults[seat_id] = fault
        self._faults = faults
        for seat_id in [seat_id for seat_id in self._agent_at if seat_id not in self._places]:
            del self._seat_of[self._agent_at.pop(seat_id)]

    def _learn(self, configuration: RoutingConfiguration) -> None:
        self._counts.clear()
        self._of_site = {
            site.site_id: [seat.seat_id for seat in site.seats] for site in configuration.sites if site.seats
        }
        self._places = {
            seat.seat_id: Place(seat, site.site_id, site.tenant_id)
            for site in configuration.sites
            for seat in site.seats
        }

    def _changed(self, seat_id: str) -> None:
        self._counts.pop(self._places[seat_id].site_id, None)

    # --- keeping -----------------------------------------------------------------------------------------------------

    def saved(self) -> Seated:
        """What has to be remembered, equal for equal histories; the registry is not in it."""
        return Seated(self._seat_of, self._faults)

    def remember(self, saved: Seated, configuration: RoutingConfiguration | None) -> None:
        """Begin with what a snapshot kept, under the configuration in force."""
        if configuration is not None:
            self._learn(configuration)
        self._faults = dict(saved.faults)
        for agent_id, seat_id in saved.agents.items():
            self.sit(agent_id, seat_id)
