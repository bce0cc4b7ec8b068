"""Agents' browsers behind the front door, each with a ledger of what it was shown.

The door is the product's nginx, which knows all gateways and not which of them leads; the windows speak the live
protocol and come back as pages do. Each agent says yes to what rings, holds some callers for a moment, and hangs up
after a while, also while a switch dies: what is not answered then is asked again under the same id."""

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any

import msgspec

from hotline.entrypoints.desk_client import ActionFailedError, DeskClient, Documents
from hotline.kernel.clock import SystemClock
from hotline.kernel.signing import sign
from hotline.live.gateway.own_documents import of_agent
from hotline.live.switch.state import RoutingState
from hotline.messages.live import Grant, LiveToken
from tests.faults.failover.load import AT_DESKS, RING_S, TALK_AT_A_DESK_S, LoadNode
from tests.faults.failover.switches import KEY
from tests.floor import trusting
from tests.unit.live.switch.house import TENANT

_AGREE_WITHIN_S = 10.0
_TOKEN_LIFE_MS = 300_000


class Desk:
    """One agent's window. `problems` is what must never be seen; `resumed_s` is when it last got all documents anew."""

    def __init__(self, agent_id: str, url: str, node: LoadNode, chance: random.Random) -> None:
        self.agent_id, self._node, self._chance = agent_id, node, chance
        self.problems: list[str] = []
        self.resumed_s = 0.0
        self._stream: str | None = None
        self._work_shown: set[str] = set()
        self._work_gone: set[str] = set()
        self._is_on_post = False
        self._working: asyncio.Task[None] | None = None
        self.client = DeskClient(url, self._token, on_change=self._note, tls=trusting())

    async def _token(self) -> str:
        payload = LiveToken(
            user_id=f"user-{self.agent_id}",
            session_id=self.agent_id,
            expires_at_ms=SystemClock().now_ms() + _TOKEN_LIFE_MS,
            agent_id=self.agent_id,
            grants=(Grant(tenant_ids=(TENANT,), permissions=("desk.use",)),),
            name=self.agent_id.title(),
        )
        return sign(msgspec.json.encode(payload), bytes.fromhex(KEY))

    async def open(self) -> None:
        await self.client.__aenter__()
        await self.client.do("SignIn")
        await self.client.do("SetAgentState", state="available")
        await self.client.until(lambda documents: documents["me"]["state"] != "away")
        self._is_on_post = True
        self._working = asyncio.create_task(self._work())

    async def close(self) -> None:
        if self._working is not None:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)
        await self.client.close()

    # --- what it is shown

    @property
    def own(self) -> Documents:
        return {key: document for key, document in self.client.documents.items() if key != "system"}

    def _note(self, client: DeskClient) -> None:
        if client.stream != self._stream:
            self._stream, self.resumed_s = client.stream, time.monotonic()
        work = {key for key in client.documents if key.startswith(("offer/", "contact/"))}
        if len(work) > 1:
            self._object(f"has {sorted(work)} at the same time")
        if back := work & self._work_gone:
            self._object(f"is shown {sorted(back)} again")
        self._work_gone |= self._work_shown - work
        self._work_shown = work
        me = client.documents["me"]
        if self._is_on_post and (me["is_mirror"] or me["state"] in ("away", "signed_out")):
            self._object(f"has lost the post: {me['state']}, {me['reason']}, mirror: {me['is_mirror']}")

    def _object(self, problem: str) -> None:
        self.problems.append(f"desk of {self.agent_id} {problem}")

    # --- what the agent does

    async def _work(self) -> None:
        while True:
            await self.client.until(lambda _: self._work_shown, 3600)
            for offer in self.client.of_kind("offer/"):
                await self._say_yes(offer)
            for contact in self.client.of_kind("contact/"):
                await self._talk(str(contact["contact_id"]))

    async def _say_yes(self, offer: dict[str, Any]) -> None:
        await asyncio.sleep(RING_S)
        await self._do("AcceptOffer", f"offer/{offer['offer_id']}", offer_id=offer["offer_id"])
        await self._until_gone(f"offer/{offer['offer_id']}")

    async def _talk(self, contact_id: str) -> None:
        key = f"contact/{contact_id}"
        if self._chance.random() < 0.5:
            await self._do("HoldContact", key, contact_id=contact_id)
            await self._do("RetrieveContact", key, contact_id=contact_id)
        await asyncio.sleep(TALK_AT_A_DESK_S * self._chance.uniform(0.5, 1.5))
        self._node.hung_up_at_desks.add(contact_id)
        await self._do("HangUpContact", key, contact_id=contact_id)
        await self._until_gone(key)

    async def _do(self, name: str, about: str, **arguments: Any) -> None:
        if about not in self.client.documents:
            return
        try:
            await self.client.do(name, **arguments)
        except (ActionFailedError, TimeoutError) as error:
            if not await self._until_gone(about):  # the caller had not hung up meanwhile
                self._object(f"could not {name}: {error or 'no answer'}")

    async def _until_gone(self, key: str) -> bool:
        try:
            await self.client.until(lambda documents: key not in documents, 60)
        except TimeoutError:
            self._object(f"still has {key}")
            return False
        return True


class Desks:
    """All of them, and the state that the log gives to compare them with."""

    def __init__(self, url: str, node: LoadNode, look_at_log: Callable[[], RoutingState]) -> None:
        chance = random.Random(5)
        self._desks = [Desk(agent_id, url, node, chance) for agent_id in AT_DESKS]
        self._look_at_log = look_at_log

    async def open(self) -> None:
        await asyncio.gather(*(desk.open() for desk in self._desks))

    async def close(self) -> None:
        await asyncio.gather(*(desk.close() for desk in self._desks))

    def problems(self) -> list[str]:
        return [problem for desk in self._desks for problem in desk.problems]

    def last_resumed_s(self, after_s: float) -> float | None:
        """When the last of them got its documents from another switch after that moment; None while one waits."""
        resumed_s = [desk.resumed_s for desk in self._desks]
        return max(resumed_s) if min(resumed_s) > after_s else None

    async def disagreeing(self) -> list[str]:
        """Desks that do not once show what the log says of them, however long one looks; both go on meanwhile."""
        left, deadline_s = self._desks, time.monotonic() + _AGREE_WITHIN_S
        while True:
            state = await asyncio.to_thread(self._look_at_log)
            left = [desk for desk in left if _difference(desk, state)]
            if not left:
                return []
            if time.monotonic() > deadline_s:
                return [f"desk of {desk.agent_id}: {_difference(desk, state)}" for desk in left]
            await asyncio.sleep(0.02)


def _difference(desk: Desk, state: RoutingState) -> str:
    """What the desk shows and what the log says, where these differ."""
    router = state.router
    said = of_agent(router, desk.agent_id, desk.agent_id.title(), router.agent(desk.agent_id), [], {})
    said = msgspec.json.decode(msgspec.json.encode(said))
    return "" if desk.own == said else f"shows {desk.own}, the log says {said}"
