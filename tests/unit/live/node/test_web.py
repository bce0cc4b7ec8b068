"""What the node exchanges with web, over real HTTP on this machine: configuration, prompts, look-ups, facts."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web as aiohttp_web
from aiohttp.test_utils import TestServer

from hotline.flows.state import Utterance
from hotline.kernel.ids import new_id
from hotline.kernel.sealing import Keyring
from hotline.live.node.configuration import ConfigurationKeeper, LocalConfiguration
from hotline.live.node.fact_sender import FactSender
from hotline.live.node.sounds import Sounds
from hotline.live.node.spool import Spool
from hotline.live.node.web_link import WebDownError, WebLink
from hotline.messages.configuration import NodeConfiguration, PromptFile
from hotline.messages.facts import AnyFact, CallRefused
from hotline.telephony.contract import SoundFile
from hotline.telephony.prompts.catalogue import default_sound
from hotline.telephony.prompts.sound import read_wav
from tests.unit.live.node.world import node_configuration

KEYRING = Keyring({"k1": b"k" * 32})
SECRET = b"s" * 32
RECORDING = b"RIFF a recording"
PROMPT = PromptFile(prompt_id="p-1", language="zh", sha256=hashlib.sha256(RECORDING).hexdigest())


class Web:
    """Web's internal routes as the node knows them."""

    def __init__(self) -> None:
        self.configuration: NodeConfiguration | None = node_configuration()
        self.polls = 0
        self.facts: dict[str, dict[str, Any]] = {}
        self.refused_causes: set[str] = set()
        self.is_down = False
        self.questions: list[dict[str, Any]] = []
        self.batches: list[int] = []

    def application(self) -> aiohttp_web.Application:
        app = aiohttp_web.Application(middlewares=[self._guard])
        app.router.add_get("/internal/node-configuration", self._configuration)
        app.router.add_get("/internal/prompts/{id}", self._prompt)
        app.router.add_post("/internal/lookup", self._lookup)
        app.router.add_post("/internal/facts", self._facts)
        return app

    @aiohttp_web.middleware
    async def _guard(self, request: aiohttp_web.Request, handler: Any) -> aiohttp_web.StreamResponse:
        if self.is_down:
            raise aiohttp_web.HTTPServiceUnavailable
        assert request.headers["X-Hotline-Internal"] == SECRET.hex()
        response: aiohttp_web.StreamResponse = await handler(request)
        return response

    async def _configuration(self, request: aiohttp_web.Request) -> aiohttp_web.Response:
        self.polls += 1
        assert self.configuration is not None
        if request.headers.get("If-None-Match") == f'"{self.configuration.version}"':
            return aiohttp_web.Response(status=304)
        return aiohttp_web.Response(body=msgspec.json.encode(self.configuration))

    async def _prompt(self, request: aiohttp_web.Request) -> aiohttp_web.Response:
        return aiohttp_web.Response(body=RECORDING)

    async def _lookup(self, request: aiohttp_web.Request) -> aiohttp_web.Response:
        self.questions.append(await request.json())
        return aiohttp_web.json_response({"customer_id": "c-1", "priority": 3})

    async def _facts(self, request: aiohttp_web.Request) -> aiohttp_web.Response:
        facts = await request.json()
        self.batches.append(len(facts))
        if any(fact["cause"] in self.refused_causes for fact in facts):
            raise aiohttp_web.HTTPUnprocessableEntity
        self.facts |= {fact["fact_id"]: fact for fact in facts}
        return aiohttp_web.json_response({"accepted": [fact["fact_id"] for fact in facts]})


@pytest.fixture
def web() -> Web:
    return Web()


@pytest.fixture
async def link(web: Web) -> AsyncIterator[WebLink]:
    server = TestServer(web.application())
    await server.start_server()
    assert server.port is not None
    made = WebLink(server.port, SECRET)
    yield made
    await made.close()
    await server.close()


class Changes:
    def __init__(self) -> None:
        self.taken: list[LocalConfiguration] = []

    async def take(self, configuration: LocalConfiguration) -> None:
        self.taken.append(configuration)


# --- configuration ----------------------------------------------------------------------------------------------------


async def test_configuration_is_taken_once_for_each_version(web: Web, link: WebLink, tmp_path: Path) -> None:
    changes = Changes()
    keeper = ConfigurationKeeper(link, tmp_path / "copy", KEYRING, changes.take)
    await keeper.poll()
    await keeper.poll()
    assert web.polls == 2
    assert len(changes.taken) == 1
    assert web.configuration is not None
    web.configuration = msgspec.structs.replace(web.configuration, version=2)
    await keeper.poll()
    assert [one.raw.version for one in changes.taken] == [1, 2]


async def test_local_copy_serves_while_web_is_down(web: Web, link: WebLink, tmp_path: Path) -> None:
    await ConfigurationKeeper(link, tmp_path / "copy", KEYRING, Changes().take).poll()
    web.is_down = True
    changes = Changes()
    keeper = ConfigurationKeeper(link, tmp_path / "copy", KEYRING, changes.take)
    await keeper.load_copy()
    await keeper.poll()
    assert changes.taken[0].entry_point("962740") is not None
    assert b"sip_password" not in (tmp_path / "copy").read_bytes()


async def test_copy_that_cannot_be_read_is_left_aside(link: WebLink, tmp_path: Path) -> None:
    (tmp_path / "copy").write_bytes(b"k1:broken")
    changes = Changes()
    keeper = ConfigurationKeeper(link, tmp_path / "copy", KEYRING, changes.take)
    await keeper.load_copy()
    assert not changes.taken
    await keeper.poll()
    assert len(changes.taken) == 1


def test_flow_that_cannot_be_run_does_not_cost_the_others() -> None:
    raw = node_configuration()
    broken = msgspec.structs.replace(raw.flows[0], flow_id="broken", definition={"steps": {}})
    local = LocalConfiguration(msgspec.structs.replace(raw, flows=(broken, *raw.flows)))
    assert local.flow("broken") is None
    assert local.flow("flow-1") is not None


# --- look-ups ---------------------------------------------------------------------------------------------------------


async def test_look_up_asks_with_name_and_arguments(web: Web, link: WebLink) -> None:
    answer = await link.look_up("customer", "t-1", "138", "962740", {"meter": "42"}, 2000)
    assert answer == {"customer_id": "c-1", "priority": 3}
    assert web.questions == [
        {
            "name": "customer",
            "tenant_id": "t-1",
            "caller_address": "138",
            "called_address": "962740",
            "arguments": {"meter": "42"},
        }
    ]


async def test_look_up_without_web_says_so(web: Web, link: WebLink) -> None:
    web.is_down = True
    with pytest.raises(WebDownError):
        await link.look_up("customer", "t-1", None, "962740", {}, 2000)


# --- facts ------------------------------------------------------------------------------------------------------------


def fact(cause: str = "unknown_number") -> AnyFact:
    return CallRefused(
        fact_id=new_id(),
        at_ms=1,
        contact_id="c",
        tenant_id="",
        node_id="n",
        called_address="1",
        caller_address=None,
        cause=cause,
    )


@pytest.fixture
async def sender(link: WebLink, tmp_path: Path) -> AsyncIterator[FactSender]:
    spool = Spool(tmp_path / "spool.sqlite3", KEYRING)
    yield FactSender(spool, link)
    await spool.close()


async def test_facts_are_delivered_in_batches_and_forgotten(web: Web, sender: FactSender) -> None:
    facts = [fact() for _ in range(250)]
    for one in facts:
        sender.add(one)
    assert await sender.deliver()
    assert list(web.facts) == [one.fact_id for one in facts]
    assert web.batches == [200, 50]
    assert await sender._spool.facts(10) == []


async def test_facts_wait_while_web_is_down_which_is_asked_with_one(web: Web, sender: FactSender) -> None:
    facts = [fact() for _ in range(4)]
    for one in facts:
        sender.add(one)
    web.is_down = True
    assert not await sender.deliver()
    web.is_down = False
    assert await sender.deliver()
    assert list(web.facts) == [one.fact_id for one in facts]
    assert web.batches == [1, 3]


async def test_fact_that_web_refuses_does_not_hold_up_the_others(web: Web, sender: FactSender) -> None:
    web.refused_causes.add("poison")
    facts = [fact("poison") if number == 3 else fact() for number in range(8)]
    for one in facts:
        sender.add(one)
    assert await sender.deliver()
    assert set(web.facts) == {one.fact_id for one in facts if one is not facts[3]}
    assert await sender._spool.facts(10) == []


# --- sounds -----------------------------------------------------------------------------------------------------------


async def test_uploaded_recording_takes_the_place_of_the_built_in_prompt(link: WebLink, tmp_path: Path) -> None:
    sounds = Sounds(tmp_path)
    welcome = PromptFile(prompt_id="welcome", language="zh", sha256=PROMPT.sha256)
    await sounds.prepare([welcome], [], link)
    ((sound,), (other,)) = (sounds.prompt("welcome", language) for language in ("zh", "en"))
    assert isinstance(sound, SoundFile)
    assert sound.path.read_bytes() == RECORDING
    assert other == SoundFile(default_sound("welcome", "en"))


async def test_recording_that_could_not_be_fetched_is_fetched_later(web: Web, link: WebLink, tmp_path: Path) -> None:
    sounds = Sounds(tmp_path)
    web.is_down = True
    await sounds.prepare([PROMPT], [], link)
    assert sounds.prompt("p-1", "zh") == []
    web.is_down = False
    await sounds.fetch_missing(link)
    assert len(sounds.prompt("p-1", "zh")) == 1


async def test_recording_with_another_hash_is_not_played(link: WebLink, tmp_path: Path) -> None:
    sounds = Sounds(tmp_path)
    await sounds.prepare([PromptFile(prompt_id="welcome", language="zh", sha256="0" * 64)], [], link)
    assert sounds.prompt("welcome", "zh") == [SoundFile(default_sound("welcome", "zh"))]


async def test_texts_of_flows_are_spoken_in_both_languages(link: WebLink, tmp_path: Path) -> None:
    flow = {
        "first_step": "say",
        "steps": {
            "say": {"kind": "say", "messages": [{"zh": "报修请按1", "en": "For repairs press 1"}], "next": "end"},
            "end": {"kind": "hang_up"},
        },
    }
    sounds = Sounds(tmp_path)
    await sounds.prepare([], LocalConfiguration(node_configuration(flow=flow)).flows, link)
    texts = [Utterance(language="zh", text="报修请按1"), Utterance(language="en", text="For repairs press 1")]
    media = sounds.media(texts)
    assert len(media) == 2
    for sound in media:
        assert isinstance(sound, SoundFile)
        assert read_wav(sound.path).size > 4000


def test_digits_are_read_one_by_one(tmp_path: Path) -> None:
    media = Sounds(tmp_path).media([Utterance(language="zh", digits="10086")])
    paths = [sound.path.stem for sound in media if isinstance(sound, SoundFile)]
    assert paths == ["digit_1", "digit_0", "digit_0", "digit_8", "digit_6"]
