"""A customer is handed on in a whole centre with a real Asterisk: everybody's ear tells who hears whom.

Every party is a SIP telephone that speaks a tone of its own and listens: the caller, two agents, an outside number."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hotline.entrypoints.desk_client import ActionFailedError
from tests.centre import Centre
from tests.floor import Floor, Post, opened_floor, until
from tests.ports import free_ports
from tests.tones import AUDIBLE
from tests.voice.line import Line
from tests.voice.sipp.party import Party
from tests.voice.sipp.scenario import HangUp, Step, Wait

pytestmark = [pytest.mark.voice, pytest.mark.enable_socket]

CALLER_HZ, SENDER_HZ, THIRD_HZ = 440, 880, 1320
OUTSIDE = "02163000100"
CARRIER_PORT = free_ports(1)[0]


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    trunk = f'["127.0.0.1:{CARRIER_PORT}"]'
    running = Centre(tmp_path_factory.mktemp("centre"), HOTLINE_SIP_TRUNK_ADDRESSES=trunk)
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture
async def floor(centre: Centre, tmp_path: Path) -> AsyncIterator[Floor]:
    async with opened_floor(centre, tmp_path) as opened:
        yield opened


@dataclass
class Talk:
    """A caller and the agent who has them."""

    floor: Floor
    number: str
    sender: Post
    colleague: Post
    contact_id: str
    ears: dict[int, Line]

    async def consult(self, target_kind: str, target: str, kind: str = "consult") -> None:
        fields = {"kind": kind, "target_kind": target_kind, "target": target}
        await self.sender.desk.do("StartTransfer", contact_id=self.contact_id, **fields)

    async def until_answered(self) -> str:
        """The consultation's id, once the other side talks."""
        await until(lambda: (self.transfer or {}).get("is_answered"), "the other side answers")
        assert self.transfer is not None
        return str(self.transfer["transfer_id"])

    @property
    def document(self) -> dict[str, Any]:
        return dict(self.sender.desk.documents.get(f"contact/{self.contact_id}", {}))

    @property
    def transfer(self) -> dict[str, Any] | None:
        return self.document.get("transfer")

    async def hear_each_other(self, *tones: int) -> None:
        """Each of these parties hears all the others and nobody else."""

        def is_so() -> bool:
            return all(
                (self.ears[listener].level(tone) > AUDIBLE) is (tone in tones and tone != listener)
                for listener in tones
                for tone in self.ears
            )

        try:
            await until(is_so, f"{tones} hear each other", 15)
        except AssertionError as error:
            raise AssertionError(f"{tones} are to hear each other: {self._heard()}") from error

    def _heard(self) -> dict[int, dict[int, float]]:
        return {ear: {tone: round(line.level(tone), 3) for tone in self.ears} for ear, line in self.ears.items()}

    def stored(self) -> dict[str, Any]:
        found = self.floor.administrator.get(f"/api/v1/contacts?number={self.number}")["items"]
        return dict(self.floor.administrator.get(f"/api/v1/contacts/{found[0]['id']}"))


async def talk(floor: Floor, number: str, sender: str, *then: Step, answer_after_ms: int | None = 100) -> Talk:
    """A caller who keyed for repairs talks with this agent; a colleague of another queue is on post too. `then` is what
    the caller does, `answer_after_ms` when the colleague's telephone answers."""
    ears = {tone: await floor.bench.line(tone) for tone in (SENDER_HZ, THIRD_HZ)}
    ears[CALLER_HZ] = await floor.bench.line(CALLER_HZ, keys="1")
    third = ears[THIRD_HZ].port
    colleague = await floor.staff("agent07", answer_after_ms=answer_after_ms, media_port=third)
    post = await floor.staff(sender, media_port=ears[SENDER_HZ].port)
    await floor.bench.call("962740", *then, caller=number, media_port=ears[CALLER_HZ].port)
    await until(lambda: post.contacts("talking"), f"{sender} has the caller")
    contact_id = str(post.contacts("talking")[0]["contact_id"])
    began = Talk(floor, number, post, colleague, contact_id, ears)
    await began.hear_each_other(CALLER_HZ, SENDER_HZ)
    return began


async def carrier(talk: Talk, *, refusal: str = "", hang_up_after_ms: int | None = None) -> Party:
    """The outside number at the far end of the trunk."""
    media_port = None if refusal else talk.ears[THIRD_HZ].port
    steps = () if hang_up_after_ms is None else (Wait(hang_up_after_ms), HangUp())
    return await talk.floor.bench.telephone(CARRIER_PORT, *steps, refusal=refusal, media_port=media_port)


def sealed(post: Post, number: str) -> str:
    status, answer = post.session.request("POST", "/api/v1/desk/numbers/seal", {"number": number})
    assert status == 200, answer
    return str(answer["sealed"])


async def test_conference_with_a_colleague_until_the_sender_leaves(floor: Floor) -> None:
    began = await talk(floor, "13900009960", "agent12")
    colleague = began.colleague
    await began.consult("agent", colleague.agent_id)
    transfer_id = await began.until_answered()
    await until(lambda: began.ears[CALLER_HZ].level(SENDER_HZ) < AUDIBLE, "the caller hears music")
    await began.hear_each_other(SENDER_HZ, THIRD_HZ)
    await began.sender.desk.do("MergeTransfer", transfer_id=transfer_id)
    await until(lambda: began.document["state"] == "conference", "the sender sees a conference")
    await until(lambda: colleague.contacts("conference"), "the colleague sees it too")
    await began.hear_each_other(CALLER_HZ, SENDER_HZ, THIRD_HZ)
    await began.sender.desk.do("CompleteTransfer", transfer_id=transfer_id)
    await until(lambda: colleague.contacts("talking"), "the colleague has the customer")
    await began.hear_each_other(CALLER_HZ, THIRD_HZ)
    await colleague.desk.do("HangUpContact", contact_id=began.contact_id)
    for post in (began.sender, colleague):
        await until(lambda post=post: post.contacts("wrap_up"), "wrap-up")
        await post.desk.do("FinishWrapUp", contact_id=began.contact_id)
    contact = await until(lambda: (found := began.stored()) and found["ended_at"] and found, "the contact is stored")
    assert [part["agent_id"] for part in contact["interactions"]] == [began.sender.agent_id, colleague.agent_id]
    kinds = [step["kind"] for step in contact["timeline"] if step["kind"].startswith("conference")]
    assert kinds == ["conference_started", "conference_ended"]
    hold_ms = contact["interactions"][0]["hold_ms"]
    assert 0 < hold_ms < contact["interactions"][0]["talk_ms"] + hold_ms
    assert contact["interactions"][1]["hold_ms"] == 0


async def test_conference_with_an_outside_number_which_hangs_up(floor: Floor) -> None:
    began = await talk(floor, "13900009961", "agent12")
    await carrier(began, hang_up_after_ms=12_000)
    await began.consult("number", sealed(began.sender, OUTSIDE))
    await began.sender.desk.do("MergeTransfer", transfer_id=await began.until_answered())
    await began.hear_each_other(CALLER_HZ, SENDER_HZ, THIRD_HZ)
    await until(lambda: began.document["state"] == "talking", "the number has hung up")
    await began.hear_each_other(CALLER_HZ, SENDER_HZ)
    assert began.document["returned"]["cause"] == "normal"


@pytest.mark.slow
async def test_customer_who_hangs_up_ends_the_conference(floor: Floor) -> None:
    began = await talk(floor, "13900009962", "agent12", Wait(40_000), HangUp())
    colleague = began.colleague
    await began.consult("agent", colleague.agent_id)
    await began.sender.desk.do("MergeTransfer", transfer_id=await began.until_answered())
    await began.hear_each_other(CALLER_HZ, SENDER_HZ, THIRD_HZ)
    for post in (began.sender, colleague):
        await until(lambda post=post: post.contacts("wrap_up"), "both wrap up", 80)
        await post.desk.do("FinishWrapUp", contact_id=began.contact_id)


@pytest.mark.parametrize(("answer", "cause"), [("refuses", "offer_refused"), ("does not answer", "offer_expired")])
async def test_colleague_who_does_not_take_it_brings_the_customer_back_to_the_sender(
    floor: Floor, answer: str, cause: str
) -> None:
    number = "13900009963" if answer == "refuses" else "13900009964"
    began = await talk(floor, number, "agent12", answer_after_ms=None)
    colleague = began.colleague
    await began.consult("agent", colleague.agent_id, "blind")
    (offer,) = await until(lambda: colleague.desk.of_kind("offer/"), "it rings")
    if answer == "refuses":
        await colleague.desk.do("RefuseOffer", offer_id=offer["offer_id"])
    await until(lambda: began.sender.contacts("talking"), "back with the sender", 60)
    assert began.document["returned"]["agent_id"] == began.sender.agent_id
    assert began.document["returned"]["cause"] == cause
    await began.hear_each_other(CALLER_HZ, SENDER_HZ)


async def test_outside_number_that_is_busy_brings_the_customer_back_to_the_sender(floor: Floor) -> None:
    began = await talk(floor, "13900009965", "agent12")
    await carrier(began, refusal="486 Busy Here")
    await began.consult("number", sealed(began.sender, OUTSIDE), "blind")
    await until(lambda: began.document.get("returned") and began.sender.contacts("talking"), "back with the sender")
    assert began.document["returned"]["cause"] == "busy"
    await began.hear_each_other(CALLER_HZ, SENDER_HZ)


async def test_queue_that_nobody_is_there_to_serve_leaves_the_customer_with_the_sender(floor: Floor) -> None:
    began = await talk(floor, "13900009966", "agent12")
    queues = floor.administrator.get("/api/v1/admin/queues?limit=200")["items"]
    (simulated,) = [queue["id"] for queue in queues if queue["code"] == "simulated-billing"]
    for kind, code in (("blind", "routing.nobody_there"), ("consult", "routing.nobody_free")):
        with pytest.raises(ActionFailedError) as refused:
            await began.consult("queue", simulated, kind)
        assert code in str(refused.value.__dict__) + str(refused.value)
    assert began.document["state"] == "talking"
    await began.hear_each_other(CALLER_HZ, SENDER_HZ)


async def test_queue_in_which_nobody_takes_the_customer_brings_them_back_to_the_sender(floor: Floor) -> None:
    queues = floor.administrator.get("/api/v1/admin/queues?limit=200")["items"]
    (queue,) = [queue for queue in queues if queue["code"] == "complaint"]
    values = {"version": queue["version"], "return_after_s": 5}
    status, answer = floor.administrator.request("PATCH", f"/api/v1/admin/queues/{queue['id']}", values)
    assert status == 200, answer
    began = await talk(floor, "13900009967", "agent12")
    reasons = floor.administrator.get("/api/v1/admin/away-reasons?limit=200")["items"]
    await began.colleague.desk.do("SetAgentState", state="away", reason_id=reasons[0]["id"])
    await until(lambda: began.colleague.state == "away", "the only one who serves the queue is away for a moment")
    await began.consult("queue", queue["id"], "blind")
    await until(lambda: began.ears[CALLER_HZ].level(SENDER_HZ) < AUDIBLE, "the caller hears the queue")
    await until(lambda: began.sender.contacts("talking"), "back with the sender")
    assert began.document["returned"]["cause"] == "nobody_answered"
    await began.hear_each_other(CALLER_HZ, SENDER_HZ)
