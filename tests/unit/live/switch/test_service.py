"""The switch: what it says is durable, and what is durable it says."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hotline.engine.boundary import Router
from hotline.kernel.errors import HotlineError
from hotline.live.switch import service
from hotline.live.switch.service import CommandFailedError, OverloadedError, SwitchFailedError
from hotline.live.switch.state import rebuild
from hotline.messages import routing
from hotline.messages.effects import EffectFrame, RingAgent
from tests.unit.live.switch.house import House, offers


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


async def test_a_command_is_answered_only_when_its_events_are_in_the_log(house: House) -> None:
    await house.configure()
    logged_when_answered: list[int] = []
    command = house.command(routing.SignIn, agent_id="ann", session_id="s")
    house.switch.submit(command, lambda error: logged_when_answered.append(len(house.logged())))
    before = len(house.logged())
    await house.switch.step()
    assert logged_when_answered == [len(house.logged())]
    assert logged_when_answered[0] > before


async def test_listeners_hear_what_the_log_holds_in_the_same_order(house: House) -> None:
    await house.configure()
    await house.talk("c-1", "ann")
    assert house.witness.events() == house.logged()


async def test_commands_that_wait_together_become_one_batch(house: House) -> None:
    await house.configure()
    seq = house.switch.log.seq
    waiting = [
        house.submit(house.command(routing.SignIn, agent_id=name, session_id="s")) for name in ("ann", "bob", "eve")
    ]
    await house.switch.step()
    assert house.switch.log.seq == seq + 1
    assert waiting == [[None], [None], [None]]


async def test_events_and_effects_are_counted_once_however_often_they_are_read(house: House) -> None:
    await house.configure()
    await house.talk("c-1", "ann")
    for _ in range(2):
        exposition = house.switch.metrics.exposition().decode()
        assert 'hotline_routing_events_total{type="ContactConnected"} 1.0' in exposition
        assert 'hotline_routing_events_total{type="AgentStateChanged"} 4.0' in exposition
        assert "hotline_routing_effects_total 1.0" in exposition


async def test_a_refused_command_changes_nothing_and_spares_its_neighbours(house: House) -> None:
    await house.configure()
    before = house.switch.state.snapshot()
    stranger = await house.give(routing.SignIn, agent_id="nobody", session_id="s")
    assert isinstance(stranger, HotlineError)
    assert house.switch.state.snapshot() == before
    bad = house.submit(house.command(routing.SignIn, agent_id="nobody", session_id="s"))
    good = house.submit(house.command(routing.SignIn, agent_id="ann", session_id="s"))
    await house.switch.step()
    assert good == [None]
    assert isinstance(bad[0], HotlineError)


async def test_a_resent_command_is_acknowledged_again_and_done_once_also_after_a_restart(house: House) -> None:
    await house.configure()
    await house.sign_in("ann")
    command = house.command(
        routing.EnqueueContact,
        contact_id="c-1",
        tenant_id="tenant-shibei",
        queue_id="repair",
        node_id="node-1",
        asked_at_ms=house.clock.now_ms(),
        arrived_at_ms=house.clock.now_ms(),
    )
    for _ in range(2):
        answers = house.submit(command)
        await house.switch.step()
        assert answers == [None]
    house.start()
    answers = house.submit(command)
    await house.switch.step()
    assert answers == [None]
    assert len([event for event in house.logged() if isinstance(event, routing.ContactQueued)]) == 1


async def test_a_commit_that_fails_ends_the_switch_without_a_word(house: House) -> None:
    await house.configure()
    durable = house.logged()
    house.switch.log._store.execute("PRAGMA query_only = ON")  # as a full or broken disk refuses to write
    answers = house.submit(house.command(routing.SignIn, agent_id="ann", session_id="s"))
    told = len(house.witness.batches)
    with pytest.raises(SwitchFailedError, match="readonly"):
        await house.switch.step()
    assert answers == []
    assert len(house.witness.batches) == told
    house.start()
    assert house.logged() == durable
    ann = house.switch.state.router.agent("ann")
    assert ann is not None
    assert ann.state == "signed_out"


async def test_a_switch_that_was_overtaken_stops_without_a_word(house: House) -> None:
    await house.configure()
    paused = house.switch
    house.start()
    answers: list[HotlineError | None] = []
    paused.submit(house.command(routing.SignIn, agent_id="ann", session_id="s"), answers.append)
    with pytest.raises(SwitchFailedError, match="taken the lead"):
        await paused.step()
    assert answers == []


async def test_after_kill_minus_nine_the_state_is_what_it_was(house: House) -> None:
    await house.configure()
    await house.talk("c-1", "ann")
    await house.caller("c-2")
    before = house.switch.state.snapshot()
    house.start()
    assert house.switch.state.snapshot() == before


@pytest.mark.parametrize("spoil", [None, b"\xc1", b"\x91\xc4\x01x"])
async def test_snapshot_and_tail_give_the_same_state_and_a_spoilt_snapshot_does_no_harm(
    house: House, monkeypatch: pytest.MonkeyPatch, spoil: bytes | None
) -> None:
    monkeypatch.setattr(service, "SNAPSHOT_EACH_EVENTS", 5)
    await house.configure()
    for number in range(4):
        await house.caller(f"c-{number}")
        await house.must(routing.EndContact, contact_id=f"c-{number}", ended_by="caller", cause="gone")
    await house.talk("c-9", "ann")
    await house.switch.close()
    log = house.open_log()
    assert log.snapshots()
    if spoil is not None:
        log._store.execute("UPDATE routing_snapshot SET body = ?", spoil)
    house.start()
    from_scratch = house.open_log()
    from_scratch._store.execute("DELETE FROM routing_snapshot")
    assert house.switch.state.snapshot() == rebuild(from_scratch).snapshot()


async def test_a_command_that_breaks_the_program_is_refused_and_the_others_go_on(house: House) -> None:
    class BreakingRouter(Router):
        """Decides half of the poisoned command, then fails, as a defect would."""

        def decide(
            self, command: routing.RoutingCommand, now_ms: int, new_id: Callable[[], str]
        ) -> tuple[routing.RoutingEvent, ...]:
            events = super().decide(command, now_ms, new_id)
            if isinstance(command, routing.SignIn) and command.agent_id == "bob":
                raise ZeroDivisionError
            return events

    await house.configure()
    house.switch.state.router = BreakingRouter.restore(house.switch.state.router.snapshot())
    first = house.submit(house.command(routing.SignIn, agent_id="ann", session_id="s"))
    poison = house.submit(house.command(routing.SignIn, agent_id="bob", session_id="s"))
    last = house.submit(house.command(routing.SignIn, agent_id="eve", session_id="s"))
    await house.switch.step()
    assert (first, last) == ([], [])
    assert isinstance(poison[0], CommandFailedError)
    assert house.witness.rebuilds == 1
    await house.switch.step()
    assert (first, last) == ([None], [None])
    router = house.switch.state.router
    states = {name: view.state for name in ("ann", "bob", "eve") if (view := router.agent(name))}
    assert states["bob"] == "signed_out"
    assert "signed_out" not in (states["ann"], states["eve"])
    assert house.switch.state.snapshot() == rebuild(house.open_log()).snapshot()


async def test_an_offer_that_nobody_answers_is_offered_to_the_next(house: House) -> None:
    await house.configure()
    await house.sign_in("ann")
    await house.caller("c-1")
    await house.sign_in("bob")
    await house.later(15_000)
    assert [offer.agent_id for offer in offers(house.logged())] == ["ann", "bob"]


async def test_an_offer_answered_while_there_was_no_switch_does_not_expire_first(house: House) -> None:
    await house.configure()
    await house.sign_in("ann")
    await house.caller("c-1")
    house.clock.advance_ms(15_500)  # no switch lives: the agent answers, and the offer's time runs out
    house.start()
    await house.later(500)
    await house.answer("c-1")
    await house.later(2_000)
    assert [type(event).__name__ for event in house.logged()].count("ContactConnected") == 1
    assert not any(isinstance(event, routing.OfferExpired) for event in house.logged())


async def test_what_fell_due_while_there_was_no_switch_is_done_after_a_moment(house: House) -> None:
    await house.configure()
    await house.sign_in("ann")
    await house.caller("c-1")
    house.clock.advance_ms(15_500)
    house.start()
    await house.later(2_000)
    assert any(isinstance(event, routing.OfferExpired) for event in house.logged())


async def test_an_offer_answered_while_the_switch_was_held_up_does_not_expire_first(house: House) -> None:
    await house.configure()
    await house.sign_in("ann")
    await house.caller("c-1")
    contact = house.switch.state.router.contact("c-1")
    assert contact is not None
    running = asyncio.create_task(house.switch.run())
    await round_of(house)
    house.clock.advance_ms(17_500)  # the loop stood still meanwhile: the answer waits in the socket
    house.switch._wake.set()
    await round_of(house)
    house.submit(house.command(routing.AnswerOffer, offer_id=contact.offer_id))
    house.clock.advance_ms(200)
    house.switch._wake.set()
    await round_of(house)
    house.switch.stop()
    await running
    kinds = [type(event) for event in house.logged()]
    assert routing.ContactConnected in kinds
    assert routing.OfferExpired not in kinds


async def test_what_fell_due_while_the_switch_was_held_up_is_done_after_a_moment(house: House) -> None:
    await house.configure()
    await house.sign_in("ann")
    await house.caller("c-1")
    running = asyncio.create_task(house.switch.run())
    await round_of(house)
    for leap_ms in (17_500, 200):
        house.clock.advance_ms(leap_ms)
        house.switch._wake.set()
        await round_of(house)
    house.switch.stop()
    await running
    assert routing.OfferExpired in [type(event) for event in house.logged()]


async def test_the_loop_wakes_by_itself_when_a_timer_is_due(house: House) -> None:
    await house.configure()
    await house.sign_in("ann")
    await house.caller("c-1")
    house.clock.advance_ms(15_000)
    expired = asyncio.Event()

    class Waker:
        def committed(self, batch: Any) -> None:
            if any(isinstance(event, routing.OfferExpired) for event in batch.events):
                expired.set()

        def rebuilt(self) -> None: ...

    house.switch.listeners.append(Waker())
    running = asyncio.create_task(house.switch.run())
    await asyncio.wait_for(expired.wait(), 5)
    house.switch.stop()
    await running
    assert not house.switch.is_running


async def test_what_makes_nobody_wait_shares_the_next_commit(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "PATIENCE_MS", 60_000)
    await house.configure()
    await house.talk("c-1", "ann")
    await house.sign_in("bob")
    await house.caller("c-2")
    await house.sign_in("both")
    running = asyncio.create_task(house.switch.run())
    await round_of(house)  # it is asleep now
    told = len(house.witness.batches)
    contact = house.switch.state.router.contact("c-2")
    assert contact is not None
    for command in (
        house.command(routing.AnswerOffer, offer_id=contact.offer_id),
        house.command(routing.EndContact, contact_id="c-1", ended_by="caller", cause="normal_clearing"),
    ):
        house.submit(command)
        await round_of(house)
    assert len(house.witness.batches) == told
    house.submit(house.command(routing.SignIn, agent_id="eve", session_id="s"))
    await round_of(house)
    house.switch.stop()
    await running
    (shared,) = [batch for batch in house.witness.batches[told:] if batch.events]
    kinds = [type(event) for event in shared.events]
    assert (
        kinds.index(routing.ContactConnected) < kinds.index(routing.ContactEnded) < kinds.index(routing.AgentSignedIn)
    )


async def round_of(house: House) -> None:
    """Long enough for a round, if there is one: whatever the log's thread had to do is done then."""
    for _ in range(3):
        await asyncio.sleep(0)
        await house.switch._thread.call(lambda: None)


async def test_without_company_it_is_decided_nevertheless(house: House) -> None:
    await house.configure()
    await house.talk("c-1", "ann")
    running = asyncio.create_task(house.switch.run())
    await round_of(house)
    ended = asyncio.Event()
    command = house.command(routing.EndContact, contact_id="c-1", ended_by="caller", cause="normal_clearing")
    house.switch.submit(command, lambda _: ended.set())
    await asyncio.wait_for(ended.wait(), 5)
    house.switch.stop()
    await running


async def test_the_end_of_a_conversation_is_decided_at_once_when_somebody_waits(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PATIENCE_MS", 60_000)
    await house.configure()
    await house.talk("c-1", "ann")
    await house.caller("c-2")
    running = asyncio.create_task(house.switch.run())
    await round_of(house)
    ended = asyncio.Event()
    command = house.command(routing.EndContact, contact_id="c-1", ended_by="caller", cause="normal_clearing")
    house.switch.submit(command, lambda _: ended.set())
    await asyncio.wait_for(ended.wait(), 5)
    house.switch.stop()
    await running


async def test_others_have_their_turn_while_work_never_ends(house: House) -> None:
    await house.configure()
    rounds = 0

    class Restless:
        def committed(self, batch: Any) -> None:
            nonlocal rounds
            rounds += 1
            if rounds < 2_000:
                command = house.command(routing.SignIn, agent_id="eve", session_id=f"session-{rounds}")
                house.switch.submit(command)

        def rebuilt(self) -> None: ...

    house.switch.listeners.append(Restless())
    running = asyncio.create_task(house.switch.run())
    house.submit(house.command(routing.SignIn, agent_id="eve", session_id="session-0"))
    for _ in range(20):
        await asyncio.sleep(0)
    house.switch.stop()
    await running
    assert 0 < rounds < 100


async def test_enough_company_is_not_kept_waiting(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "PATIENCE_MS", 60_000)
    await house.configure()
    running = asyncio.create_task(house.switch.run())
    await round_of(house)
    answered = asyncio.Event()
    for number in range(service._COMPANY):
        command = house.command(routing.AnswerOffer, offer_id=f"never-{number}")
        house.switch.submit(command, lambda _: answered.set())
    await asyncio.wait_for(answered.wait(), 5)
    house.switch.stop()
    await running


async def test_effects_go_to_the_contacts_node_numbered_without_repeats(house: House) -> None:
    await house.configure()
    await house.talk("c-1", "ann")
    await house.sign_in("bob")
    await house.caller("c-2")
    frames: list[EffectFrame] = [frame for batch in house.witness.batches for _, frame in batch.effects]
    for _ in range(2):
        frames += house.switch.frames_for_node(house.command(routing.ReconcileNode, node_id="node-1", contacts=()))
    numbers = [(frame.epoch, frame.seq, frame.index) for frame in frames]
    assert numbers == sorted(set(numbers))
    assert {node for batch in house.witness.batches for node, _ in batch.effects} == {"node-1"}
    rings = [frame.effect for frame in frames if isinstance(frame.effect, RingAgent)]
    assert [ring.agent_id for ring in rings[:2]] == ["ann", "bob"]


async def test_a_node_that_returns_is_told_again_what_is_still_to_be_done(house: House) -> None:
    await house.configure()
    await house.sign_in("ann")
    await house.caller("c-1")
    held = (routing.NodeContact("c-1"),)
    returned = house.command(routing.ReconcileNode, node_id="node-1", contacts=held)
    again = [frame.effect for frame in house.switch.frames_for_node(returned)]
    assert [effect.contact_id for effect in again if isinstance(effect, RingAgent)] == ["c-1"]
    other = house.command(routing.ReconcileNode, node_id="node-2", contacts=())
    assert house.switch.frames_for_node(other) == []


async def test_an_inbox_that_is_full_refuses_but_takes_what_the_house_noticed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_INBOX_LIMIT", 2)
    command = house.command(routing.SignOut, agent_id="ann")
    for _ in range(4):
        house.switch.submit(command)
    waiting = asyncio.ensure_future(house.switch.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    with pytest.raises(OverloadedError):
        house.switch.submit(command)
    house.switch.submit(command, is_of_the_house=True)
    await house.switch.step()
    await asyncio.wait_for(waiting, 1)


async def test_a_defect_in_what_is_shown_does_not_stop_the_calls(house: House) -> None:
    class Broken:
        """A listener with a defect."""

        fresh_starts = 0

        def committed(self, batch: Any) -> None:
            raise ZeroDivisionError

        def rebuilt(self) -> None:
            self.fresh_starts += 1

    broken = Broken()
    house.switch.listeners.insert(0, broken)
    await house.configure()
    await house.talk("c-1", "ann")
    assert broken.fresh_starts == len(house.witness.batches)
    assert house.witness.events() == house.logged()


async def test_a_leader_that_cannot_renew_its_lease_stops(house: House) -> None:
    house.switch.log._store.lease_ms = 40  # renewed each 10 ms, as on PostgreSQL each half second
    running = asyncio.create_task(house.switch.run())
    successor = house.open_log()
    successor.take_lead()
    with pytest.raises(SwitchFailedError, match="taken the lead"):
        await asyncio.wait_for(running, 5)


async def test_a_switch_that_dies_before_its_first_snapshot_does_not_replay_more_each_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SNAPSHOT_EACH_EVENTS", 8)
    await house.configure()
    lives = 0
    while not house.open_log().snapshots():
        assert lives < 6
        lives += 1
        await house.caller(f"c-{lives}")
        await house.must(routing.EndContact, contact_id=f"c-{lives}", ended_by="caller", cause="gone")
        await house.switch._thread.call(lambda: None)  # what it has begun to write is written
        house.start()
    assert lives > 1
