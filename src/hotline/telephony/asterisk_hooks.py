"""What Asterisk keeps in the way of a leg's sound while somebody records it or listens, and how it forgets that.

Debian's Asterisk hides lost packets in its translators by their numbers, and takes a packet whose number lies up to
32,768 below the last one for late: it drops it. The translator before a recording or a listener outlives whoever spoke
first, and every telephone numbers its packets from a random place. So the next voice is dropped until its numbers have
caught up, minutes later, and so is one that comes back after as many packets. Asterisk forgets the translator with the
last who records or listens."""

import asyncio
import dataclasses
import time

from hotline.telephony.ari import Ari

_FORGOTTEN_PACKETS, _FORGOTTEN_POLL_S, _FORGOTTEN_LIMIT_S = 4, 0.02, 1.0
_NUMBERS_CLOSE_S = 300.0  # half of the time in which 32,768 packets of 20 ms are sent


@dataclasses.dataclass(slots=True)
class HeardVoice:
    """Who was last heard alone on a leg, and since when (monotonic seconds) they are not."""

    leg_id: str | None = None
    apart_since_s: float | None = None

    def is_lost(self, leg_id: str | None, now_s: float) -> bool:
        """From now on this leg is heard alone, or nobody or several at once: whether it would be dropped."""
        if leg_id is None:
            if self.leg_id is not None and self.apart_since_s is None:
                self.apart_since_s = now_s
            return False
        former, apart_since_s = self.leg_id, self.apart_since_s
        self.leg_id, self.apart_since_s = leg_id, None
        if former is None:
            return False
        return former != leg_id or (apart_since_s is not None and now_s - apart_since_s > _NUMBERS_CLOSE_S)


async def until_forgotten(ari: Ari, leg_id: str) -> None:
    """Until some packets have passed after the last who recorded or listened has gone."""
    until_s = time.monotonic() + _FORGOTTEN_LIMIT_S
    first = None
    while time.monotonic() < until_s:
        told = await ari.request("GET", f"channels/{leg_id}/rtp_statistics")
        packets = told["txcount"] + told["rxcount"]
        first = packets if first is None else first
        if packets - first >= _FORGOTTEN_PACKETS:
            return
        await asyncio.sleep(_FORGOTTEN_POLL_S)
