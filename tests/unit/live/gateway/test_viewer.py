"""Live tokens: only what web signed, only while it lives."""

import msgspec
import pytest

from hotline.kernel.signing import sign
from hotline.live.gateway.errors import ForbiddenActionError, TokenExpiredError, TokenInvalidError
from hotline.live.gateway.viewer import viewer_of
from hotline.messages.live import Grant, LiveToken

KEY = b"k" * 32
NOW_MS = 1_772_000_000_000
TOKEN = LiveToken(
    user_id="u",
    session_id="s",
    expires_at_ms=NOW_MS + 1,
    agent_id=None,
    grants=(
        Grant(tenant_ids=("t",), permissions=("floor.view", "desk.use")),
        Grant(tenant_ids=("u", "v"), permissions=("desk.use",)),
    ),
    name="Wu",
)


def test_a_signed_token_tells_who_it_is() -> None:
    viewer = viewer_of(sign(msgspec.json.encode(TOKEN), KEY), KEY, NOW_MS)
    assert (viewer.user_id, viewer.agent_id) == ("u", None)
    assert viewer.require("floor.view") == {"t"}
    assert viewer.require("desk.use") == {"t", "u", "v"}
    with pytest.raises(ForbiddenActionError, match=r"floor\.monitor"):
        viewer.require("floor.monitor")


def test_an_expired_token_is_told_from_a_false_one() -> None:
    with pytest.raises(TokenExpiredError):
        viewer_of(sign(msgspec.json.encode(TOKEN), KEY), KEY, NOW_MS + 1)


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "a.b.c",
        "ünïcode.x",
        sign(b"not json", KEY),
        sign(b'{"user_id": "u"}', KEY),
        sign(msgspec.json.encode(TOKEN), b"x" * 32),
        sign(msgspec.json.encode(TOKEN), KEY)[:-2],
    ],
)
def test_anything_else_is_refused(token: str) -> None:
    with pytest.raises(TokenInvalidError):
        viewer_of(token, KEY, NOW_MS)
