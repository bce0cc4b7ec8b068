"""What only a real Asterisk can show: transports, broken packets, walls against fraud, callers without a node."""

import asyncio
import socket

import pytest

from hotline.messages.configuration import AgentDevice
from hotline.telephony.asterisk import AsteriskDriver
from hotline.telephony.contract import (
    DeviceReachable,
    DeviceUnavailableError,
    DeviceUnreachable,
    LegAnswered,
    LegArrived,
    LegEnded,
    PlatformConnected,
)
from tests.ports import free_ports
from tests.voice.bench import AsteriskBench
from tests.voice.contract.worlds import EventLog, fresh
from tests.voice.sipp.party import SippBench
from tests.voice.sipp.scenario import HangUp, Transport, Wait
from tests.voice.tls_caller import tls_caller
from tests.voice.websocket_device import registered_browser, websocket_invite

pytestmark = pytest.mark.voice


class Node:
    """A driver with its events, as a node has it."""

    def __init__(self, bench: AsteriskBench) -> None:
        self.driver: AsteriskDriver = bench.driver()
        self.log = EventLog(self.driver)

    async def __aenter__(self) -> "Node":
        await self.driver.start()
        await self.log.until(PlatformConnected)
        return self

    async def __aexit__(self, *_: object) -> None:
        for leg in await self.driver.list_legs():
            await self.driver.hang_up(leg.leg_id)
        await self.driver.close()

    def arrivals(self) -> list[LegArrived]:
        return [event for event in self.log.events if isinstance(event, LegArrived)]


def device(user: str) -> AgentDevice:
    return AgentDevice(user_id=user, agent_id=user, sip_user=user, sip_password="pw-" + user, kind="sip_phone")


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_trunk_calls_come_in_over(transport: Transport, asterisk: AsteriskBench, sipp: SippBench) -> None:
    async with Node(asterisk) as node:
        (port,) = free_ports(1)
        caller = await sipp.call("96160", Wait(200), HangUp(), transport=transport, port=port)
        leg_id = (await node.log.until(LegArrived, called="96160")).leg_id
        await node.driver.answer(leg_id)
        assert await caller.ended() == 0, caller.said()


async def test_trunk_calls_come_in_over_tls(asterisk: AsteriskBench) -> None:
    async with Node(asterisk) as node, tls_caller(asterisk.options.sip_tls_port, "96168") as caller:
        leg_id = (await node.log.until(LegArrived, called="96168")).leg_id
        await node.driver.answer(leg_id)
        await caller.until_answered()
        await caller.hang_up()
        assert (await node.log.until(LegEnded, leg_id=leg_id)).ended_by == "party"


async def test_refused_caller_is_told_that_the_number_is_unknown(asterisk: AsteriskBench, sipp: SippBench) -> None:
    async with Node(asterisk) as node:
        caller = await sipp.call("96161")
        await node.driver.refuse((await node.log.until(LegArrived)).leg_id, "unknown_number")
        assert await caller.ended() == 1
        assert "SIP/2.0 404" in caller.said()


@pytest.mark.parametrize("name", ["13800000001", "trunk"])
async def test_caller_from_elsewhere_than_the_trunk_does_not_get_in(
    name: str, asterisk: AsteriskBench, sipp: SippBench
) -> None:
    async with Node(asterisk) as node:
        stranger = await sipp.call("96162", caller=name, from_address="127.0.0.2")
        assert await stranger.ended() == 1
        assert "SIP/2.0 401" in stranger.said()
        assert node.arrivals() == []


async def test_browser_cannot_call_in_as_if_it_were_the_trunk(asterisk: AsteriskBench) -> None:
    """The front door's connections come from this machine, as the calls of a trunk on this machine do."""
    async with Node(asterisk) as node:
        assert (await websocket_invite(asterisk.options.base_url, "13800000001", "96166")) == 403
        assert node.arrivals() == []


@pytest.mark.parametrize("number", ["0099123456", "96120", "110"])
async def test_agents_device_may_dial_nothing_but_resume(number: str, asterisk: AsteriskBench, sipp: SippBench) -> None:
    user = fresh("wall").replace("-", "")
    async with Node(asterisk) as node:
        await node.driver.set_devices([device(user)])
        caller = await sipp.call(number, as_device=(user, "pw-" + user))
        assert await caller.ended() == 1
        assert "SIP/2.0 404" in caller.said()
        assert node.arrivals() == []


async def test_device_with_a_wrong_password_cannot_register(asterisk: AsteriskBench, sipp: SippBench) -> None:
    user = fresh("thief").replace("-", "")
    async with Node(asterisk) as node:
        await node.driver.set_devices([device(user)])
        with pytest.raises(AssertionError, match="could not register"):
            await sipp.register(user, "guess", free_ports(1)[0])


async def test_removed_device_cannot_register_any_more(asterisk: AsteriskBench, sipp: SippBench) -> None:
    user = fresh("gone").replace("-", "")
    async with Node(asterisk) as node:
        await node.driver.set_devices([device(user)])
        await sipp.register(user, "pw-" + user, free_ports(1)[0])
        await node.driver.set_devices([])
        with pytest.raises(AssertionError, match="could not register"):
            await sipp.register(user, "pw-" + user, free_ports(1)[0])


async def test_device_removed_while_no_node_was_there_is_locked_out_by_the_next(
    asterisk: AsteriskBench, sipp: SippBench
) -> None:
    gone, stays = fresh("gone").replace("-", ""), fresh("stays").replace("-", "")
    async with Node(asterisk) as node:
        await node.driver.set_devices([device(gone), device(stays)])
        await sipp.register(gone, "pw-" + gone, free_ports(1)[0])
    async with Node(asterisk) as node:
        await node.driver.set_devices([device(stays)])
        await sipp.register(stays, "pw-" + stays, free_ports(1)[0])
        with pytest.raises(AssertionError, match="could not register"):
            await sipp.register(gone, "pw-" + gone, free_ports(1)[0])


@pytest.mark.slow
async def test_telephone_that_dies_in_a_conversation_is_lost(asterisk: AsteriskBench, sipp: SippBench) -> None:
    user, (port,) = fresh("dying").replace("-", ""), free_ports(1)
    async with Node(asterisk) as node:
        await node.driver.set_devices([device(user)])
        await sipp.register(user, "pw-" + user, port)
        telephone = await sipp.telephone(port, tone_hz=880)
        await node.driver.ring_agent("dying-leg", user, timeout_s=5)
        await node.log.until(LegAnswered, leg_id="dying-leg")
        await telephone.vanish()
        over = await node.log.until(LegEnded, seconds=45, leg_id="dying-leg")
        assert (over.cause, over.ended_by) == ("lost", "party")


async def test_browser_registers_over_websocket_and_is_seen_to_go(asterisk: AsteriskBench) -> None:
    user = fresh("browser").replace("-", "")
    browser = AgentDevice(user_id=user, agent_id=user, sip_user=user, sip_password="pw-" + user, kind="browser")
    async with Node(asterisk) as node:
        await node.driver.set_devices([browser])
        async with registered_browser(asterisk.options.base_url, user, "pw-" + user):
            await node.log.until(DeviceReachable, sip_user=user)
        await node.log.until(DeviceUnreachable, seconds=2, sip_user=user)
        with pytest.raises(DeviceUnavailableError):
            await node.driver.ring_agent(fresh("leg"), user, timeout_s=5)


BROKEN_PACKETS = (
    b"",
    b"\x00" * 40,
    b"INVITE\r\n\r\n",
    b"INVITE sip:96163@127.0.0.1 SIP/9.9\r\n\r\n",
    b"INVITE sip:" + b"9" * 60_000 + b" SIP/2.0\r\n\r\n",
    b"INVITE sip:96163@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=\r\nContent-Length: -1\r\n\r\n",
    b"INVITE sip:96163@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKx\r\nFrom: <sip:a\r\n"
    b"To: \xff\xfe\r\nCall-ID: broken\r\nCSeq: 99999999999999 INVITE\r\nMax-Forwards: 70\r\n"
    b"Content-Length: 99999\r\n\r\nv=0",
    b"SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n\r\n",
    b"BYE sip:96163@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKy\r\nFrom: <sip:a@b>;tag=1\r\n"
    b"To: <sip:c@d>;tag=2\r\nCall-ID: nobody\r\nCSeq: 2 BYE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
)


async def test_broken_packets_do_not_hinder_the_next_call(asterisk: AsteriskBench, sipp: SippBench) -> None:
    async with Node(asterisk) as node:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for packet in BROKEN_PACKETS * 5:
                sender.sendto(packet, ("127.0.0.1", asterisk.options.sip_port))
        caller = await sipp.call("96163", Wait(100), HangUp())
        leg_id = (await node.log.until(LegArrived, called="96163")).leg_id
        await node.driver.answer(leg_id)
        assert await caller.ended() == 0, caller.said()
        assert [arrived.called for arrived in node.arrivals()] == ["96163"]


async def test_caller_without_a_node_is_served_by_the_static_queue(asterisk: AsteriskBench, sipp: SippBench) -> None:
    user, (port,) = fresh("static").replace("-", ""), free_ports(1)
    async with Node(asterisk) as node:
        await node.driver.set_devices([device(user)])
    await sipp.register(user, "pw-" + user, port)
    await sipp.telephone(port, Wait(300), HangUp(), tone_hz=880)
    caller = await sipp.call("96164", tone_hz=440)
    # Nobody but the agent's telephone can end this call: the queue itself keeps its callers.
    assert await caller.ended() == 0, caller.said()


async def test_caller_whom_nobody_serves_goes_back_to_the_next_node(asterisk: AsteriskBench, sipp: SippBench) -> None:
    async with Node(asterisk) as node:
        await node.driver.set_devices([])
    caller = await sipp.call("96165")
    await asyncio.sleep(1)
    async with Node(asterisk) as node:
        arrived = await node.log.until(LegArrived, called="96165")
        assert arrived.has_waited
        assert 500 <= arrived.at_ms - arrived.since_ms <= 6000
        await node.driver.hang_up(arrived.leg_id)
        assert await caller.ended() == 0, caller.said()
