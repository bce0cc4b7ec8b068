"""A staffed floor for tests: agents with SIP telephones, signed in through the real gateway, and real callers."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hotline.entrypoints.desk_client import ActionFailedError, DeskClient
from tests.centre import Centre, Session, eventually
from tests.ports import free_ports
from tests.voice.sipp.party import Party, SippBench


def trusting() -> ssl.SSLContext:
    """For the local certificate of the centre under test."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def with_device(administrator: Session, agent: dict[str, Any], device: str) -> dict[str, Any]:
    """The agent as the centre knows them, who now telephones with this kind of device."""
    if agent["device"] == device:
        return agent
    change = {"version": agent["version"], "device": device}
    status, answer = administrator.request("PATCH", f"/api/v1/admin/agents/{agent['id']}", change)
    assert status == 200, answer
    return dict(answer)


@dataclass
class Post:
    """One agent on post: a telephone that answers by itself and a desk that this test works."""

    username: str
    agent_id: str
    session: Session
    telephone: Party | None
    desk: DeskClient
    hang_up_after_s: float | None = None
    _task: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def state(self) -> str:
        return str(self.desk.documents.get("me", {}).get("state"))

    def contacts(self, *states: str) -> list[dict[str, Any]]:
        return [contact for contact in self.desk.of_kind("contact/") if contact["state"] in states]

    def start_working(self) -> None:
        """From now on: end each conversation after `hang_up_after_s` (None: never) and finish every wrap-up."""
        self._task = asyncio.create_task(self._work())

    async def _work(self) -> None:
        while True:
            await self.desk.until(lambda _: self.contacts("wrap_up") or self.contacts("talking"), 600)
            for contact in self.contacts("wrap_up"):
                await self._try("FinishWrapUp", contact)
            if self.hang_up_after_s is not None:
                for contact in self.contacts("talking"):
                    await asyncio.sleep(self.hang_up_after_s)
                    await self._try("HangUpContact", contact)
            await asyncio.sleep(0.1)

    async def _try(self, name: str, contact: dict[str, Any]) -> None:
        try:
            await self.desk.do(name, contact_id=contact["contact_id"])
        except (ActionFailedError, TimeoutError):
            return  # It has ended meanwhile; the documents will say so.

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        with contextlib.suppress(ActionFailedError, TimeoutError):
            await self.desk.do("SignOut")
        await self.desk.close()
        if self.telephone is not None:
            await self.telephone.stop()


@contextlib.asynccontextmanager
async def opened_floor(centre: Centre, directory: Path) -> AsyncIterator["Floor"]:
    """The floor of one test. Afterwards its callers have hung up and every agent is signed out."""
    floor = Floor(centre, SippBench(directory, centre.sip_port))
    try:
        yield floor
    finally:
        await floor.close()


class Floor:
    """The agents of one test and their callers."""

    def __init__(self, centre: Centre, bench: SippBench) -> None:
        self.centre, self.bench = centre, bench
        self.administrator = centre.administrator()
        self.posts: list[Post] = []

    def agents(self) -> dict[str, dict[str, Any]]:
        """The agents of the example tenant by user name."""
        found = self.administrator.get("/api/v1/admin/agents?limit=200")["items"]
        return {agent["username"]: agent for agent in found}

    async def staff(
        self,
        username: str,
        answer_after_ms: int | None = 100,
        tone_hz: int | None = None,
        media_port: int | None = None,
    ) -> Post:
        """Put one agent on post with a telephone of their own, available. With `media_port` a line speaks and hears."""
        agent = with_device(self.administrator, self.agents()[username], "sip_phone")
        session = await asyncio.to_thread(self.centre.log_in, username)
        account = session.get("/api/v1/desk/softphone")
        port = free_ports(1)[0]
        await self._register(account["sip_user"], account["sip_password"], port)
        telephone = await self.bench.telephone(
            port, answer_after_ms=answer_after_ms, tone_hz=tone_hz, media_port=media_port
        )
        desk = await self.open_desk(session)
        post = Post(username, agent["id"], session, telephone, desk)
        self.posts.append(post)
        await desk.do("SignIn")
        await desk.do("SetAgentState", state="available")
        await desk.until(lambda documents: documents["me"]["state"] == "available")
        return post

    async def open_desk(self, session: Session, boards: tuple[str, ...] = ()) -> DeskClient:
        """A window of this user on the live gateway, through the front door."""

        async def token() -> str:
            status, answer = await asyncio.to_thread(session.request, "POST", "/api/v1/live-token")
            if status != 200:
                raise OSError(f"no token: {status}")
            return str(answer["token"])

        url = self.centre.url.replace("https:", "wss:") + "/live"
        return await DeskClient(url, token, boards, tls=trusting()).__aenter__()

    async def _register(self, user: str, password: str, port: int) -> None:
        """As soon as the node has told Asterisk of the telephone."""
        for attempt in range(20):
            try:
                return await self.bench.register(user, password, port)
            except AssertionError:
                if attempt == 19:
                    raise
                await asyncio.sleep(0.5)
        return None

    async def close(self) -> None:
        """Leave nothing behind that the next test would meet, whatever became of this one."""
        for post in self.posts:
            await post.close()
        await self.bench.close()
        await asyncio.to_thread(self.centre.hang_up_everybody)
        async with self.boards("floor") as desk:
            try:
                async with asyncio.timeout(60):  # a hung or killed platform takes its time to come back
                    await self._until_empty(desk)
            except TimeoutError as error:
                agents = [agent for agent in desk.of_kind("agent/") if agent["state"] != "signed_out"]
                raise AssertionError(f"still on the floor: {agents}, {desk.of_kind('waiting/')}") from error

    async def _until_empty(self, desk: DeskClient) -> None:
        while desk.of_kind("waiting/") or _signed_in(desk):
            for agent_id in _signed_in(desk, "wrap_up"):
                await self._finish_for(agent_id)
            await self._sign_everybody_out(desk)
            await asyncio.sleep(0.3)  # what was done is on the boards after 0.2 s

    @contextlib.asynccontextmanager
    async def boards(self, *boards: str) -> AsyncIterator[DeskClient]:
        """What a supervisor's window shows."""
        desk = await self.open_desk(self.administrator, boards)
        try:
            await desk.until(lambda _: desk.of_kind("queue/"))
            yield desk
        finally:
            await desk.close()

    async def _finish_for(self, agent_id: str) -> None:
        """A test that failed during a wrap-up never finished it, and nobody may sign out before."""
        username = next(name for name, agent in self.agents().items() if agent["id"] == agent_id)
        desk = await self.open_desk(await asyncio.to_thread(self.centre.log_in, username))
        try:
            await desk.do("SignIn")
            for contact in desk.of_kind("contact/"):
                await desk.do("FinishWrapUp", contact_id=contact["contact_id"])
        except (ActionFailedError, TimeoutError):
            return  # it has ended meanwhile
        finally:
            await desk.close()

    async def _sign_everybody_out(self, desk: DeskClient) -> None:
        for agent_id in _signed_in(desk):
            with contextlib.suppress(ActionFailedError):  # they have left meanwhile
                await desk.do("ForceAgentState", agent_id=agent_id, state="signed_out", reason="shift_over")


def _signed_in(desk: DeskClient, *states: str) -> list[str]:
    agents = [agent for agent in desk.of_kind("agent/") if agent["state"] != "signed_out"]
    return [str(agent["agent_id"]) for agent in agents if not states or agent["state"] in states]


async def until(holds: Callable[[], Any], what: str, seconds: float = 40.0) -> Any:
    """Like `eventually`, letting the loop run meanwhile."""
    async with asyncio.timeout(seconds + 1):
        for _ in range(int(seconds / 0.05)):
            if found := holds():
                return found
            await asyncio.sleep(0.05)
    return eventually(holds, what, 0.1)
