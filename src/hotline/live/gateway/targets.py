"""Walls between tenants for what an action points at. What is not theirs does not exist for them."""

from hotline.engine.alarms import AlarmCommand
from hotline.engine.boundary import Router
from hotline.live.gateway.actions import RULES
from hotline.live.gateway.errors import ForeignTargetError, SharedSiteError
from hotline.live.gateway.steering import tenants_of_site
from hotline.live.gateway.viewer import Viewer
from hotline.live.switch.state import RoutingState
from hotline.messages import routing


def check_target(command: routing.RoutingCommand, viewer: Viewer, state: RoutingState) -> None:
    """Raise ForeignTargetError when the command reaches over to a tenant in which the person may not do this, or to
    another supervisor's session.

    Whose offer, contact or transfer it is, the engine checks itself."""
    router = state.router
    tenant_ids = viewer.tenants_with(RULES[type(command).__name__].permission)
    if isinstance(command, routing.StartTransfer):
        _check_transfer(command, router)
    elif isinstance(command, routing.ForceAgentState):
        _check_agent(command.agent_id, tenant_ids, router)
    elif isinstance(command, routing.StartMonitoring):
        _check_agent(command.agent_id, tenant_ids, router)
        _check_conversation(command.agent_id, tenant_ids, router)
    elif isinstance(command, routing.ChangeMonitoring | routing.StopMonitoring):
        _check_monitoring(command.monitoring_id, viewer, router)
    elif isinstance(command, routing.MarkSite):
        _check_site(command.site_id, tenant_ids, router)
    elif isinstance(command, routing.MarkSeat):
        place = router.seating.place(command.seat_id)
        if place is None or place.tenant_id not in tenant_ids:
            raise ForeignTargetError(kind="seat")
    elif isinstance(command, routing.SetDisasterMode):
        queue = router.queue_configurations().get(command.queue_id)
        if queue is None or queue.tenant_id not in tenant_ids:
            raise ForeignTargetError(kind="queue")
    elif isinstance(command, routing.CallTier | routing.StandDownTier):
        _check_tier(command.tier_id, tenant_ids, router)
    elif isinstance(command, routing.CancelCallback):
        contact = router.contact(command.contact_id)
        if contact is not None and contact.details.tenant_id not in tenant_ids:
            raise ForeignTargetError(kind="contact")
    elif isinstance(command, AlarmCommand):
        alarm = state.alarms.alarm(command.alarm_id)
        if alarm is not None and alarm.tenant_id not in tenant_ids:
            raise ForeignTargetError(kind="alarm")


def _check_agent(agent_id: str, tenant_ids: frozenset[str], router: Router) -> None:
    agent = router.agent_configurations().get(agent_id)
    if agent is None or tenant_ids.isdisjoint(agent.tenant_ids):
        raise ForeignTargetError(kind="agent")


def _check_site(site_id: str, tenant_ids: frozenset[str], router: Router) -> None:
    """A site that is down is down for everybody whom the agents there serve: who marks it supervises all of them."""
    served = tenants_of_site(router, site_id)
    if served.isdisjoint(tenant_ids):
        raise ForeignTargetError(kind="site")
    if not served <= tenant_ids:
        raise SharedSiteError


def _check_tier(tier_id: str, tenant_ids: frozenset[str], router: Router) -> None:
    configuration = router.configuration
    ladders = configuration.ladders if configuration is not None else ()
    owners = {ladder.tenant_id for ladder in ladders if any(tier.tier_id == tier_id for tier in ladder.tiers)}
    if not owners <= tenant_ids or not owners:
        raise ForeignTargetError(kind="tier")


def _check_conversation(agent_id: str, tenant_ids: frozenset[str], router: Router) -> None:
    """An agent who serves several tenants may be heard only in the calls of the supervisor's own."""
    agent = router.agent(agent_id)
    for contact_id in agent.contact_ids if agent is not None else ():
        contact = router.contact(contact_id)
        if contact is None or contact.details.channel != "voice":
            continue  # what is in writing cannot be listened to
        if contact.details.tenant_id not in tenant_ids:
            raise ForeignTargetError(kind="conversation")


def _check_monitoring(monitoring_id: str, viewer: Viewer, router: Router) -> None:
    owners = [one.supervisor_id for one in router.monitorings() if one.monitoring_id == monitoring_id]
    if owners and owners != [viewer.user_id]:
        raise ForeignTargetError(kind="monitoring")


def _check_transfer(command: routing.StartTransfer, router: Router) -> None:
    """A contact stays with its tenant: only queues of that tenant and agents who serve it."""
    contact = router.contact(command.contact_id)
    if contact is None or command.target_kind == "number":
        return
    tenant_id = contact.details.tenant_id
    if command.target_kind == "queue":
        queue = router.queue_configurations().get(command.target)
        if queue is None or queue.tenant_id != tenant_id:
            raise ForeignTargetError(kind="queue")
    else:
        agent = router.agent_configurations().get(command.target)
        if agent is None or tenant_id not in agent.tenant_ids:
            raise ForeignTargetError(kind="agent")
