"""Handle time: what one conversation costs an agent. Whole numbers; an average is a fraction until it is shown."""


def handle_ms(talk_ms: int, hold_ms: int, wrap_up_ms: int) -> int:
    """Talk, hold and wrap-up together (`talk_ms` excludes hold)."""
    return talk_ms + hold_ms + wrap_up_ms


def conversation_ms(talk_ms: int, hold_ms: int) -> int:
    """Talk as customers know it, with holds inside."""
    return talk_ms + hold_ms


def average_s(total_ms: int, interactions: int) -> int | None:
    """Average in whole seconds, halves up; None when there was no interaction. SB-32: 180 s of talk and 60 s of
    wrap-up in one interaction make 240."""
    if interactions < 0 or total_ms < 0:
        raise ValueError("sums and counts are not negative")
    if not interactions:
        return None
    return (2 * total_ms + 1000 * interactions) // (2000 * interactions)
