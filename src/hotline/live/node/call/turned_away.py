"""Ends of calls for which there is no flow: something is wrong with us, or nobody can be reached."""

from hotline.flows.definition import Language, QueueExit
from hotline.flows.state import Utterance
from hotline.kernel.ids import new_id
from hotline.live.node.call.call import Call
from hotline.live.node.call.record import QueueAsked
from hotline.live.node.call.state import CallState


class Apologising(CallState):
    """The caller hears that something is wrong, and the call ends."""

    stage = "flow"

    async def enter(self) -> None:
        await self.call.play(self.call.services.sounds.prompt("technical_problem", self.record.language))

    async def playback_finished(self) -> None:
        await self.call.end("platform", "no_flow")


class TurnedAway(CallState):
    """The caller is out of a fallback queue, hears that nobody can be reached, and the call ends as blocked."""

    stage = "flow"

    def __init__(self, call: Call, exit: QueueExit) -> None:
        super().__init__(call)
        self._exit = exit

    async def enter(self) -> None:
        self.call.tell_left_flow("blocked", self._exit, self.record.queue_id)
        sounds, language = self.call.services.sounds, self.record.language
        await self.driver.stop_music(self.record.leg_id)
        await self.call.play([*sounds.prompt("nobody_reached", language), *sounds.prompt("goodbye", language)])

    async def playback_finished(self) -> None:
        await self.call.end("flow", self._exit)


def fallback(queue_id: str, asked_at_ms: int, language: Language) -> QueueAsked:
    """What is asked of a fallback queue."""
    announcement = (Utterance(language=language, prompt_id="all_agents_busy"),)
    return QueueAsked(queue_id=queue_id, asked_at_ms=asked_at_ms, command_id=new_id(), announcement=announcement)
