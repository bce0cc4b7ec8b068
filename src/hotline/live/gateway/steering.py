"""What a supervisor steers the floor by: sites with their agents and seats, reserve teams, promised call-backs.

Like the boards, everything is derived from the engine's state and equals what a fresh start would show."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from hotline.engine.boundary import Router
from hotline.engine.marks import Marks, SteeringMark
from hotline.engine.views import ContactView, TierView
from hotline.live.gateway.streams import Document
from hotline.messages.configuration import LadderConfiguration, SiteConfiguration, TierConfiguration

SHOWN_STATES = ("available", "offered", "busy", "wrap_up", "away")
CALLBACK_STAGES = ("waiting", "proposed", "scheduled")


class Steering:
    """The documents `site/…`, `seat/…`, `tier/…` and `callback/…`. `names` are those of users."""

    def __init__(self, router: Router, marks: Marks, names: Mapping[str, str]) -> None:
        self._router, self._marks, self._names = router, marks, names
        self._counts: dict[str, dict[tuple[str, ...], Counter[str]]] = {}  # by site, then by the agents' tenants
        self._callbacks: dict[str, ContactView] = {}
        self._seating = router.seating
        self.configured()

    def configured(self) -> None:
        """Learn sites and teams of the configuration in force."""
        configuration = self._router.configuration
        self._sites: dict[str, SiteConfiguration | None] = {}
        self._tenants: dict[str, set[str]] = {}  # by site: whom its teams' agents serve, and whose its seats are
        self._tiers: dict[str, tuple[LadderConfiguration, TierConfiguration, int]] = {}
        self._reserves: dict[str, list[Document]] = {}  # by agent
        self._seat_ids = tuple(self._seating.seat_ids())
        if configuration is None:
            return
        known = {site.site_id: site for site in configuration.sites}
        for agent in configuration.agents:
            if agent.site_id is not None:
                self._sites[agent.site_id] = known.get(agent.site_id)
                self._tenants.setdefault(agent.site_id, set()).update(agent.tenant_ids)
        for site in configuration.sites:
            if site.seats:
                self._sites[site.site_id] = site
                self._tenants.setdefault(site.site_id, set()).add(site.tenant_id)
        for ladder in configuration.ladders:
            for position, tier in enumerate(ladder.tiers):
                self._tiers[tier.tier_id] = (ladder, tier, position)
        self.tiers_moved()

    def tiers_moved(self) -> None:
        """Learn which reserve teams are called, for the desks of their members."""
        self._reserves = {}
        for view in self._router.tiers():
            if view.step is not None and view.tier_id in self._tiers:
                tier = self._tiers[view.tier_id][1]
                for agent_id in tier.agent_ids:
                    self._reserves.setdefault(agent_id, []).append(_reserve(tier, view))

    def reserves_of(self, agent_id: str) -> list[Document]:
        """The called reserve teams to which the agent belongs: what they lend, and from when."""
        return self._reserves.get(agent_id, [])

    def keys(self) -> list[str]:
        """Keys of all documents that there are."""
        return [
            *(f"site/{site_id}" for site_id in self._sites),
            *(f"seat/{seat_id}" for seat_id in self._seat_ids),
            *(f"tier/{tier_id}" for tier_id in self._tiers),
            *(f"callback/{contact_id}" for contact_id in self._callbacks),
        ]

    def marked_keys(self) -> list[str]:
        """Keys of the documents that name who has marked something."""
        return [
            *(f"site/{id_}" for id_ in self._marks.sites),
            *(f"seat/{id_}" for id_ in self._seating.faulty_ids()),
            *(f"queue/{id_}" for id_ in self._marks.queues),
            *(f"tier/{id_}" for id_, mark in self._marks.tiers.items() if mark.actor_id is not None),
        ]

    def count(self, site_id: str | None, tenant_ids: tuple[str, ...], state: str, by: int) -> str | None:
        """Count an agent at the site where they work; the key of the document that has changed."""
        if site_id is None:
            return None
        group = self._counts.setdefault(site_id, {}).setdefault(tenant_ids, Counter())
        group[state] += by
        return f"site/{site_id}"

    def seat_keys(self, *seat_ids: str | None) -> list[str]:
        """Keys of the documents that tell of these seats: their own and their sites'."""
        found: list[str] = []
        for seat_id in seat_ids:
            place = self._seating.place(seat_id) if seat_id is not None else None
            if place is not None:
                found += [f"seat/{seat_id}", f"site/{place.site_id}"]
        return found

    def contact_changed(self, contact_id: str, contact: ContactView | None) -> str | None:
        """Take in a contact as it is now; the key of its call-back's document if there is or was one."""
        former = self._callbacks.pop(contact_id, None)
        is_promised = contact is not None and contact.is_called_back and contact.stage in CALLBACK_STAGES
        if contact is not None and is_promised:
            self._callbacks[contact_id] = contact
        return f"callback/{contact_id}" if is_promised or former is not None else None

    def members_of(self, tier_id: str) -> tuple[str, ...]:
        """The agents of a reserve team."""
        found = self._tiers.get(tier_id)
        return found[1].agent_ids if found is not None else ()

    # --- documents ---

    def document(self, kind: str, id_: str, tenant_ids: frozenset[str]) -> Document | None:
        """One document, None when there is none or it is not for these eyes."""
        if kind == "site":
            return self._site(id_, tenant_ids)
        if kind == "seat":
            return self._seat(id_, tenant_ids)
        if kind == "tier":
            return self._tier(id_, tenant_ids)
        return self._callback(id_, tenant_ids)

    def disaster_of(self, queue_id: str) -> Document:
        """What a queue's document says of its disaster mode."""
        mark = self._marks.queues.get(queue_id)
        return {"is_disaster": mark is not None, **self._marked("disaster", mark)}

    def _site(self, site_id: str, tenant_ids: frozenset[str]) -> Document | None:
        """Only agents whom the viewer may see are counted; `is_shared`: there are others too. Seats are told of to
        those only whose site it is."""
        present = self._counts.get(site_id, {})
        served = self._tenants.get(site_id, set()) | _tenants(present)
        site, mark = self._sites.get(site_id), self._marks.sites.get(site_id)
        is_owner = site is not None and site.tenant_id in tenant_ids
        if site_id not in self._sites or tenant_ids.isdisjoint(served):
            return None
        groups = [group for tenants, group in present.items() if not tenant_ids.isdisjoint(tenants)]
        return {
            "site_id": site_id,
            "name": {"zh": site.name_zh, "en": site.name_en} if site is not None else None,
            "tenant_ids": sorted(tenant_ids & served),
            "is_shared": not served <= tenant_ids,
            "agents": {state: sum(group[state] for group in groups) for state in SHOWN_STATES},
            "seats": self._seating.counts(site_id)._asdict() if is_owner else None,
            "is_down": mark is not None,
            **self._marked("down", mark),
        }

    def _seat(self, seat_id: str, tenant_ids: frozenset[str]) -> Document | None:
        place = self._seating.place(seat_id)
        if place is None or place.tenant_id not in tenant_ids:
            return None
        fault = self._seating.fault_of(seat_id)
        is_marked = fault is not None and fault.since_ms > 0
        return {
            "seat_id": seat_id,
            "site_id": place.site_id,
            "tenant_id": place.tenant_id,
            "label": place.seat.label,
            "is_reserve": place.seat.is_reserve,
            "agent_id": self._seating.agent_at(seat_id),
            "fault": fault.reason if fault is not None else None,
            "fault_since_ms": fault.since_ms if fault is not None and is_marked else None,
            "fault_by_name": self._names.get(fault.actor_id) if fault is not None else None,
        }

    def _marked(self, name: str, mark: SteeringMark | None) -> dict[str, Any]:
        return {
            f"{name}_since_ms": mark.since_ms if mark is not None else None,
            f"{name}_by_name": self._names.get(mark.actor_id) if mark is not None else None,
        }

    def _tier(self, tier_id: str, tenant_ids: frozenset[str]) -> Document | None:
        found = self._tiers.get(tier_id)
        if found is None or found[0].tenant_id not in tenant_ids:
            return None
        ladder, tier, position = found
        view, mark = tier_view(self._router, tier_id), self._marks.tiers.get(tier_id)
        is_called = view is not None and view.step is not None and mark is not None
        return {
            "tier_id": tier_id,
            "ladder_id": ladder.ladder_id,
            "tenant_id": ladder.tenant_id,
            "position": position,
            "name": {"zh": tier.name_zh, "en": tier.name_en},
            "queue_ids": list(ladder.queue_ids),
            "members": len(tier.agent_ids),
            "trigger": tier.trigger,
            "threshold": tier.threshold,
            "step": view.step if view is not None else None,
            "since_ms": mark.since_ms if is_called and mark is not None else None,
            "until_ms": view.until_ms if view is not None and view.step == "called" else None,
            "is_by_hand": is_called and mark is not None and mark.actor_id is not None,
            "by_name": self._names.get(mark.actor_id) if is_called and mark is not None and mark.actor_id else None,
            "keep_until_ms": (mark.keep_until_ms or None) if is_called and mark is not None else None,
            "before": {
                "wait_s": mark.wait_s,
                "length": mark.length,
                "service_level": mark.service_level,
                "abandoned": mark.abandoned,
            }
            if is_called and mark is not None
            else None,
        }

    def _callback(self, contact_id: str, tenant_ids: frozenset[str]) -> Document | None:
        contact = self._callbacks.get(contact_id)
        if contact is None or contact.details.tenant_id not in tenant_ids:
            return None
        return {
            "contact_id": contact_id,
            "tenant_id": contact.details.tenant_id,
            "queue_id": contact.queue_id,
            "asked_ms": contact.asked_at_ms,
            "due_ms": contact.callback_due_ms,
            "attempts": contact.callback_attempts,
            "is_simulated": contact.details.is_simulated,
        }


def tier_view(router: Router, tier_id: str) -> TierView | None:
    """The reserve team as it is now, None when there is none."""
    return next((tier for tier in router.tiers() if tier.tier_id == tier_id), None)


def _reserve(tier: TierConfiguration, view: TierView) -> Document:
    return {
        "tier_id": tier.tier_id,
        "name": {"zh": tier.name_zh, "en": tier.name_en},
        "step": view.step,
        "until_ms": view.until_ms if view.step == "called" else None,
        "skills": [{"zh": zh, "en": en} for zh, en in tier.skill_names],
    }


def tenants_of_site(router: Router, site_id: str) -> frozenset[str]:
    """The tenants for whom the site is down when it is marked: whom the agents serve who belong or sit there, and whose
    its seats are. None for a site without teams and seats."""
    agents = router.agent_configurations()
    there = [
        agent.tenant_ids
        for agent_id, agent in agents.items()
        if agent.site_id == site_id or router.site_of(agent_id) == site_id
    ]
    sites = router.configuration.sites if router.configuration is not None else ()
    there += [(site.tenant_id,) for site in sites if site.site_id == site_id and site.seats]
    return frozenset(tenant_id for tenant_ids in there for tenant_id in tenant_ids)


def _tenants(groups: Mapping[tuple[str, ...], Counter[str]]) -> set[str]:
    """Whom the agents of these groups serve; groups that nobody is in any more are kept."""
    return {tenant_id for tenants, group in groups.items() if any(group.values()) for tenant_id in tenants}
