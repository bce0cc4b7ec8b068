"""Service level: how many who asked for an agent were answered soon enough. Whole numbers only, nothing is rounded.

The contractual one (GZ-09): answered within the threshold ÷ all who asked, abandoned included, counted in the interval
of asking; those who still wait and may yet be answered in time are not counted yet."""


def is_in_time(wait_ms: int, threshold_s: int) -> bool:
    """Whether a contact that waited so long was answered within the threshold; exactly at it counts as within."""
    return wait_ms <= threshold_s * 1000


def is_met(answered_in_time: int, asked: int, target_hundredths: int) -> bool | None:
    """Whether the share reaches the target, in hundredths of a per cent (8500 is 85.00 %); None when nobody asked.

    Compared as fractions: 84.99 % and 84.9999 % both miss 85.00 %."""
    _check(answered_in_time, asked)
    if not asked:
        return None
    return answered_in_time * 10_000 >= target_hundredths * asked


def in_hundredths(answered_in_time: int, asked: int) -> int | None:
    """The share in hundredths of a per cent, cut off and never rounded up; None when nobody asked."""
    _check(answered_in_time, asked)
    return answered_in_time * 10_000 // asked if asked else None


def shown(answered_in_time: int, asked: int) -> str:
    """The share in per cent with two decimals, such as `84.99`; empty when nobody asked.

    Cut off rather than rounded, so that what is shown never reaches a target that is missed."""
    share = in_hundredths(answered_in_time, asked)
    return "" if share is None else f"{share // 100}.{share % 100:02d}"


def _check(answered_in_time: int, asked: int) -> None:
    if not 0 <= answered_in_time <= asked:
        raise ValueError(f"{answered_in_time} answered in time of {asked} who asked is impossible")
