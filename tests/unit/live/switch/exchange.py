"""A running switch behind its socket, and a node's or the relay's end of that."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec

from hotline.live.switch.node_links import NodeLinks
from hotline.messages import routing
from hotline.messages.base import Message
from hotline.messages.effects import CommandFrame, NodeHello, SwitchHello, SwitchToNode, encode_frame
from tests.unit.live.switch.house import CONFIGURATION, TENANT, House


class Peer:
    """A node's or the relay's end of the socket."""

    def __init__(self, house: House, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._house, self._reader, self.writer = house, reader, writer

    async def read(self) -> Any:
        size = int.from_bytes(await asyncio.wait_for(self._reader.readexactly(4), 5), "big")
        return msgspec.msgpack.decode(await self._reader.readexactly(size), type=SwitchToNode)

    async def read_until(self, kind: type[Any]) -> list[Any]:
        frames = [await self.read()]
        while not isinstance(frames[-1], kind):
            frames.append(await self.read())
        return frames

    def reading(self) -> asyncio.ReadTransport:
        assert isinstance(self.writer.transport, asyncio.ReadTransport)
        return self.writer.transport

    def send(self, message: Message) -> None:
        self.writer.write(encode_frame(message))

    async def hello(self, node_id: str = "node-1") -> SwitchHello:
        self.send(NodeHello(node_id=node_id, seen_epoch=0, seen_seq=0))
        answer = await self.read()
        assert isinstance(answer, SwitchHello)
        return answer

    async def give(self, kind: type[Any], **fields: Any) -> list[Any]:
        """Everything that arrives up to and including the answer."""
        command = self._house.command(kind, **fields)
        self.send(CommandFrame(command=command))
        frames = [await self.read()]
        while getattr(frames[-1], "command_id", None) != command.command_id:
            frames.append(await self.read())
        return frames

    async def is_cut(self) -> bool:
        try:
            return await asyncio.wait_for(self._reader.read(1), 5) == b""
        except ConnectionError:
            return True

    def close(self) -> None:
        self.writer.close()


class Exchange:
    """A running switch with its socket."""

    def __init__(self, house: House, path: Path) -> None:
        self.house, self.path, self.links = house, path, NodeLinks()
        self._peers: list[Peer] = []

    async def start(self) -> None:
        await self.links.start(self.path)
        self.links.attach(self.house.switch)
        self._running = asyncio.create_task(self.house.switch.run())

    async def stop(self) -> None:
        for peer in self._peers:
            peer.close()
        await self.links.close()
        self.house.switch.stop()
        await self._running

    async def peer(self) -> Peer:
        peer = Peer(self.house, *await asyncio.open_unix_connection(str(self.path)))
        self._peers.append(peer)
        return peer

    async def node(self, *contacts: routing.NodeContact, node_id: str = "node-1") -> Peer:
        """A node that has said hello and reconciled."""
        peer = await self.peer()
        await peer.hello(node_id)
        await peer.give(routing.ReconcileNode, node_id=node_id, contacts=contacts)
        return peer


def enqueue(contact_id: str) -> dict[str, Any]:
    now_ms = 1_772_000_000_000
    return {
        "contact_id": contact_id,
        "tenant_id": TENANT,
        "queue_id": "repair",
        "node_id": "node-1",
        "asked_at_ms": now_ms,
        "arrived_at_ms": now_ms,
    }


async def prepare(peer: Peer) -> None:
    await peer.give(routing.ApplyConfiguration, configuration=CONFIGURATION)
    await peer.give(routing.SignIn, agent_id="ann", session_id="s")
    await peer.give(routing.SetAgentState, agent_id="ann", state="available")
