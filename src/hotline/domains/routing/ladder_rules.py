"""What can be wrong with ladders of reserve teams by themselves. Pure: no Django, no clock."""

from collections.abc import Iterator
from itertools import combinations

from hotline.domains.routing.findings import Finding, Skills, of_ladder
from hotline.domains.routing.queue_rules import LEVELS
from hotline.messages.configuration import LadderConfiguration, RoutingConfiguration, TierConfiguration

# The figure gets worse downwards; the others get worse upwards.
_FALLING = "service_level"


def check_ladders(configuration: RoutingConfiguration, skills: Skills) -> Iterator[Finding]:
    """Everything wrong with each ladder and its tiers."""
    tenants = {queue.queue_id: queue.tenant_id for queue in configuration.queues}
    for ladder in configuration.ladders:
        yield from _check_queues(ladder, tenants)
        for tier in ladder.tiers:
            yield from _check_tier(ladder, tier, skills)
        yield from _check_order(ladder)


def _check_queues(ladder: LadderConfiguration, tenants: dict[str, str]) -> Iterator[Finding]:
    served = [queue_id for queue_id in ladder.queue_ids if queue_id in tenants]
    if not served:
        yield of_ladder(
            ladder,
            None,
            "ladder_without_queue",
            "没有对应的启用队列，请至少选择一个。",
            "stands behind no queue in use. Choose at least one.",
            "error" if not ladder.queue_ids else "warning",
        )
    if any(tenants[queue_id] != ladder.tenant_id for queue_id in served):
        yield of_ladder(
            ladder,
            None,
            "ladder_foreign_queue",
            "包含其他租户的队列，请只选择本租户的队列。",
            "stands behind a queue of another tenant. Choose queues of the same tenant.",
        )


def _check_tier(ladder: LadderConfiguration, tier: TierConfiguration, skills: Skills) -> Iterator[Finding]:
    if not tier.agent_ids:
        yield of_ladder(
            ladder,
            tier,
            "tier_without_members",
            "没有成员，请至少加入一名坐席，或删除该梯队。",
            "has no members. Add at least one agent, or remove the tier.",
        )
    if not _is_better(tier.trigger, tier.stand_down, tier.threshold):
        way = ("高于", "above") if tier.trigger == _FALLING else ("低于", "below")
        yield of_ladder(
            ladder,
            tier,
            "tier_stand_down",
            f"的撤回值 {tier.stand_down} 必须{way[0]}触发值 {tier.threshold}，否则会反复召集和撤回；请修改。",
            f"stands down at {tier.stand_down}, which must lie {way[1]} the trigger {tier.threshold}: else it would"
            " come and go. Change one of them.",
        )
    for skill_id, level in tier.skills:
        found = skills.get(skill_id)
        if found is None or found.tenant_id != ladder.tenant_id or level not in LEVELS:
            yield of_ladder(
                ladder,
                tier,
                "tier_skill",
                f"借用的技能 {skill_id}（等级 {level}）不是本租户 1 到 9 级的技能，请更换。",
                f"borrows the skill {skill_id} at level {level}, which is none of this tenant's at 1 to 9. Change it.",
            )


def _check_order(ladder: LadderConfiguration) -> Iterator[Finding]:
    """A later tier that watches the same figure must be called at a figure that is as bad, or worse."""
    for former, tier in combinations(ladder.tiers, 2):
        if former.trigger == tier.trigger and _is_better(tier.trigger, tier.threshold, former.threshold):
            yield of_ladder(
                ladder,
                tier,
                "tier_order",
                f"的触发值 {tier.threshold} 早于前面梯队“{former.name_zh}”的 {former.threshold}；请调整顺序或数值。",
                f"would be called at {tier.threshold}, before the tier “{former.name_en}” at {former.threshold} that"
                " stands first. Change their order or the figures.",
            )


def _is_better(trigger: str, figure: int, than: int) -> bool:
    return figure > than if trigger == _FALLING else figure < than
