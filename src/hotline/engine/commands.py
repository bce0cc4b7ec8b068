"""Commands in messages become rules on integers."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from hotline.engine import (
    absences,
    arrivals,
    callbacks,
    conversations,
    eligibility,
    ladders,
    monitoring,
    offers,
    own_calls,
    presence,
    reconciliation,
    transfers,
)
from hotline.engine import codes as c
from hotline.engine.admission import Admission
from hotline.engine.configuration import check, compile_settings, needs_of, seat_sites, site_of_seat
from hotline.engine.configuring import configure
from hotline.engine.core import Engine
from hotline.engine.errors import (
    AgentUnknownError,
    CommandInvalidError,
    ContactUnknownError,
    OtherTenantError,
    QueueUnknownError,
    SiteUnknownError,
    TierCalledError,
    TierNotCalledError,
    TierUnknownError,
)
from hotline.engine.from_messages import queued_event
from hotline.engine.names import Names, session_key
from hotline.engine.records import Queue
from hotline.engine.seating import Seating
from hotline.engine.settings import Ladder, Tier
from hotline.engine.to_messages import ToMessages
from hotline.messages import routing as m
from hotline.messages.base import Command
from hotline.messages.configuration import AgentConfiguration, QueueConfiguration, RoutingConfiguration

_GREATEST_PRIORITY = 1_000_000
_GREATEST_TEXT = 200
_LONGEST_KEPT_MS = 24 * 60 * 60 * 1000
_OUTCOMES = ("answered", "failed", "ended")


class Commands:
    """The rules by type of command. They raise a HotlineError when the command cannot be; then nothing has
    changed but names, which the router rolls back."""

    def __init__(
        self,
        engine: Engine,
        names: Names,
        messages: ToMessages,
        contacts_of_node: Callable[[str], list[int]],
        is_ended: Callable[[str], bool],
        has_left: Callable[[str], bool],
        configure: Callable[[RoutingConfiguration], None],
        admission: Admission,
        queues: dict[str, QueueConfiguration],
        seating: Seating,
        agents: Callable[[], Mapping[str, AgentConfiguration]],
    ) -> None:
        self._admission = admission
        self._queues = queues
        self._seating = seating
        self._agent_configurations = agents
        self._engine = engine
        self._names = names
        self._contacts = names.families[c.CONTACTS]
        self._offers = names.families[c.OFFERS]
        self._messages = messages
        self._contacts_of_node = contacts_of_node
        self._is_ended = is_ended
        self._has_left = has_left
        self._configure = configure
        self.rules: dict[type[Command], Callable[[Any, int], None]] = {  # by type, with the time of the command's fact
            m.EnqueueContact: self._enqueue_contact,
            m.EndContact: self._end_contact,
            m.AnswerOffer: self._answer_offer,
            m.FailOffer: self._fail_offer,
            m.LoseAgentLeg: self._lose_agent_leg,
            m.ResumeAgentLeg: self._resume_agent_leg,
            m.ReportTransferLeg: self._report_transfer_leg,
            m.ReportMonitoringEnded: self._report_monitoring_ended,
            m.ReconcileNode: self._reconcile_node,
            m.LoseNodeConnection: self._lose_node_connection,
            m.MoveCallbacks: self._move_callbacks,
            m.SignIn: self._sign_in,
            m.SignOut: self._sign_out,
            m.SetAgentState: self._set_agent_state,
            m.LoseAgentConnection: self._lose_agent_connection,
            m.RestoreAgentConnection: self._restore_agent_connection,
            m.AcceptOffer: self._accept_offer,
            m.RefuseOffer: self._refuse_offer,
            m.HoldContact: self._hold_contact,
            m.RetrieveContact: self._retrieve_contact,
            m.HangUpContact: self._hang_up_contact,
            m.StartTransfer: self._start_transfer,
            m.CompleteTransfer: self._complete_transfer,
            m.CancelTransfer: self._cancel_transfer,
            m.MergeTransfer: self._merge_transfer,
            m.ExtendWrapUp: self._extend_wrap_up,
            m.FinishWrapUp: self._finish_wrap_up,
            m.ForceAgentState: self._force_agent_state,
            m.StartMonitoring: self._start_monitoring,
            m.ChangeMonitoring: self._change_monitoring,
            m.StopMonitoring: self._stop_monitoring,
            m.RequestCallback: self._request_callback,
            m.FailCallback: self._fail_callback,
            m.CancelCallback: self._cancel_callback,
            m.SettleCallback: self._settle_callback,
            m.MarkSite: self._mark_site,
            m.MarkSeat: self._mark_seat,
            m.SetDisasterMode: self._set_disaster_mode,
            m.CallTier: self._call_tier,
            m.StandDownTier: self._stand_down_tier,
            m.ApplyConfiguration: self._apply_configuration,
        }

    # --- ids ---------------------------------------------------------------------------------------------------------

    def _agent(self, text: str) -> int:
        found = self._names.agents.known(text)
        if found < 0:
            raise AgentUnknownError
        return found

    def _known(self, family: int, text: str) -> int:
        return self._names.families[family].known(text)

    def _own_contact(self, text: str) -> int | None:
        """The contact, None when it has ended and is forgotten. Raises ContactUnknownError when it never was."""
        found = self._contacts.known(text)
        if found >= 0:
            return found
        if self._is_ended(text):
            return None
        raise ContactUnknownError

    def _both(self, command: Any) -> tuple[int, int | None]:
        return self._agent(command.agent_id), self._own_contact(command.contact_id)

    # --- the node's --------------------------------------------------------------------------------------------------

    def _enqueue_contact(self, command: m.EnqueueContact, at: int) -> None:
        if self._contacts.known(command.contact_id) >= 0 or self._is_ended(command.contact_id):
            return
        _check_enqueue(command)
        engine, names = self._engine, self._names
        queue = engine.queues.get(names.queues.known(command.queue_id))
        if queue is None or queue.is_removed:
            raise QueueUnknownError
        if names.tenants.known(command.tenant_id) != queue.tenant:
            raise OtherTenantError
        message = self._admission.admit(command, self._queues[command.queue_id], at)
        if message.wanted_agent_id is not None and not self._is_there(message, queue):
            message = msgspec.structs.replace(message, wanted_agent_id=None, wanted_until_ms=0)
        self._messages.queued = message
        event = queued_event(message, self._contacts.id(command.contact_id), names)
        if command.callback is not None:
            self._messages.number = command.callback
        arrivals.enqueue(engine, event, command.callback is not None, command.callback_not_before_ms)

    def _is_there(self, message: m.ContactQueued, queue: Queue) -> bool:
        """Whether it makes sense to wait for the wanted agent: there, and able."""
        agent = self._engine.agents.get(self._names.agents.known(message.wanted_agent_id))
        needs = needs_of(tuple((need.skill_id, need.level) for need in message.needs), self._names)
        return eligibility.is_there(self._engine, agent, queue, c.CHANNELS.index(message.channel), needs)

    def _end_contact(self, command: m.EndContact, at: int) -> None:
        """One that its queue has let go has nothing left here that could end."""
        contact = self._contacts.known(command.contact_id)
        if contact < 0:
            if not self._is_ended(command.contact_id) and not self._has_left(command.contact_id):
                raise ContactUnknownError
            return
        is_lost = command.cause == c.CAUSES[c.C_LOST]
        cause = c.C_LOST if is_lost else self._messages.pass_on(command.cause)
        arrivals.end_contact(self._engine, at, contact, c.ENDED_BY.index(command.ended_by), cause)

    def _answer_offer(self, command: m.AnswerOffer, at: int) -> None:
        offers.answer_offer(self._engine, at, self._offers.known(command.offer_id))

    def _fail_offer(self, command: m.FailOffer, at: int) -> None:
        cause = self._messages.pass_on(command.cause)
        offers.fail_offer(self._engine, at, self._known(c.OFFERS, command.offer_id), cause)

    def _lose_agent_leg(self, command: m.LoseAgentLeg, at: int) -> None:
        agent, contact = self._both(command)
        if contact is not None:
            transfers.lose_agent_leg(self._engine, at, agent, contact)

    def _resume_agent_leg(self, command: m.ResumeAgentLeg, at: int) -> None:
        agent, contact = self._both(command)
        if contact is not None:
            conversations.resume_agent_leg(self._engine, at, agent, contact)

    def _report_transfer_leg(self, command: m.ReportTransferLeg, at: int) -> None:
        cause = self._messages.pass_on(command.cause) if command.cause else c.C_NONE
        transfer = self._known(c.TRANSFERS, command.transfer_id)
        transfers.report_transfer_leg(self._engine, at, transfer, _OUTCOMES.index(command.outcome), cause)

    def _report_monitoring_ended(self, command: m.ReportMonitoringEnded, at: int) -> None:
        monitoring.end_monitoring(self._engine, at, self._known(c.MONITORINGS, command.monitoring_id))

    def _reconcile_node(self, command: m.ReconcileNode, at: int) -> None:
        _check_node(command.node_id)
        held: dict[int, tuple[int, ...]] = {}
        for one in command.contacts:
            agents = tuple(self._names.agents.known(agent) for agent in one.agent_ids)
            held[self._known(c.CONTACTS, one.contact_id)] = agents
        ours = self._contacts_of_node(command.node_id)
        node = self._names.nodes.known(command.node_id)
        reconciliation.reconcile_node(self._engine, at, node, ours, held)

    def _lose_node_connection(self, command: m.LoseNodeConnection, at: int) -> None:
        _check_node(command.node_id)
        times = (at + command.hold_after_ms, at + command.give_up_after_ms, at + command.clear_after_ms)
        if not 0 < command.hold_after_ms <= command.give_up_after_ms <= command.clear_after_ms:
            raise CommandInvalidError(problem="a node is held first, then given up, then cleared")
        absences.lose_node(self._engine, at, self._names.nodes.id(command.node_id), times, command.is_judged_anew)

    def _move_callbacks(self, command: m.MoveCallbacks, at: int) -> None:
        _check_node(command.node_id)
        _check_node(command.to_node_id)
        nodes = self._names.nodes
        absences.move_callbacks(self._engine, at, nodes.known(command.node_id), nodes.id(command.to_node_id))

    # --- the agents' -------------------------------------------------------------------------------------------------

    def _sign_in(self, command: m.SignIn, at: int) -> None:
        agent = self._agent(command.agent_id)
        former = self._seating.seat_of(command.agent_id)
        seat_id = self._seating.after_sign_in(command, self._agent_configurations())
        self._messages.seat_id = seat_id
        session = self._names.families[c.SESSIONS].id(session_key(command.agent_id, command.session_id))
        site = site_of_seat(seat_id, self._seating, self._names)
        presence.sign_in(self._engine, at, agent, session, site, is_moving=seat_id != former)

    def _sign_out(self, command: m.SignOut, at: int) -> None:
        presence.sign_out(self._engine, at, self._agent(command.agent_id))

    def _set_agent_state(self, command: m.SetAgentState, at: int) -> None:
        reason = c.NO_REASON if command.reason_id is None else self._names.reasons.known(command.reason_id)
        state = c.AGENT_STATES.index(command.state)
        presence.set_state(self._engine, at, self._agent(command.agent_id), state, reason)

    def _lose_agent_connection(self, command: m.LoseAgentConnection, at: int) -> None:
        session = self._known(c.SESSIONS, session_key(command.agent_id, command.session_id))
        presence.lose_connection(self._engine, at, self._agent(command.agent_id), session)

    def _restore_agent_connection(self, command: m.RestoreAgentConnection, at: int) -> None:
        session = self._known(c.SESSIONS, session_key(command.agent_id, command.session_id))
        presence.restore_connection(self._engine, at, self._agent(command.agent_id), session)

    def _accept_offer(self, command: m.AcceptOffer, at: int) -> None:
        offer = self._known(c.OFFERS, command.offer_id)
        offers.accept_offer(self._engine, at, self._agent(command.agent_id), offer)

    def _refuse_offer(self, command: m.RefuseOffer, at: int) -> None:
        offer = self._known(c.OFFERS, command.offer_id)
        reason = self._messages.pass_on(command.reason_id)
        offers.refuse_offer(self._engine, at, self._agent(command.agent_id), offer, reason)

    def _hold_contact(self, command: m.HoldContact, at: int) -> None:
        agent, contact = self._both(command)
        if contact is None:
            raise ContactUnknownError
        conversations.hold_contact(self._engine, at, agent, contact)

    def _retrieve_contact(self, command: m.RetrieveContact, at: int) -> None:
        agent, contact = self._both(command)
        if contact is None:
            raise ContactUnknownError
        conversations.retrieve_contact(self._engine, at, agent, contact)

    def _hang_up_contact(self, command: m.HangUpContact, at: int) -> None:
        agent, contact = self._both(command)
        if contact is not None:
            transfers.hang_up_contact(self._engine, at, agent, contact)

    def _start_transfer(self, command: m.StartTransfer, at: int) -> None:
        agent, contact = self._both(command)
        if contact is None:
            raise ContactUnknownError
        kind, target_kind = c.TRANSFER_KINDS.index(command.kind), c.TARGET_KINDS.index(command.target_kind)
        if not command.target:
            raise CommandInvalidError(problem="a transfer needs a target")
        target = self._target(target_kind, command.target)
        transfer = self._names.families[c.TRANSFERS].id(command.transfer_id)
        transfers.start_transfer(self._engine, at, transfer, agent, contact, kind, target_kind, target)

    def _target(self, kind: int, target: str) -> int:
        if kind == c.TO_QUEUE:
            return self._names.queues.known(target)
        if kind == c.TO_AGENT:
            return self._names.agents.known(target)
        self._messages.number = target
        return 0

    def _complete_transfer(self, command: m.CompleteTransfer, at: int) -> None:
        transfer = self._known(c.TRANSFERS, command.transfer_id)
        transfers.complete_transfer(self._engine, at, self._agent(command.agent_id), transfer)

    def _cancel_transfer(self, command: m.CancelTransfer, at: int) -> None:
        transfer = self._known(c.TRANSFERS, command.transfer_id)
        transfers.cancel_transfer(self._engine, at, self._agent(command.agent_id), transfer)

    def _merge_transfer(self, command: m.MergeTransfer, at: int) -> None:
        transfer = self._known(c.TRANSFERS, command.transfer_id)
        transfers.merge_transfer(self._engine, at, self._agent(command.agent_id), transfer)

    def _extend_wrap_up(self, command: m.ExtendWrapUp, at: int) -> None:
        agent, contact = self._both(command)
        if contact is None:
            raise ContactUnknownError
        conversations.extend_wrap_up(self._engine, at, agent, contact, command.extend_s * 1000)

    def _finish_wrap_up(self, command: m.FinishWrapUp, at: int) -> None:
        agent, contact = self._both(command)
        if contact is not None:
            conversations.finish_wrap_up(self._engine, at, agent, contact)

    def _settle_callback(self, command: m.SettleCallback, at: int) -> None:
        agent, contact = self._both(command)
        if contact is not None:
            own_calls.settle_callback(self._engine, at, agent, contact, command.is_done)

    # --- supervisors' and the house's --------------------------------------------------------------------------------

    def _force_agent_state(self, command: m.ForceAgentState, at: int) -> None:
        if len(command.reason) > _GREATEST_TEXT:
            raise CommandInvalidError(problem=f"a reason has at most {_GREATEST_TEXT} characters")
        agent = self._agent(command.agent_id)
        state = c.AGENT_STATES.index(command.state)
        reason, supervisor = self._names.reason(command.reason), self._names.person(command.supervisor_id)
        presence.force_state(self._engine, at, supervisor, agent, state, reason)

    def _start_monitoring(self, command: m.StartMonitoring, at: int) -> None:
        agent = self._agent(command.agent_id)
        id = self._names.families[c.MONITORINGS].id(command.monitoring_id)
        supervisor = self._names.person(command.supervisor_id)
        monitoring.start_monitoring(self._engine, at, id, supervisor, agent, c.MONITOR_MODES.index(command.mode))

    def _change_monitoring(self, command: m.ChangeMonitoring, at: int) -> None:
        id, supervisor = self._monitoring(command)
        monitoring.change_monitoring(self._engine, at, id, supervisor, c.MONITOR_MODES.index(command.mode))

    def _stop_monitoring(self, command: m.StopMonitoring, at: int) -> None:
        id, supervisor = self._monitoring(command)
        monitoring.stop_monitoring(self._engine, at, id, supervisor)

    def _monitoring(self, command: m.ChangeMonitoring | m.StopMonitoring) -> tuple[int, int]:
        supervisor = self._names.persons.known(command.supervisor_id)
        return self._known(c.MONITORINGS, command.monitoring_id), supervisor

    def _request_callback(self, command: m.RequestCallback, at: int) -> None:
        contact = self._own_contact(command.contact_id)
        if contact is None:
            raise ContactUnknownError
        self._messages.number = command.number
        callbacks.promise_callback(self._engine, at, contact, command.not_before_ms, command.window)

    def _fail_callback(self, command: m.FailCallback, at: int) -> None:
        cause = self._messages.pass_on(command.cause)
        callbacks.fail_callback(self._engine, at, self._known(c.OFFERS, command.offer_id), cause)

    def _cancel_callback(self, command: m.CancelCallback, at: int) -> None:
        contact = self._own_contact(command.contact_id)
        if contact is not None:
            callbacks.cancel_callback(self._engine, at, contact, self._names.person(command.supervisor_id))

    def _mark_site(self, command: m.MarkSite, at: int) -> None:
        site = self._names.sites.known(command.site_id)
        if site < 0:
            raise SiteUnknownError
        actor = self._names.person(command.supervisor_id)
        eligibility.mark_site(self._engine, at, site, command.is_down, actor)

    def _mark_seat(self, command: m.MarkSeat, at: int) -> None:
        marked = self._seating.marked_by(command, at)
        if marked is not None:
            self._messages.beside.append(marked)

    def _set_disaster_mode(self, command: m.SetDisasterMode, at: int) -> None:
        queue, actor = self._names.queues.known(command.queue_id), self._names.person(command.supervisor_id)
        eligibility.set_disaster_mode(self._engine, at, queue, command.is_on, actor)

    def _call_tier(self, command: m.CallTier, at: int) -> None:
        ladder, tier = self._tier(command.tier_id)
        if tier.step != c.TIER_OFF:
            raise TierCalledError
        if not 0 <= command.keep_until_ms <= at + _LONGEST_KEPT_MS:
            raise CommandInvalidError(problem="a reserve team is kept for at most a day")
        actor = self._names.person(command.supervisor_id)
        ladders.call_by_hand(self._engine, at, ladder, tier, command.keep_until_ms, actor)

    def _stand_down_tier(self, command: m.StandDownTier, at: int) -> None:
        ladder, tier = self._tier(command.tier_id)
        if tier.step == c.TIER_OFF:
            raise TierNotCalledError
        ladders.stand_down_by_hand(self._engine, at, ladder, tier, self._names.person(command.supervisor_id))

    def _tier(self, text: str) -> tuple[Ladder, Tier]:
        id = self._names.tiers.known(text)
        for ladder in self._engine.ladders.values():
            for tier in ladder.tiers:
                if tier.id == id:
                    return ladder, tier
        raise TierUnknownError

    def _apply_configuration(self, command: m.ApplyConfiguration, at: int) -> None:
        configuration = command.configuration
        if configuration.version <= self._engine.version:
            return
        check(configuration)
        at_work = ladders.farewells(self._engine, at)
        self._configure(configuration)
        ladders.tell_gone(self._engine, at_work)
        eligibility.follow_configuration(self._engine, at)


def compile_and_configure(
    engine: Engine,
    names: Names,
    configuration: RoutingConfiguration,
    former: Iterable[QueueConfiguration],
    seating: Seating,
) -> None:
    """Put a checked configuration, whose seats are known, into force and forget the reasons and persons that nothing
    names any more. `former` are the queues that it does not list and in which somebody still is."""
    settings = compile_settings(configuration, names, former)
    settings.seat_sites = seat_sites(seating, names)
    configure(engine, settings)
    reasons: dict[int, None] = dict.fromkeys(settings.away_reasons)
    persons: dict[int, None] = {one.supervisor: None for one in engine.monitorings.values()}
    for agent in engine.agents.values():
        reasons[agent.reason] = reasons[agent.desired_reason] = None
        persons[agent.desired_actor] = None
    for reason in [id for id in names.reasons.ids() if id not in reasons]:
        names.reasons.forget(reason)
    for person in [id for id in names.persons.ids() if id not in persons]:
        names.persons.forget(person)


def _check_node(node_id: str) -> None:
    if node_id == m.HOUSE_NODE:
        raise CommandInvalidError(problem=f"no node is called {node_id}, by which web is meant")


def _check_enqueue(command: m.EnqueueContact) -> None:
    if command.channel == "voice" and command.node_id == m.HOUSE_NODE:
        raise CommandInvalidError(problem="a call is carried by a node, and not by web")
    if abs(command.priority) > _GREATEST_PRIORITY:
        raise CommandInvalidError(problem=f"a priority lies between -{_GREATEST_PRIORITY} and {_GREATEST_PRIORITY}")
    if command.needs and any(not 1 <= need.level <= 9 for need in command.needs):
        raise CommandInvalidError(problem="the level of a needed skill is 1 to 9")
