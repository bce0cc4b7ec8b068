"""Histories are read as they are meant, and refused with a sentence that names the line."""

import contextlib
import gzip
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.planning.forecast.errors import ForecastInvalidError, HistoryInvalidError
from hotline.planning.forecast.reading import parse_history, read_history

HEAD = "start,calls"


def test_five_minute_rows_become_half_hours() -> None:
    (series,) = parse_history([HEAD, "2026-03-02T07:00,4", "2026-03-02T07:05,5", "2026-03-02T07:30,2"], 1800)
    assert series.counts[0, 14:17].tolist() == [9.0, 2.0, 0.0]
    assert series.dates == (date(2026, 3, 2),)


def test_order_of_rows_does_not_matter() -> None:
    rows = [f"2026-03-0{day}T{hour:02}:00,{day * hour}" for day in range(2, 6) for hour in range(8, 18)]
    (ordered,) = parse_history([HEAD, *rows], 3600)
    (shuffled,) = parse_history([HEAD, *reversed(rows)], 3600)
    assert np.array_equal(ordered.counts, shuffled.counts, equal_nan=True)


def test_series_are_told_apart_by_queue_brand_channel_and_site() -> None:
    head = "start,queue,brand,channel,site,calls,aht_s"
    rows = ["2026-03-02T07:00,a,x,voice,n,4,100", "2026-03-02T07:00,a,y,voice,n,5,200"]
    found = parse_history([head, *rows], 1800)
    assert [(one.key.brand, one.counts[0, 14]) for one in found] == [("x", 4.0), ("y", 5.0)]
    assert found[0].handle_s is not None
    assert found[0].handle_s[0, 14] == 100.0


def test_handle_time_of_an_interval_is_weighted_by_calls() -> None:
    rows = ["2026-03-02T07:00,30,100", "2026-03-02T07:15,10,300"]
    (series,) = parse_history(["start,calls,aht_s", *rows], 1800)
    assert series.handle_s is not None
    assert series.handle_s[0, 14] == pytest.approx(150.0)


def test_no_row_is_no_call_where_few_are_usual_and_a_gap_where_many_are() -> None:
    busy = [f"2026-03-{day:02}T{hour}:00,{calls}" for day in (2, 9, 16, 23) for hour, calls in (("09", 80), ("10", 1))]
    lacking = [row for row in busy if row not in ("2026-03-16T09:00,80", "2026-03-16T10:00,1")]
    (series,) = parse_history([HEAD, *lacking, "2026-03-16T11:00,70"], 3600)
    row = series.dates.index(date(2026, 3, 16))
    assert np.isnan(series.counts[row, 9])
    assert series.counts[row, 10] == 0.0


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        ([], "line 1"),
        ([HEAD], "no rows"),
        (["start,count", "2026-03-02T07:00,1"], "line 1 does not name the column calls"),
        (["start,calls,calls", "2026-03-02T07:00,1,1"], "line 1 names the column calls twice"),
        ([HEAD, "2026-03-02T07:00,1", "2026-03-02T07:30"], "line 3 has 1 fields"),
        ([HEAD, "02.03.2026 07:00,1"], "line 2: '02.03.2026 07:00' is not a time"),
        ([HEAD, "2026-03-02,1"], "line 2: '2026-03-02' has no time of day"),
        ([HEAD, "2026-03-02T07:03,1"], "line 2: '2026-03-02T07:03' does not begin an interval"),
        ([HEAD, "2026-03-02T07:00,-1"], "line 2: calls is '-1'"),
        ([HEAD, "2026-03-02T07:00,many"], "line 2: calls is 'many'"),
        ([HEAD, "2026-03-02T07:00,nan"], "line 2: calls is 'nan'"),
        ([HEAD, "2026-03-02T07:00,99000000"], "line 2: calls is 99000000, too much"),
        (["start,calls,aht_s", "2026-03-02T07:00,5,240000"], "too much for seconds"),
        ([HEAD, "2026-03-02T07:00,1", "2026-03-02T07:30,1", "2026-03-02T07:00,1"], "line 4 gives 2026-03-02T07:00"),
        ([HEAD, "2026-03-02T07:00,1", "2026-03-02T07:00,2"], "after line 2"),
        ([HEAD, "2026-03-02T07:00,1", "2026-03-02T07:30Z,1"], "line 3: time zones are mixed"),
        ([HEAD, "2026-03-02T07:00+08:00,1", "2026-03-02T07:30+01:00,1"], "line 3: time zones are mixed"),
        ([HEAD, "2026-03-02T00:00,100", "2026-03-03T00:00,120"], "line 2: all rows begin at midnight"),
        ([HEAD, "1903-03-02T07:00,1", "2026-03-02T07:30,1"], "line 2: 1903-03-02 lies"),
    ],
)
def test_what_cannot_be_is_refused_with_the_line(rows: list[str], part: str) -> None:
    with pytest.raises(HistoryInvalidError) as refused:
        parse_history(rows, 1800)
    assert part in str(refused.value)


def test_hourly_rows_are_not_cut_into_half_hours() -> None:
    rows = [HEAD, *(f"2026-03-02T{hour:02}:00,1" for hour in range(7, 12))]
    with pytest.raises(ForecastInvalidError, match="multiple of 60"):
        parse_history(rows, 1800)


@pytest.mark.parametrize("seconds", [0, 60, 420, 1799, 7200])
def test_intervals_divide_the_hour(seconds: int) -> None:
    with pytest.raises(ForecastInvalidError, match="5, 10, 15, 20, 30 or 60"):
        parse_history([HEAD, "2026-03-02T07:00,1"], seconds)


def test_summer_time_may_change_the_offset_and_the_hour_that_comes_twice_counts_once() -> None:
    rows = [HEAD, "2026-10-25T02:00+02:00,10", "2026-10-25T02:00+01:00,14", "2026-10-25T03:00+01:00,6"]
    (series,) = parse_history(rows, 3600)
    assert series.counts[0, 2:4].tolist() == [12.0, 6.0]


def test_compressed_and_marked_files_are_read(tmp_path: Path) -> None:
    text = "﻿start,calls\n2026-03-02T07:00,4\n"
    (tmp_path / "history.csv.gz").write_bytes(gzip.compress(text.encode()))
    (series,) = read_history(tmp_path / "history.csv.gz", 1800)
    assert series.counts[0, 14] == 4.0
    with pytest.raises(HistoryInvalidError, match="cannot be read"):
        read_history(tmp_path / "absent.csv", 1800)


@given(st.text(max_size=60))
def test_no_text_ends_in_anything_but_a_history_or_a_sentence(text: str) -> None:
    with contextlib.suppress(HistoryInvalidError, ForecastInvalidError):
        assert parse_history([HEAD, *text.splitlines()], 1800)
