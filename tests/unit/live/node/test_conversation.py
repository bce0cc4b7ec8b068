"""Inside a conversation: hold, lost and resumed legs, transfers, supervisors, recordings."""

import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.kernel.ids import new_id
from hotline.kernel.sealed_files import SealedFile
from hotline.messages.effects import NodeCondition
from hotline.messages.facts import FlowStepTaken, RecordingStored
from hotline.messages.routing import (
    AgentLegLost,
    AgentLegResumed,
    CancelTransfer,
    ChangeMonitoring,
    CompleteTransfer,
    ContactConnected,
    ContactEnded,
    ContactRequeued,
    FinishWrapUp,
    HangUpContact,
    HoldContact,
    InteractionEnded,
    MergeTransfer,
    MonitoringStopped,
    RetrieveContact,
    StartMonitoring,
    StartTransfer,
    StopMonitoring,
    TransferAnswered,
    TransferCompleted,
    TransferFailed,
)
from hotline.telephony.simulated_platform import PartyScript
from tests.unit.live.node.world import ANNA, BORIS, OTHER_QUEUE, RESERVE_BYTES, World, node_configuration, sip_user

NUMBER = "021555123"
FORBIDDEN_NUMBER = "0088123456"


def outside_leg(world: World) -> str:
    (leg,) = [leg for leg in world.platform.legs.values() if leg.purpose == "outside"]
    return leg.leg_id


async def transfer(world: World, kind: str, target_kind: str, target: str) -> str:
    transfer_id = new_id()
    if target_kind == "number":
        target = world.keyring.seal_text(target, "transfer-number")
    await world.do(
        StartTransfer,
        transfer_id=transfer_id,
        agent_id=ANNA,
        contact_id=world.contact_id(),
        kind=kind,
        target_kind=target_kind,
        target=target,
    )
    return transfer_id


# --- hold and hang-up -------------------------------------------------------------------------------------------------


async def test_held_customer_hears_music_and_comes_back(world: World) -> None:
    await world.sign_in(ANNA)
    caller, agent = await world.talk()
    await world.do(HoldContact, agent_id=ANNA, contact_id=world.contact_id())
    assert world.leg(caller).has_music
    assert not world.talk_together(caller, agent)
    await world.do(RetrieveContact, agent_id=ANNA, contact_id=world.contact_id())
    assert world.talk_together(caller, agent)


async def test_hanging_up_on_the_desk_ends_every_leg(world: World) -> None:
    await world.sign_in(ANNA)
    await world.talk()
    await world.do(HangUpContact, agent_id=ANNA, contact_id=world.contact_id())
    assert not world.platform.legs
    assert not world.node.calls


# --- the agent's leg --------------------------------------------------------------------------------------------------


async def test_reloaded_page_takes_its_call_back_without_the_customer_being_lost(world: World) -> None:
    await world.sign_in(ANNA)
    caller, former = await world.talk()
    new = world.platform.call_resume(sip_user(ANNA))
    await world.settle()
    assert world.talk_together(caller, new)
    assert world.leg(former) is None
    assert not world.switch.of(AgentLegLost)


async def test_lost_leg_gives_music_and_its_return_the_conversation(world: World) -> None:
    await world.sign_in(ANNA)
    caller, agent = await world.talk()
    world.platform.hang_up(agent, "lost")
    await world.settle()
    assert world.leg(caller).has_music
    assert world.switch.of(AgentLegLost)
    new = world.platform.call_resume(sip_user(ANNA))
    await world.settle()
    assert world.talk_together(caller, new)
    assert world.switch.of(AgentLegResumed)


async def test_agent_who_does_not_come_back_leaves_the_caller_to_the_next_one(world: World) -> None:
    await world.sign_in(ANNA)
    caller, agent = await world.talk()
    await world.sign_in(BORIS)
    world.platform.hang_up(agent, "lost")
    await world.wait_ms(11_000)
    assert [requeued.cause for requeued in world.switch.of(ContactRequeued)] == ["agent_lost"]
    world.platform.answer(world.leg_of(BORIS).leg_id)
    await world.settle()
    assert world.talk_together(caller, world.leg_of(BORIS).leg_id)


async def test_device_gone_for_longer_than_the_grace_counts_as_lost(world: World) -> None:
    await world.sign_in(ANNA)
    caller, _ = await world.talk()
    world.platform.set_script(sip_user(ANNA), PartyScript(is_reachable=False))
    await world.wait_ms(2000)
    assert not world.switch.of(AgentLegLost)
    await world.wait_ms(1500)
    assert world.switch.of(AgentLegLost)
    assert world.leg(caller).has_music


async def test_signalling_that_comes_back_gives_the_conversation_back_on_the_same_leg(world: World) -> None:
    await world.sign_in(ANNA)
    caller, agent = await world.talk()
    world.platform.set_script(sip_user(ANNA), PartyScript(is_reachable=False))
    await world.wait_ms(4000)
    world.platform.set_script(sip_user(ANNA), PartyScript(is_reachable=True))
    await world.settle()
    assert world.talk_together(caller, agent)
    assert world.switch.of(AgentLegResumed)


async def test_short_break_of_the_signalling_changes_nothing(world: World) -> None:
    await world.sign_in(ANNA)
    caller, agent = await world.talk()
    world.platform.set_script(sip_user(ANNA), PartyScript(is_reachable=False))
    await world.wait_ms(1000)
    world.platform.set_script(sip_user(ANNA), PartyScript(is_reachable=True))
    await world.wait_ms(5000)
    assert world.talk_together(caller, agent)
    assert not world.switch.of(AgentLegLost)


async def test_device_without_a_call_cannot_resume_one(world: World) -> None:
    await world.sign_in(ANNA)
    await world.talk()
    stranger = world.platform.call_resume(sip_user(BORIS))
    await world.settle()
    assert world.leg(stranger) is None


# --- transfers --------------------------------------------------------------------------------------------------------


async def test_blind_transfer_to_a_queue_frees_the_sender_and_rings_another(world: World) -> None:
    await world.sign_in(ANNA)
    caller, sender = await world.talk()
    await world.sign_in(BORIS)
    await transfer(world, "blind", "queue", OTHER_QUEUE)
    assert world.leg(sender) is None
    assert world.leg(caller).has_music
    world.platform.answer(world.leg_of(BORIS).leg_id)
    await world.settle()
    assert world.talk_together(caller, world.leg_of(BORIS).leg_id)


async def test_blind_transfer_to_an_agent_connects_customer_and_agent(world: World) -> None:
    await world.sign_in(ANNA)
    caller, sender = await world.talk()
    await world.sign_in(BORIS)
    await transfer(world, "blind", "agent", BORIS)
    assert world.leg(sender) is None
    world.platform.answer(world.leg_of(BORIS).leg_id)
    await world.settle()
    assert world.talk_together(caller, world.leg_of(BORIS).leg_id)
    assert [one.agent_id for one in world.switch.of(ContactConnected)] == [ANNA, BORIS]


async def test_blind_transfer_to_a_number_leaves_caller_and_number_together(world: World) -> None:
    await world.sign_in(ANNA)
    caller, sender = await world.talk()
    await transfer(world, "blind", "number", NUMBER)
    assert world.leg(sender) is None
    assert world.leg(caller).has_music
    outside = outside_leg(world)
    world.platform.answer(outside)
    await world.settle()
    assert world.talk_together(caller, outside)
    assert world.switch.of(TransferCompleted)
    world.platform.hang_up(outside)
    await world.settle()
    assert not world.platform.legs
    assert [ended.outcome for ended in world.switch.of(ContactEnded)] == ["transferred_out"]


async def test_number_outside_the_allow_list_is_not_dialled_and_the_sender_gets_the_customer_back(
    world: World,
) -> None:
    await world.sign_in(ANNA)
    caller, _ = await world.talk()
    await transfer(world, "blind", "number", FORBIDDEN_NUMBER)
    assert [failed.cause for failed in world.switch.of(TransferFailed)]
    world.platform.answer(world.leg_of(ANNA).leg_id)
    await world.settle()
    assert world.talk_together(caller, world.leg_of(ANNA).leg_id)


async def test_consulted_agent_speaks_with_the_sender_and_then_takes_the_customer(world: World) -> None:
    await world.sign_in(ANNA)
    caller, sender = await world.talk()
    await world.sign_in(BORIS)
    transfer_id = await transfer(world, "consult", "agent", BORIS)
    target = world.leg_of(BORIS).leg_id
    world.platform.answer(target)
    await world.settle()
    assert world.talk_together(sender, target)
    assert world.leg(caller).has_music
    await world.do(CompleteTransfer, agent_id=ANNA, transfer_id=transfer_id)
    assert world.talk_together(caller, target)
    assert world.leg(sender) is None


async def test_cancelled_consultation_brings_agent_and_customer_together_again(world: World) -> None:
    await world.sign_in(ANNA)
    caller, sender = await world.talk()
    await world.sign_in(BORIS)
    transfer_id = await transfer(world, "consult", "agent", BORIS)
    world.platform.answer(world.leg_of(BORIS).leg_id)
    await world.settle()
    await world.do(CancelTransfer, agent_id=ANNA, transfer_id=transfer_id)
    assert world.talk_together(caller, sender)
    assert world.leg_of(BORIS) is None


async def test_consultation_cancelled_while_it_rings_stops_the_ringing(world: World) -> None:
    await world.sign_in(ANNA)
    caller, sender = await world.talk()
    await world.sign_in(BORIS)
    transfer_id = await transfer(world, "consult", "agent", BORIS)
    await world.do(CancelTransfer, agent_id=ANNA, transfer_id=transfer_id)
    assert world.leg_of(BORIS) is None
    assert world.talk_together(caller, sender)


async def test_consulted_agent_who_hangs_up_gives_the_customer_back(world: World) -> None:
    await world.sign_in(ANNA)
    caller, sender = await world.talk()
    await world.sign_in(BORIS)
    await transfer(world, "consult", "agent", BORIS)
    target = world.leg_of(BORIS).leg_id
    world.platform.answer(target)
    await world.settle()
    world.platform.hang_up(target)
    await world.settle()
    assert world.talk_together(caller, sender)
    assert world.switch.of(TransferFailed)


async def test_sender_who_hangs_up_in_a_consultation_hands_over(world: World) -> None:
    await world.sign_in(ANNA)
    caller, sender = await world.talk()
    await world.sign_in(BORIS)
    await transfer(world, "consult", "agent", BORIS)
    target = world.leg_of(BORIS).leg_id
    world.platform.answer(target)
    await world.settle()
    world.platform.hang_up(sender)
    await world.settle()
    assert world.talk_together(caller, target)
    assert [ended.agent_id for ended in world.switch.of(InteractionEnded)] == [ANNA]


async def test_consulted_number_can_take_the_customer(world: World) -> None:
    await world.sign_in(ANNA)
    caller, sender = await world.talk()
    transfer_id = await transfer(world, "consult", "number", NUMBER)
    outside = outside_leg(world)
    world.platform.answer(outside)
    await world.settle()
    assert world.talk_together(sender, outside)
    assert world.switch.of(TransferAnswered)
    await world.do(CompleteTransfer, agent_id=ANNA, transfer_id=transfer_id)
    assert world.talk_together(caller, outside)
    assert world.leg(sender) is None
    world.platform.hang_up(caller)
    await world.settle()
    assert not world.platform.legs


async def test_consulted_number_that_is_busy_gives_the_customer_back(world: World) -> None:
    world.platform.set_script(NUMBER, PartyScript(refusal="busy"))
    await world.sign_in(ANNA)
    caller, sender = await world.talk()
    await transfer(world, "consult", "number", NUMBER)
    await world.wait_ms(200)
    assert world.talk_together(caller, sender)


async def test_caller_hanging_up_during_a_consultation_ends_all(world: World) -> None:
    await world.sign_in(ANNA)
    caller, _ = await world.talk()
    await world.sign_in(BORIS)
    await transfer(world, "consult", "agent", BORIS)
    world.platform.answer(world.leg_of(BORIS).leg_id)
    await world.settle()
    world.platform.hang_up(caller)
    await world.settle()
    assert not world.platform.legs


# --- conferences ------------------------------------------------------------------------------------------------------


async def conference(world: World, target_kind: str = "agent") -> tuple[str, str, str, str]:
    """Anna and whom she has consulted talk with the caller: (caller, Anna's leg, third leg, transfer id)."""
    await world.sign_in(ANNA)
    caller, sender = await world.talk()
    await world.sign_in(BORIS)
    transfer_id = await transfer(world, "consult", target_kind, BORIS if target_kind == "agent" else NUMBER)
    third = world.leg_of(BORIS).leg_id if target_kind == "agent" else outside_leg(world)
    world.platform.answer(third)
    await world.settle()
    await world.do(MergeTransfer, agent_id=ANNA, transfer_id=transfer_id)
    return caller, sender, third, transfer_id


@pytest.mark.parametrize("target_kind", ["agent", "number"])
async def test_all_three_of_a_conference_hear_each_other(world: World, target_kind: str) -> None:
    caller, sender, third, _ = await conference(world, target_kind)
    assert world.talk_together(caller, sender)
    assert world.talk_together(caller, third)
    assert world.talk_together(sender, third)


@pytest.mark.parametrize("target_kind", ["agent", "number"])
@pytest.mark.parametrize("way", ["desk", "telephone"])
async def test_the_sender_leaves_a_conference(world: World, target_kind: str, way: str) -> None:
    caller, sender, third, transfer_id = await conference(world, target_kind)
    if way == "desk":
        await world.do(CompleteTransfer, agent_id=ANNA, transfer_id=transfer_id)
    else:
        world.platform.hang_up(sender)
        await world.settle()
    assert world.leg(sender) is None
    assert world.talk_together(caller, third)
    world.platform.hang_up(caller)
    await world.settle()
    assert not world.platform.legs


@pytest.mark.parametrize("target_kind", ["agent", "number"])
@pytest.mark.parametrize("way", ["sender lets go", "hangs up"])
async def test_the_third_side_leaves_a_conference(world: World, target_kind: str, way: str) -> None:
    caller, sender, third, transfer_id = await conference(world, target_kind)
    if way == "hangs up":
        world.platform.hang_up(third)
        await world.settle()
    else:
        await world.do(CancelTransfer, agent_id=ANNA, transfer_id=transfer_id)
    assert world.leg(third) is None
    assert world.talk_together(caller, sender)
    await world.do(HoldContact, agent_id=ANNA, contact_id=world.contact_id())
    assert world.leg(caller).has_music


async def test_caller_hanging_up_ends_a_conference_for_all(world: World) -> None:
    caller, _, _, _ = await conference(world)
    world.platform.hang_up(caller)
    await world.settle()
    assert not world.platform.legs
    assert {ended.agent_id for ended in world.switch.of(InteractionEnded)} == {ANNA, BORIS}


async def test_caller_and_third_side_talk_on_while_the_senders_leg_is_lost(world: World) -> None:
    caller, sender, third, _ = await conference(world)
    world.platform.hang_up(sender, "lost")
    await world.settle()
    assert world.talk_together(caller, third)
    new = world.platform.call_resume(sip_user(ANNA))
    await world.settle()
    assert world.talk_together(caller, new)
    assert world.talk_together(new, third)
    world.platform.hang_up(new, "lost")
    await world.wait_ms(11_000)
    assert world.talk_together(caller, third)
    assert [completed.target_agent_id for completed in world.switch.of(TransferCompleted)] == [BORIS]


async def test_a_supervisor_hears_the_consulted_agent_in_a_conference(world: World) -> None:
    _, _, third, _ = await conference(world)
    fields = {"supervisor_id": "user-s", "agent_id": BORIS, "mode": "listen"}
    await world.do(StartMonitoring, monitoring_id=new_id(), **fields)
    (leg,) = [leg for leg in world.platform.legs.values() if leg.purpose == "supervisor"]
    world.platform.answer(leg.leg_id)
    await world.settle()
    assert [one.agent_leg_id for one in world.platform.monitorings.values()] == [third]


# --- supervisors ------------------------------------------------------------------------------------------------------


async def monitor(world: World, mode: str) -> tuple[str, str]:
    """A supervisor listening: (monitoring id, supervisor's leg)."""
    monitoring_id = new_id()
    await world.do(StartMonitoring, monitoring_id=monitoring_id, supervisor_id="user-s", agent_id=ANNA, mode=mode)
    (leg,) = [leg for leg in world.platform.legs.values() if leg.purpose == "supervisor"]
    world.platform.answer(leg.leg_id)
    await world.settle()
    return monitoring_id, leg.leg_id


async def test_supervisor_listens_then_whispers_then_stops(world: World) -> None:
    world.voice_of(ANNA, 880)
    world.platform.set_script("asuper", PartyScript(voice_hz=550))
    await world.sign_in(ANNA)
    caller, agent = await world.talk()
    monitoring_id, supervisor = await monitor(world, "listen")
    assert world.platform.voices_heard(supervisor) == {440, 880}
    assert world.platform.voices_heard(agent) == {440}
    fields = {"monitoring_id": monitoring_id, "supervisor_id": "user-s"}
    await world.do(ChangeMonitoring, mode="whisper", **fields)
    assert world.platform.voices_heard(agent) == {440, 550}
    assert world.platform.voices_heard(caller) == {880}
    await world.do(StopMonitoring, **fields)
    assert world.leg(supervisor) is None


async def test_supervisor_hanging_up_ends_the_monitoring(world: World) -> None:
    await world.sign_in(ANNA)
    await world.talk()
    _, supervisor = await monitor(world, "listen")
    world.platform.hang_up(supervisor)
    await world.settle()
    assert world.switch.of(MonitoringStopped)


async def test_supervisor_follows_the_agent_to_a_new_leg(world: World) -> None:
    world.voice_of(ANNA, 880)
    await world.sign_in(ANNA)
    await world.talk()
    _, supervisor = await monitor(world, "listen")
    world.platform.call_resume(sip_user(ANNA))
    await world.settle()
    assert world.platform.voices_heard(supervisor) == {440, 880}


# --- recordings -------------------------------------------------------------------------------------------------------


@pytest.fixture
async def recording_world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path, node_configuration(recording="always"))
    made.voice_of(ANNA, 880)
    await made.start_node()
    await made.sign_in(ANNA)
    yield made
    await made.close()


async def test_recording_is_sealed_told_and_its_plain_file_removed(recording_world: World) -> None:
    world = recording_world
    caller, _ = await world.talk()
    await world.wait_ms(4000)
    world.platform.hang_up(caller)
    await world.settle()
    stored = await world.fact(RecordingStored)
    sealed = (world.directory / "recordings" / stored.path).read_bytes()
    assert len(sealed) == stored.size_bytes
    assert stored.path.startswith("tenant-1/2026/")
    assert not list((world.directory / "plain").iterdir())
    opened = world.directory / "opened.wav"
    place = world.directory / "recordings" / stored.path
    with SealedFile(place, world.keyring, "recording", f"{stored.tenant_id}/{stored.recording_id}") as file:
        opened.write_bytes(b"".join(file.read(0, file.size)))
    with wave.open(str(opened)) as file:
        assert (file.getnchannels(), file.getframerate()) == (2, 8000)
        assert file.getnframes() == pytest.approx(4 * 8000, abs=800)


async def test_disk_that_fills_ends_recordings_with_the_reason_and_calls_go_on(recording_world: World) -> None:
    world = recording_world
    caller, agent = await world.talk()
    await world.wait_ms(2000)
    world.free_bytes = RESERVE_BYTES - 1
    await world.space.look()
    stored = await world.fact(RecordingStored)
    assert stored.incomplete == "disk_full"
    assert stored.duration_ms == pytest.approx(2000, abs=200)
    assert world.talk_together(caller, agent)
    assert "499 MB free" in world.condition.present.recording_problem
    assert world.condition.present.voice_problem == ""


async def test_on_a_full_disk_no_recording_begins_until_there_is_room_again(recording_world: World) -> None:
    world = recording_world
    world.free_bytes = 0
    await world.space.look()
    first, _ = await world.talk()
    failed = await world.fact(FlowStepTaken, lambda fact: fact.kind == "recording_failed")
    assert failed.detail == "disk_full"
    assert world.platform_recordings.of_leg(first) is None
    world.platform.hang_up(first)
    await world.settle()
    await world.do(FinishWrapUp, agent_id=ANNA, contact_id=failed.contact_id)
    world.free_bytes = RESERVE_BYTES + 1  # at the very edge it would flutter
    await world.space.look()
    assert world.condition.present.recording_problem
    world.free_bytes = 2 * RESERVE_BYTES
    await world.space.look()
    assert world.condition.present == NodeCondition()
    again, _ = await world.talk()
    assert world.platform_recordings.of_leg(again) is not None


async def test_recording_that_cannot_be_stored_is_told_and_kept_for_later(recording_world: World) -> None:
    world = recording_world
    (world.directory / "recordings").write_text("a file where the store's directory should be")
    caller, _ = await world.talk()
    world.platform.hang_up(caller)
    await world.settle()
    failure = await world.fact(FlowStepTaken, lambda fact: fact.kind == "recording_failed")
    assert failure.detail == "store_failed"
    assert len(list((world.directory / "plain").iterdir())) == 1


async def test_no_rule_no_recording(world: World) -> None:
    await world.sign_in(ANNA)
    caller, _ = await world.talk()
    world.platform.hang_up(caller)
    await world.settle()
    assert not (world.directory / "plain").exists()


async def test_announced_rule_says_so_before_the_greeting(tmp_path: Path) -> None:
    world = World(tmp_path, node_configuration(recording="announced"))
    await world.start_node()
    await world.call_in()
    await world.wait_ms(2000)
    assert not world.facts_of(FlowStepTaken)  # the greeting has not begun
    await world.wait_ms(4000)
    assert [fact.step_id for fact in world.facts_of(FlowStepTaken)] == ["greeting"]
    await world.close()
