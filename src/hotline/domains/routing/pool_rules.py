"""What can be wrong with overflow to shared pools. Pure: no Django, no clock.

A pool is no way out of a queue: the contact stays where it is and more people may take it. So there is nothing that
could lead round in a circle, whoever lends to whom."""

from collections.abc import Iterator

from hotline.domains.routing.coverage_rules import is_lent, profiles_of
from hotline.domains.routing.findings import Finding, of_queue
from hotline.domains.routing.queue_rules import pools_named
from hotline.messages.configuration import RoutingConfiguration


def check_pool_ways(configuration: RoutingConfiguration) -> Iterator[Finding]:
    """Errors that depend on the queues alone."""
    for queue in configuration.queues:
        if queue.is_background and pools_named(queue):
            yield of_queue(
                queue,
                "pool_background",
                "是后台队列，只在空闲时处理，不能溢出到共享坐席组；请去掉共享坐席组或取消后台。",
                "is a background queue, which waits for quiet hours, and names a shared pool. Take one of them away.",
            )


def check_pools(configuration: RoutingConfiguration) -> Iterator[Finding]:
    """Pools that are not shared (any more), and such with nobody in them. Needs the whole set-up, of all tenants."""
    pools = {pool.pool_id: pool for pool in configuration.pools}
    profiles = profiles_of(configuration) if pools else []
    for queue in configuration.queues:
        for pool_id in pools_named(queue):
            pool = pools.get(pool_id)
            if pool is None or queue.tenant_id not in pool.client_tenant_ids:
                yield of_queue(
                    queue,
                    "pool_revoked",
                    "溢出到的共享坐席组已不再共享给本租户，联络会留在本队列；请联系其所有者或改用其他去向。",
                    "overflows to a shared pool that its owner no longer shares: contacts stay with your own agents."
                    " Ask the owner, or choose another way.",
                    "warning",
                )
            elif not any(is_lent(profile, pool) for profile in profiles):
                yield of_queue(
                    queue,
                    "pool_without_agent",
                    f"溢出到的共享坐席组“{pool.name_zh}”没有坐席；请联系其所有者或改用其他去向。",
                    f"overflows to the shared pool “{pool.name_en}”, in which there is nobody. Ask its owner, or choose"
                    " another way.",
                    "warning",
                )
