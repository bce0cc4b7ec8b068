"""Answers to nodes that ask how long their callers will wait. Nothing of it is logged."""

from collections.abc import Iterable

from hotline.live.switch.service import Switch
from hotline.messages.effects import ExpectedWait, WaitTold

_FRESH_MS = 1_000


class WaitTeller:
    """Positions are counted at most once a second, however many callers are asked about."""

    def __init__(self, switch: Switch) -> None:
        self._switch = switch
        self._counted_ms = -_FRESH_MS
        self._places: dict[str, tuple[str, int]] = {}  # contact -> its queue, and its place from 1

    def tell(self, contact_ids: Iterable[str]) -> WaitTold:
        """What is expected for those of the contacts that still wait."""
        self._count()
        return WaitTold(waits=tuple(self._expected(one) for one in contact_ids if one in self._places))

    def _expected(self, contact_id: str) -> ExpectedWait:
        queue_id, place = self._places[contact_id]
        return ExpectedWait(contact_id, place, self._switch.state.waits.expected_s(queue_id, place))

    def _count(self) -> None:
        now_ms = self._switch.clock.now_ms()
        if now_ms - self._counted_ms < _FRESH_MS:
            return
        self._counted_ms = now_ms
        self._places = {
            contact_id: (queue.queue_id, place)
            for queue in self._switch.state.router.queues()
            for place, contact_id in enumerate(queue.waiting_ids, start=1)
        }
