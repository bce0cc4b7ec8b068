"""Contacts in writing by way of the socket: web holds them, so that no node is asked, missed or told."""

import asyncio
from pathlib import Path
from typing import Any

from hotline.live.switch.node_links import NodeLinks
from hotline.messages import routing
from hotline.messages.conversations import ConversationNews, WrittenMessage
from hotline.messages.effects import STANDING_BY, Acknowledged, NodeHello, Refused
from tests.unit.live.switch.exchange import Exchange, Peer, enqueue
from tests.unit.live.switch.house import House

NEWS = ConversationNews(command_id="news-1", messages=(WrittenMessage("c-1", 3), WrittenMessage("c-2", 1)))


class Page:
    """Somebody who shows conversations."""

    def __init__(self) -> None:
        self.read: list[WrittenMessage] = []

    def written(self, messages: tuple[WrittenMessage, ...]) -> None:
        self.read += messages


async def written(exchange: Exchange, contact_id: str, **fields: Any) -> Any:
    """A customer asks in writing; the answer."""
    relay = await exchange.peer()
    asked = {**enqueue(contact_id), "node_id": routing.HOUSE_NODE, "channel": "chat", **fields}
    return (await relay.give(routing.EnqueueContact, **asked))[-1]


async def test_news_reaches_whoever_shows_conversations_and_not_the_log(exchange: Exchange) -> None:
    page = Page()
    exchange.house.switch.readers.append(page)
    seq = exchange.house.switch.log.seq
    relay = await exchange.peer()
    relay.send(NEWS)
    assert await relay.read() == Acknowledged(command_id="news-1")
    await asyncio.sleep(0)
    assert (tuple(page.read), exchange.house.switch.log.seq) == (NEWS.messages, seq)


async def test_a_switch_that_stands_by_refuses_news(tmp_path: Path) -> None:
    house = House(tmp_path)
    links, path = NodeLinks(), tmp_path / "standby.sock"
    await links.start(path)
    links.stand_by()
    relay = Peer(house, *await asyncio.open_unix_connection(str(path)))
    relay.send(NEWS)
    answer = await relay.read()
    assert isinstance(answer, Refused)
    assert (answer.command_id, answer.code) == ("news-1", STANDING_BY)
    relay.close()
    await links.close()
    house.close()


async def test_no_node_is_lost_for_what_is_in_writing_when_a_switch_begins_to_lead(exchange: Exchange) -> None:
    await exchange.house.configure()
    assert isinstance(await written(exchange, "c-1"), Acknowledged)
    again = NodeLinks()
    again.attach(exchange.house.switch)
    await exchange.house.later(1)
    assert not [one for one in exchange.house.logged() if isinstance(one, routing.NodeConnectionLost)]
    await again.close()


async def test_nobody_connects_in_the_name_of_the_house(exchange: Exchange) -> None:
    await exchange.house.configure()
    await written(exchange, "c-1")
    false = await exchange.peer()
    false.send(NodeHello(node_id=routing.HOUSE_NODE, seen_epoch=0, seen_seq=0))
    assert await false.is_cut()
    relay = await exchange.peer()
    answer = (await relay.give(routing.ReconcileNode, node_id=routing.HOUSE_NODE, contacts=()))[-1]
    assert isinstance(answer, Refused)
    assert exchange.links.nodes() == {}
    assert exchange.house.switch.state.router.contact("c-1") is not None


async def test_what_is_in_writing_is_not_turned_into_a_call_back_of_some_node(exchange: Exchange) -> None:
    await exchange.node()
    await exchange.house.configure()
    answer = await written(exchange, "c-1", callback="sealed")
    assert isinstance(answer, Refused)
    assert answer.code == "routing.callback_refused"
