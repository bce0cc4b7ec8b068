"""When a recording would lose whoever is heard next, and so has to be taken up anew. No I/O.

Debian's Asterisk hides lost packets in its translators by their numbers, and takes a packet whose number lies up to
32,768 below the last one for late: it drops it. The translator before a recording outlives whoever spoke first, and
every telephone numbers its packets from a random place. So the next voice is dropped until its numbers have caught up,
minutes later, and so is one that comes back after as many packets. Asterisk forgets the translator with the last
recording of a leg."""

import dataclasses

_NUMBERS_CLOSE_S = 300.0  # half of the time in which 32,768 packets of 20 ms are sent


@dataclasses.dataclass(slots=True)
class HeardVoice:
    """Who was last heard alone on a recorded leg, and since when (monotonic seconds) they are not."""

    leg_id: str | None = None
    apart_since_s: float | None = None

    def is_lost(self, leg_id: str | None, now_s: float) -> bool:
        """From now on this leg is heard alone, or nobody or several at once: whether the recording would lose it."""
        if leg_id is None:
            if self.leg_id is not None and self.apart_since_s is None:
                self.apart_since_s = now_s
            return False
        former, apart_since_s = self.leg_id, self.apart_since_s
        self.leg_id, self.apart_since_s = leg_id, None
        if former is None:
            return False
        return former != leg_id or (apart_since_s is not None and now_s - apart_since_s > _NUMBERS_CLOSE_S)
