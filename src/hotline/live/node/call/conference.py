"""Customer, agent and a consulted side talk together; either side may leave, the customer stays with the other."""

from hotline.live.node.call.messages import Adopted
from hotline.live.node.call.transferring import Consulting


class Conference(Consulting):
    """A consultation whose bridge the caller has joined; it ends in the same ways. Who is lost leaves the others."""

    stage = "conference"

    async def enter(self) -> None:
        self.record.is_held = False
        await self.call.join_caller(None)
        await self.pause_recording(is_paused=False)

    async def _merge(self) -> None:
        """Said again by a switch that came back: it is so."""

    async def adopted(self, found: Adopted) -> None:
        await super().adopted(found)
        bridge_id = self.record.bridge_id
        if self.call.state is self and found.living.get(self.record.leg_id) != bridge_id:
            await self.call.join_caller(None)
