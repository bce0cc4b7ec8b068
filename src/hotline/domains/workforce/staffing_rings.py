"""From what wait on somebody is offered a queue's contacts, and where these go: the live rules, as a plan plays them.

Pure. A ring adds teams or sites, or lowers the asked levels once a contact has waited so long; without rings preferred
skills are looked for first. The engine does the same for each contact; a plan knows groups of people instead."""

from collections.abc import Mapping, Set

import msgspec

from hotline.messages.configuration import QueueConfiguration, RingConfiguration

Levels = Mapping[str, int]


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """Contacts of a part of the plan go to another part's people: after a wait, or (none) when the queue is full."""

    part: str
    to: str
    after_s: int | None


def rings_of(rule: QueueConfiguration | None) -> tuple[RingConfiguration, ...]:
    """The rings of the queue, as its settings are read where none are given."""
    if rule is None or not (rule.rings or rule.preferred):
        return (RingConfiguration(after_s=0),)
    if rule.rings:
        return rule.rings
    if not rule.prefer_s:
        return (RingConfiguration(after_s=0),)
    return RingConfiguration(after_s=0, is_preference_kept=True), RingConfiguration(after_s=rule.prefer_s)


def served_after(
    rule: QueueConfiguration | None, levels: Levels, held: Levels, teams: Set[str], site_id: str | None = None
) -> int | None:
    """The wait in seconds after which somebody who holds these skills, in these teams, at this site, may take the
    contact; None: never. `levels` are what the queue (or a brand's part of it) asks for."""
    for ring in rings_of(rule):
        asked = dict(levels)
        if rule is not None and ring.is_preference_kept:
            for skill, least in rule.preferred:
                asked[skill] = max(least, asked.get(skill, 0))
        is_in_team = not ring.group_ids or not teams.isdisjoint(ring.group_ids)
        is_here = not ring.site_ids or site_id in ring.site_ids
        if (
            is_in_team
            and is_here
            and all(held.get(skill, 0) >= max(1, least - ring.relax) for skill, least in asked.items())
        ):
            return ring.after_s
    return None


def ways_out(rule: QueueConfiguration) -> list[tuple[str, int | None]]:
    """The queues to which contacts go from this one, with the wait after which (None: when it is full)."""
    found: list[tuple[str, int | None]] = [(one.queue_id, one.after_s) for one in rule.overflows if one.queue_id]
    if (
        rule.late_queue_id
        and rule.max_wait_s
        and not any(after_s >= rule.max_wait_s for _, after_s in found if after_s)
    ):
        found.append((rule.late_queue_id, rule.max_wait_s))
    if rule.full_queue_id and rule.max_waiting is not None:
        found.append((rule.full_queue_id, None))
    return found
