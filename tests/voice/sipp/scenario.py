"""SIPp scenarios made from steps: what a caller or a telephone does after the call is up."""

import array
import dataclasses
import math
from pathlib import Path
from typing import Literal

Transport = Literal["udp", "tcp"]


@dataclasses.dataclass(frozen=True)
class Wait:
    duration_ms: int


@dataclasses.dataclass(frozen=True)
class Press:
    """Keys, as RFC 4733 events."""

    keys: str


@dataclasses.dataclass(frozen=True)
class HangUp:
    """The party ends the call; without this step it waits for the other side to."""


Step = Wait | Press | HangUp

_SDP = """Content-Type: application/sdp
Content-Length: [len]

v=0
o=sipp 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP 8 96
a=rtpmap:8 PCMA/8000
a=rtpmap:96 telephone-event/8000
a=fmtp:96 0-16
a=sendrecv
"""


def caller_scenario(steps: tuple[Step, ...], tone: Path | None, caller: str, media_port: int | None = None) -> str:
    """Calls, answers a refusal with an ACK and counts it as a failed call, then does the steps.

    Sound comes and goes at `media_port`, if given, and not at SIPp's own."""
    sdp = _sound_at(media_port)
    invite = _request("INVITE", 1, caller, "", sdp)
    return _document(
        "caller",
        f'<send retrans="500">{invite}</send>'
        '<recv response="100" optional="true"/><recv response="180" optional="true"/>'
        '<recv response="183" optional="true"/><recv response="200" rrs="true"/>'
        f"<send>{_request('ACK', 1, caller, '[peer_tag_param]')}</send>"
        + _course(steps, tone, _request("BYE", 2, caller, "[peer_tag_param]")),
    )


def _sound_at(media_port: int | None) -> str:
    return _SDP if media_port is None else _SDP.replace("[auto_media_port]", str(media_port))


def telephone_scenario(
    answer_after_ms: int | None,
    refusal: str,
    steps: tuple[Step, ...],
    tone: Path | None,
    media_port: int | None = None,
) -> str:
    """A telephone that rings and then answers, refuses (such as "486 Busy Here"), or rings until it is cancelled.

    Sound as with `caller_scenario`."""
    ring = (
        '<recv request="OPTIONS" optional="true" next="options"/>'
        '<recv request="INVITE" rrs="true"><action>'
        '<ereg regexp=".*" search_in="hdr" header="From:" assign_to="remote"/></action></recv>'
        + _answer("180 Ringing", _OWN_TAG)
    )
    if refusal:
        course = _answer(refusal, _OWN_TAG) + '<recv request="ACK"/>'
    elif answer_after_ms is None:
        course = _RING_ON
    else:
        course = (
            f'<pause milliseconds="{answer_after_ms}"/>'
            + _answer("200 OK", _OWN_TAG, _sound_at(media_port))
            + '<recv request="ACK"/>'
            + _course(steps, tone, _TELEPHONE_BYE)
        )
    return _document("telephone", ring + course + '<nop next="end"/>' + _OPTIONS + _END)


def device_call_scenario(steps: tuple[Step, ...], user: str, password: str) -> str:
    """A telephone dials: it is asked who it is, and says so."""
    key = authentication(user, password) + "\n"
    return _document(
        "device call",
        f'<send retrans="500">{_request("INVITE", 1, user, "", _SDP)}</send>'
        '<recv response="100" optional="true"/><recv response="401" auth="true"/>'
        f"<send>{_request('ACK', 1, user, '[peer_tag_param]')}</send>"
        f'<send retrans="500">{_request("INVITE", 2, user, "", key + _SDP)}</send>'
        '<recv response="100" optional="true"/><recv response="180" optional="true"/>'
        '<recv response="183" optional="true"/><recv response="200" rrs="true"/>'
        f"<send>{_request('ACK', 2, user, '[peer_tag_param]')}</send>"
        + _course(steps, None, _request("BYE", 3, user, "[peer_tag_param]")),
    )


def register_scenario(user: str, key: str, contact_port: int, expires_s: int) -> str:
    """Registers the telephone at this port, `key` being `authentication(...)`; 0 seconds take all back."""
    contact = f"Contact: <sip:{user}@[local_ip]:{contact_port}>" if expires_s else "Contact: *"
    first = _register(user, contact, expires_s, 1, "")
    second = _register(user, contact, expires_s, 2, f"{key}\n")
    return _document(
        "register",
        f'<send retrans="500">{first}</send><recv response="401" auth="true"/>'
        f'<send retrans="500">{second}</send><recv response="200"/>',
    )


def authentication(user: str, password: str) -> str:
    """What SIPp replaces by the answer to a challenge."""
    return f"[authentication username={user} password={password}]"


def write_tone_alaw(path: Path, frequency: int, seconds: int = 2) -> Path:
    """Raw A-law samples of a tone, a whole number of its turns long so that it can be repeated."""
    samples = (round(8000 * math.sin(2 * math.pi * frequency * i / 8000)) for i in range(8000 * seconds))
    path.write_bytes(array.array("B", (_alaw(sample) for sample in samples)).tobytes())
    return path


# --- parts ------------------------------------------------------------------------------------------------------------

_OWN_TAG = ";tag=[pid]T[call_number]"
_OPTIONS = (
    '<label id="options"/>'
    "<send><![CDATA[\nSIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:];tag=[pid]O[call_number]\n"
    "[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0\n\n]]></send>"
)
_END = '<label id="end"/><nop/><Reference variables="remote"/>'
_TELEPHONE_BYE = (
    "<![CDATA[\nBYE [next_url] SIP/2.0\nVia: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n"
    f"From: <sip:[local_ip]:[local_port]>{_OWN_TAG}\nTo: [$remote]\n[last_Call-ID:]\nCSeq: 100 BYE\n"
    "Max-Forwards: 70\nContent-Length: 0\n\n]]>"
)
_RING_ON = (
    '<recv request="CANCEL"/>'
    f"<send><![CDATA[\nSIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]{_OWN_TAG}\n"
    "[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0\n\n]]></send>"
    f"<send><![CDATA[\nSIP/2.0 487 Request Terminated\n[last_Via:]\n[last_From:]\n[last_To:]{_OWN_TAG}\n"
    "[last_Call-ID:]\nCSeq: [last_cseq_number] INVITE\nContent-Length: 0\n\n]]></send>"
    '<recv request="ACK"/>'
)


def _document(name: str, body: str) -> str:
    return f'<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="{name}">\n{body}\n</scenario>\n'


def _request(method: str, number: int, caller: str, to_tag: str, body: str = "Content-Length: 0\n\n") -> str:
    target = "sip:[service]@[remote_ip]:[remote_port]"
    return (
        f"<![CDATA[\n{method} {target} SIP/2.0\nVia: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n"
        f"From: <sip:{caller}@[local_ip]:[local_port]>;tag=[pid]C[call_number]\nTo: <{target}>{to_tag}\n"
        f"Call-ID: [call_id]\nCSeq: {number} {method}\nMax-Forwards: 70\n"
        f"Contact: <sip:{caller}@[local_ip]:[local_port];transport=[transport]>\n{body}]]>"
    )


def _answer(status: str, to_tag: str, body: str = "Content-Length: 0\n\n") -> str:
    return (
        f"<send><![CDATA[\nSIP/2.0 {status}\n[last_Via:]\n[last_From:]\n[last_To:]{to_tag}\n[last_Call-ID:]\n"
        f"[last_CSeq:]\nContact: <sip:[local_ip]:[local_port];transport=[transport]>\n{body}]]></send>"
    )


def _tone(tone: Path | None) -> str:
    return f'<nop><action><exec rtp_stream="{tone},-1,8"/></action></nop>' if tone else ""


def _course(steps: tuple[Step, ...], tone: Path | None, bye: str) -> str:
    """The steps, the tone beginning after the last key: with both at once Asterisk takes SIPp's keys twice."""
    first = max((number + 1 for number, step in enumerate(steps) if isinstance(step, Press)), default=0)
    parts = [_step(step, bye) for step in steps]
    if HangUp() not in steps:
        parts.append('<recv request="BYE" timeout="120000"/>' + _answer("200 OK", ""))
    return "".join([*parts[:first], _tone(tone), *parts[first:]])


def _step(step: Step, bye: str) -> str:
    match step:
        case Wait(duration_ms):
            return f'<pause milliseconds="{duration_ms}"/>'
        case Press(keys):
            return f'<nop><action><exec play_dtmf="{keys}"/></action></nop><pause milliseconds="{400 * len(keys)}"/>'
        case HangUp():
            return f'<send retrans="500">{bye}</send><recv response="200"/>'


def _register(user: str, contact: str, expires_s: int, number: int, authentication: str) -> str:
    return (
        "<![CDATA[\nREGISTER sip:[remote_ip]:[remote_port] SIP/2.0\n"
        "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n"
        f"From: <sip:{user}@[remote_ip]>;tag=[pid]R[call_number]\nTo: <sip:{user}@[remote_ip]>\nCall-ID: [call_id]\n"
        f"CSeq: {number} REGISTER\n{contact}\nMax-Forwards: 70\nExpires: {expires_s}\n"
        f"{authentication}Content-Length: 0\n\n]]>"
    )


def _alaw(sample: int) -> int:
    """One 16-bit sample in G.711 A-law."""
    mask = 0xD5 if sample >= 0 else 0x55
    magnitude = (sample if sample >= 0 else -sample - 1) >> 3
    segment = max(0, magnitude.bit_length() - 5)
    return ((segment << 4) | ((magnitude >> max(segment, 1)) & 0x0F)) ^ mask
