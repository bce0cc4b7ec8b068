"""What a person wants to be told, by which ways, and when not."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from hotline.domains.staff_messages import accounts, errors
from hotline.domains.staff_messages import schemas as shown
from hotline.domains.staff_messages.models import StaffAddress, StaffChoices, Way
from hotline.domains.staff_messages.own_agent import own_reading, own_write
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import StaleVersionError


def own(actor: Actor) -> shown.OwnMessagesOut:
    """Where and when the agent gets messages; what is usual where they have chosen nothing."""
    with own_reading(actor) as me:
        chosen = StaffChoices.objects.filter(agent_id=me.agent_id).first()
        kept = {row.way: row for row in StaffAddress.objects.filter(agent_id=me.agent_id)}
        offered = accounts.offered_ways(me.tenant_id)
        usual = chosen or StaffChoices()
        return shown.OwnMessagesOut(
            version=chosen.version if chosen else 0,
            addresses=[_address(way, kept.get(way), is_offered=way in offered) for way in Way.values],
            ways=shown.TopicWays(**usual.ways),
            quiet_from=usual.quiet_from,
            quiet_to=usual.quiet_to,
            urgent_breaks_quiet=usual.urgent_breaks_quiet,
            has_calendar=bool(usual.calendar_path),
        )


def keep(
    actor: Actor,
    version: int,
    ways: Mapping[str, Sequence[str]],
    quiet: tuple[str, str],
    *,
    urgent_breaks_quiet: bool,
) -> None:
    """Keep the agent's choices; they count for what is sent from now on, also for what waits already.

    Raises QuietHoursError and StaleVersionError."""
    if bool(quiet[0]) != bool(quiet[1]):
        raise errors.QuietHoursError
    with own_write(actor) as me:
        rows = StaffChoices.objects.select_for_update(of=("self",))
        chosen = rows.filter(agent_id=me.agent_id).first()
        if version != (chosen.version if chosen else 0):
            raise StaleVersionError(version=chosen.version if chosen else 0)
        chosen = chosen or StaffChoices(tenant_id=me.tenant_id, agent_id=me.agent_id, version=0)
        chosen.ways = {topic: sorted(set(ways[topic])) for topic in StaffChoices.TOPICS}
        chosen.quiet_from, chosen.quiet_to = quiet
        chosen.urgent_breaks_quiet = urgent_breaks_quiet
        chosen.version += 1
        chosen.save()
        audit.record(actor, f"{chosen.object_type}.changed", chosen.object_type, chosen.pk, me.tenant_id)


def keep_calendar(tenant_id: UUID, agent_id: UUID, path: str) -> None:
    """Put the agent's secret calendar address into their mails, or with an empty path no longer.

    In the caller's transaction and scope, and with the caller's audit line."""
    rows = StaffChoices.objects.select_for_update(of=("self",))
    chosen = rows.filter(agent_id=agent_id).first()
    if chosen is None and not path:
        return
    chosen = chosen or StaffChoices(tenant_id=tenant_id, agent_id=agent_id)
    chosen.calendar_path = path
    chosen.save()


def _address(way: str, row: StaffAddress | None, *, is_offered: bool) -> shown.OwnAddressOut:
    name: Any = way
    return shown.OwnAddressOut(
        way=name,
        is_offered=is_offered,
        address=row.address if row else "",
        is_confirmed=row is not None and row.confirmed_at is not None,
        code_until=row.code_until if row else None,
    )
