"""Where a driver lets its events out."""

from collections.abc import Callable

from hotline.telephony.contract import VoiceEvent


class Outlet:
    """A driver's events on their way to who takes them: kept until then."""

    def __init__(self) -> None:
        self._kept: list[VoiceEvent] = []
        self._take: Callable[[VoiceEvent], None] = self._kept.append

    def tell(self, event: VoiceEvent) -> None:
        self._take(event)

    def deliver(self, taker: Callable[[VoiceEvent], None]) -> None:
        """Hand over what was kept, and what comes as it comes."""
        self._take = taker
        kept, self._kept = self._kept, []
        for event in kept:
            taker(event)

    def close(self) -> None:
        self._take = _nobody


def _nobody(_: VoiceEvent) -> None:
    """The driver is closed."""
