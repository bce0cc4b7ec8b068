"""Old store + changes = fresh snapshot, whatever happens in between."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.live.gateway.streams import KEPT_FRAMES, KEPT_MS, Audience, Stream, window_of
from hotline.messages.live import Changes, Snapshot

NOW_MS = 1_772_000_000_000
WINDOW = "0190a1b2-0000-7000-8000-000000000001"

documents = st.dictionaries(
    st.sampled_from(["me", "contact/1", "contact/2", "queue/1"]), st.dictionaries(st.just("n"), st.integers(0, 3))
)
changes = st.dictionaries(st.sampled_from(["me", "contact/1", "queue/1"]), st.none() | st.just({"n": 9}), max_size=3)


class Browser:
    """What the front end does with frames."""

    def __init__(self) -> None:
        self.documents: dict[str, Any] = {}
        self.stream: str | None = None
        self.seq = -1

    def read(self, text: str) -> None:
        frame = json.loads(text)
        if frame["type"] == "Snapshot":
            self.documents, self.stream = frame["documents"], frame["stream"]
        else:
            assert frame["seq"] == self.seq + 1
            self.documents |= frame["put"]
            for key in frame["drop"]:
                del self.documents[key]
        self.seq = frame["seq"]

    def catch_up(self, stream: Stream) -> None:
        for text in stream.frames_after(self.seq) or [stream.snapshot(NOW_MS)]:
            self.read(text)


steps = st.one_of(
    st.tuples(st.just("replace"), st.integers(0, 2), documents),
    st.tuples(st.just("update"), st.integers(0, 2), changes),
    st.tuples(st.just("listen"), st.sets(st.integers(0, 2)), st.none()),
    st.tuples(st.just("read"), st.none(), st.none()),
)


def disjoint(number: int, docs: dict[str, Any]) -> dict[str, Any]:
    """Keys of two audiences never overlap."""
    return {f"{number}:{key}": document for key, document in docs.items()}


@settings(max_examples=200)
@given(script=st.lists(steps, max_size=40))
def test_reading_frames_gives_what_a_fresh_snapshot_holds(script: list[tuple[str, Any, Any]]) -> None:
    audiences = [Audience(number, {}) for number in range(3)]
    stream, reader = Stream(WINDOW), Browser()
    for kind, which, given_documents in script:
        if kind == "replace":
            audiences[which].replace(disjoint(which, given_documents), NOW_MS)
        elif kind == "update":
            audiences[which].update(disjoint(which, given_documents), NOW_MS)
        elif kind == "listen":
            stream.listen_to([audiences[number] for number in sorted(which)], NOW_MS)
        else:
            reader.catch_up(stream)
    reader.catch_up(stream)
    fresh = Browser()
    fresh.read(stream.snapshot(NOW_MS))
    assert reader.documents == fresh.documents == stream.documents()
    assert reader.seq == fresh.seq


def test_frames_are_what_the_contract_says() -> None:
    import msgspec

    audience, stream = Audience("a", {"me": {"n": 1}}), Stream(WINDOW)
    stream.listen_to([audience], NOW_MS)
    audience.replace({"queue/1": {"n": 2}}, NOW_MS + 5)
    first, second = stream.frames_after(0) or []
    assert msgspec.json.decode(first, type=Changes) == Changes(seq=1, server_ms=NOW_MS, put={"me": {"n": 1}})
    assert msgspec.json.decode(second, type=Changes) == Changes(
        seq=2, server_ms=NOW_MS + 5, put={"queue/1": {"n": 2}}, drop=("me",)
    )
    snapshot = msgspec.json.decode(stream.snapshot(NOW_MS + 9), type=Snapshot)
    assert snapshot == Snapshot(stream=stream.name, seq=2, server_ms=NOW_MS + 9, documents={"queue/1": {"n": 2}})


def test_a_window_that_missed_a_few_frames_gets_only_those() -> None:
    audience, stream = Audience("a", {}), Stream(WINDOW)
    stream.listen_to([audience], NOW_MS)
    for number in range(5):
        audience.update({"me": {"n": number}}, NOW_MS)
    missed = stream.frames_after(3) or []
    assert [json.loads(frame)["seq"] for frame in missed] == [4, 5]
    assert stream.frames_after(5) == []


def test_a_window_that_missed_too_much_gets_a_snapshot() -> None:
    audience, stream = Audience("a", {}), Stream(WINDOW)
    stream.listen_to([audience], NOW_MS)
    for number in range(KEPT_FRAMES + 1):
        audience.update({"me": {"n": number}}, NOW_MS)
    assert stream.frames_after(0) is None
    assert len(stream.frames_after(1) or []) == KEPT_FRAMES


def test_frames_that_no_window_can_have_missed_are_not_kept() -> None:
    audience, stream = Audience("a", {}), Stream(WINDOW)
    stream.listen_to([audience], NOW_MS)
    for number, later_ms in enumerate((0, 1_000, KEPT_MS, KEPT_MS + 500)):
        audience.update({"me": {"n": number}}, NOW_MS + later_ms)
    assert stream.frames_after(0) is None
    assert [json.loads(frame)["seq"] for frame in stream.frames_after(1) or []] == [2, 3, 4]


def test_a_number_that_was_never_given_out_gets_a_snapshot() -> None:
    assert Stream(WINDOW).frames_after(7) is None
    assert Stream(WINDOW).frames_after(-1) is None


def test_what_changes_nothing_is_not_sent() -> None:
    audience, stream = Audience("a", {"me": {"n": 1}}), Stream(WINDOW)
    stream.listen_to([audience], NOW_MS)
    audience.update({"me": {"n": 1}, "queue/1": None}, NOW_MS)
    audience.replace({"me": {"n": 1}}, NOW_MS)
    assert stream.seq == 1


def test_all_windows_of_an_audience_share_one_encoded_text() -> None:
    audience, streams = Audience("a", {}), [Stream(WINDOW) for _ in range(3)]
    for stream in streams:
        stream.listen_to([audience], NOW_MS)
    audience.update({"me": {"n": 1}}, NOW_MS)
    assert len({id(stream._frames[-1][1]) for stream in streams}) == 1


def test_a_stream_name_leads_back_to_its_window_and_nothing_else_does() -> None:
    stream = Stream(WINDOW)
    assert window_of(stream.name) == WINDOW
    assert Stream(WINDOW).name != stream.name
    for name in (None, "", WINDOW, "x" * 300, f"{WINDOW}.zzzzzzzz", f"../{WINDOW}.00000000"):
        assert window_of(name) is None
