"""Q.850 cause codes, as Asterisk gives and takes them, and our words for them."""

from hotline.telephony.contract import EndCause, RefusalCause

_WORDS: dict[int, EndCause] = {
    1: "unknown_number",
    2: "unreachable",
    3: "unreachable",
    16: "normal",
    17: "busy",
    18: "no_answer",
    19: "no_answer",
    20: "unreachable",
    21: "rejected",
    22: "unknown_number",
    26: "normal",
    27: "unreachable",
    28: "unknown_number",
    31: "normal",
    34: "congestion",
    38: "congestion",
    41: "congestion",
    42: "congestion",
    44: "lost",
    58: "rejected",
    102: "lost",
}
_CODES: dict[EndCause, int] = {
    "normal": 16,
    "busy": 17,
    "no_answer": 19,
    "rejected": 21,
    "unreachable": 20,
    "unknown_number": 1,
    "lost": 27,
    "congestion": 42,
    "failed": 41,
}


def cause_of(code: int) -> EndCause:
    """Our word for a cause code; "failed" for those that say nothing to a call centre."""
    return _WORDS.get(code, "failed")


def code_of(cause: EndCause | RefusalCause) -> int:
    """The code to hang up with, from which Asterisk makes the SIP answer."""
    return _CODES[cause]
