"""Forecasts by brand, channel and site through the API, made by the real player from contacts as they are stored."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hotline.domains.workforce import forecast_effects, forecast_parts
from hotline.domains.workforce.models import ForecastChange
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories import call_history, parted_contacts, setup
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.parted_contacts import Batch
from tests.unit.domains.workforce.test_forecasts import FORECASTS, body_of, made, play, post

pytestmark = pytest.mark.django_db
TODAY = datetime.now(call_history.ZONE).date()
DAYS = [TODAY - timedelta(days=ago) for ago in range(60, 0, -1)]
NORTH_AGENT, SOUTH_AGENT, HOME_AGENT = uuid4(), uuid4(), uuid4()
MORNING, EVENING = 9 * 60, 19 * 60


class Centre:
    """Each day: at 9 twelve calls of brand a (the north answers nine, three give up) and four chats of brand b (the
    south); at 19 four calls of brand a (somebody at home) and twelve letters of brand b (the south), which take twice
    as long."""

    def __init__(self) -> None:
        self.tenant: Tenant = make_tenant(time_zone="Asia/Shanghai")
        self.queue: UUID = setup.make_queue(self.tenant, code="lines")
        self.north, self.south = (setup.make_site(self.tenant, code=code) for code in ("north", "south"))
        self.planner: Client = client_of(make_user(tenant=self.tenant, role="planner", language="en"))
        batches = [
            Batch(MORNING, 9, "voice", "a", NORTH_AGENT),
            Batch(MORNING, 3, "voice", "a"),
            Batch(MORNING, 4, "chat", "b", SOUTH_AGENT),
            Batch(EVENING, 4, "voice", "a", HOME_AGENT),
            Batch(EVENING, 12, "letter", "b", SOUTH_AGENT, handle_s=400),
        ]
        parted_contacts.write_contacts(self.tenant, self.queue, DAYS, batches, call_history.ZONE)
        began = datetime.combine(DAYS[0] - timedelta(days=1), datetime.min.time(), UTC)
        for site, agent in ((self.north, NORTH_AGENT), (self.south, SOUTH_AGENT)):
            parted_contacts.seat(self.tenant, site, agent, began)

    def forecast(self, days: int = 7) -> dict[str, Any]:
        found = made(self.planner, body_of(TODAY, days))
        assert found["run"]["state"] == "done", found["run"]["sentence"]
        return found

    def curve(self, forecast: dict[str, Any], **query: str) -> dict[str, Any]:
        answer = self.planner.get(f"{FORECASTS}/{forecast['id']}/curve", query)
        assert answer.status_code == 200, answer.content
        return dict(answer.json())

    def day(self, forecast: dict[str, Any], **query: str) -> tuple[float, float]:
        """Contacts expected in the half-hours from 9 and from 19 on the first day."""
        expected = self.curve(forecast, day=TODAY.isoformat(), **query)["expected"]
        assert sum(expected) == pytest.approx(expected[18] + expected[38])
        return expected[18], expected[38]


def test_parts_follow_the_hour_and_add_up_to_their_queue() -> None:
    centre = Centre()
    found = centre.forecast()
    morning, evening = centre.day(found)
    assert (morning, evening) == (pytest.approx(16, rel=0.05), pytest.approx(16, rel=0.05))
    voice, chat, letter = (centre.day(found, channel=name) for name in ("voice", "chat", "letter"))
    assert voice == (pytest.approx(12, rel=0.1), pytest.approx(4, rel=0.15))
    assert chat == (pytest.approx(4, rel=0.1), pytest.approx(0, abs=0.2))
    assert letter == (pytest.approx(0, abs=0.3), pytest.approx(12, rel=0.1))
    for at, whole in enumerate((morning, evening)):
        assert voice[at] + chat[at] + letter[at] == pytest.approx(whole, abs=0.02)
    brand_a, brand_b = (centre.day(found, brand=name) for name in ("a", "b"))
    assert brand_a == (pytest.approx(12, rel=0.1), pytest.approx(4, rel=0.15))
    for at, whole in enumerate((morning, evening)):
        assert brand_a[at] + brand_b[at] == pytest.approx(whole, abs=0.02)


def test_sites_are_those_that_answered_and_share_those_whom_nobody_did() -> None:
    centre = Centre()
    found = centre.forecast()
    north, south, home = (centre.day(found, site=site) for site in (str(centre.north), str(centre.south), ""))
    assert north == (pytest.approx(16 * 9 / 13, rel=0.1), pytest.approx(0, abs=0.3))
    assert south == (pytest.approx(16 * 4 / 13, rel=0.15), pytest.approx(12, rel=0.1))
    assert home == (pytest.approx(0, abs=0.3), pytest.approx(4, rel=0.15))
    whole = centre.day(found)
    assert [sum(part) for part in zip(north, south, home, strict=True)] == pytest.approx(list(whole), abs=0.03)


def test_the_forecast_tells_its_parts_with_their_handle_times() -> None:
    centre = Centre()
    found = centre.forecast()
    parts = {(one["by"], one["name"]): one for one in found["parts"]}
    assert set(parts) == {
        *(("channel", name) for name in ("voice", "chat", "letter")),
        *(("site", name) for name in (str(centre.north), str(centre.south), "")),
    }
    for cut in ("channel", "site"):
        own = [one for (by, _name), one in parts.items() if by == cut]
        assert sum(one["calls"] for one in own) == pytest.approx(sum(one["calls"] for one in found["series"]), abs=0.5)
        assert sum(one["share"] for one in own) == pytest.approx(1, abs=1e-3)
    assert parts["site", str(centre.north)]["site_name"]["en"]
    assert parts["channel", "voice"]["site_name"] is None
    letters, calls = (parts["channel", name] for name in ("letter", "voice"))
    assert letters["handle_s"] / calls["handle_s"] == pytest.approx(2, rel=0.25)
    work = sum(one["calls"] * one["handle_s"] for (by, _name), one in parts.items() if by == "channel")
    whole = sum(one["calls"] * one["handle_s"] for one in found["series"])
    assert work == pytest.approx(whole, rel=0.005)


def test_days_of_a_part_have_bounds_and_the_counts_that_were_learnt() -> None:
    centre = Centre()
    found = centre.forecast()
    curve = centre.curve(found, channel="voice")
    assert curve["actual"][:56] == [16.0] * 56
    assert curve["actual"][56:] == [None] * 7
    for low, expected, high in zip(curve["low"][56:], curve["expected"][56:], curve["high"][56:], strict=True):
        assert low < expected < high
        assert expected == pytest.approx(16, rel=0.1)
    north = centre.curve(found, site=str(centre.north), queue_id=str(centre.queue))
    assert north["actual"][:56] == [9.0] * 56


def test_a_planners_change_is_shared_by_the_parts() -> None:
    centre = Centre()
    found = centre.forecast()
    before = centre.day(found, channel="chat")
    change = {
        "version": found["version"],
        "begins_at": f"{TODAY}T00:00",
        "ends_at": f"{TODAY}T12:00",
        "factor": 2,
        "reason": "a broadcast",
    }
    assert post(centre.planner, f"/{found['id']}/changes", change).status_code == 201
    after = centre.day(found, channel="chat")
    assert after == (pytest.approx(2 * before[0], abs=0.02), pytest.approx(before[1], abs=0.02))


def part_errors(centre: Centre, forecast: dict[str, Any]) -> dict[tuple[str | None, str, str], dict[str, Any]]:
    answer = centre.planner.get(f"{FORECASTS}/{forecast['id']}/part-accuracy")
    assert answer.status_code == 200, answer.content
    return {(one["queue_id"], one["by"], one["name"]): one for one in answer.json()}


def test_channels_and_sites_are_compared_with_what_came_also_by_days_ahead() -> None:
    """Two weeks gone by, which were not learnt from, and on the last day forty chats more, which nobody answered."""
    centre = Centre()
    more = [Batch(MORNING + 15, 40, "chat", "b")]
    parted_contacts.write_contacts(centre.tenant, centre.queue, [DAYS[-1]], more, call_history.ZONE)
    found = made(centre.planner, body_of(TODAY - timedelta(days=14), 14))
    rows = part_errors(centre, found)
    queue = str(centre.queue)
    assert set(rows) == {
        *((queue, "channel", name) for name in ("voice", "chat", "letter")),
        *((queue, "site", name) for name in (str(centre.north), str(centre.south), "")),
    }
    voice, chat = (rows[queue, "channel", name] for name in ("voice", "chat"))
    assert (voice["days"], voice["actual"], chat["actual"]) == (14, 14 * 16, 14 * 4 + 40)
    assert voice["day_wape"] < 0.1 < chat["day_wape"]
    assert abs(voice["bias"]) < 0.1
    assert chat["bias"] == pytest.approx(-40 / 96, abs=0.05)
    reaches = [(one["from_day"], one["to_day"], one["days"]) for one in chat["by_days_ahead"]]
    assert reaches == [(1, 1, 1), (2, 7, 6), (8, 14, 7)]
    assert [one["bias"] > -0.1 for one in chat["by_days_ahead"]] == [True, True, False]
    north = rows[queue, "site", str(centre.north)]
    # The chats that nobody answered are shared as the answered contacts of their hour: nine of thirteen in the north.
    assert north["actual"] == pytest.approx((14 * 16 + 40) * 9 / 13, abs=0.5)
    assert north["site_name"]["en"]
    assert voice["site_name"] is None
    sites = [one for (_, by, _name), one in rows.items() if by == "site"]
    assert sum(one["actual"] for one in sites) == pytest.approx(14 * 32 + 40, abs=0.5)


def test_parts_of_all_queues_are_added_up_where_there_are_several() -> None:
    centre = Centre()
    second = setup.make_queue(centre.tenant, code="second")
    parted_contacts.write_contacts(centre.tenant, second, DAYS, [Batch(MORNING, 10, "voice")], call_history.ZONE)
    rows = part_errors(centre, made(centre.planner, body_of(TODAY - timedelta(days=7), 7)))
    assert rows[None, "channel", "voice"]["actual"] == 7 * 26
    assert rows[str(second), "channel", "voice"]["actual"] == 7 * 10
    assert (str(second), "channel", "chat") not in rows


def test_days_to_come_have_nothing_to_compare_with() -> None:
    centre = Centre()
    assert part_errors(centre, centre.forecast()) == {}


def test_the_later_effect_of_a_change_is_told_by_channel_and_site() -> None:
    centre = Centre()
    first = TODAY - timedelta(days=7)
    found = made(centre.planner, body_of(first, 7))
    change = {
        "version": found["version"],
        "begins_at": f"{first}T00:00",
        "ends_at": f"{first}T12:00",
        "factor": 2,
        "reason": "a broadcast",
    }
    assert post(centre.planner, f"/{found['id']}/changes", change).status_code == 201
    assert forecast_effects.judge_changes(datetime.now(UTC), 10) == 1
    (told,) = centre.planner.get(f"{FORECASTS}/{found['id']}").json()["changes"]
    effect = told["effect"]
    parts = {(one["by"], one["name"]): one for one in effect["parts"]}
    voice, chat = parts["channel", "voice"], parts["channel", "chat"]
    assert (effect["actual"], voice["actual"], chat["actual"]) == (16, 12, 4)
    assert voice["missed_after"] - voice["missed_before"] == pytest.approx(12, abs=2)
    assert chat["missed_after"] - chat["missed_before"] == pytest.approx(4, abs=1)
    north = parts["site", str(centre.north)]
    assert north["actual"] == pytest.approx(16 * 9 / 13, abs=0.1)
    assert north["site_name"]["en"]
    with tenant_scope(centre.tenant.pk):  # as it was noted before parts were
        row = ForecastChange.objects.get()
        row.effect = {name: value for name, value in row.effect.items() if name != "parts"}
        row.save()
    (told,) = centre.planner.get(f"{FORECASTS}/{found['id']}").json()["changes"]
    assert told["effect"]["parts"] == []


def test_errors_by_part_are_the_tenants_own_and_for_planners() -> None:
    centre = Centre()
    found = centre.forecast()
    path = f"{FORECASTS}/{found['id']}/part-accuracy"
    other = client_of(make_user(tenant=make_tenant(), role="planner"))
    agent = client_of(make_user(tenant=centre.tenant, role="agent"))
    assert (other.get(path).status_code, agent.get(path).status_code) == (404, 403)


def test_each_cut_can_be_downloaded_and_sums_to_the_whole() -> None:
    centre = Centre()
    found = centre.forecast()
    path = f"{FORECASTS}/{found['id']}/export.csv"
    sums = {}
    for by in ("", "channel", "site"):
        text = centre.planner.get(path, {"by": by} if by else {}).content.decode("utf-8-sig")
        lines = [line.split(",") for line in text.splitlines()]
        assert lines[0][:4] == ["start", "queue", by or "brand", "calls"]
        sums[by] = sum(float(line[3]) for line in lines[1:])
        if by == "site":
            assert {line[2] for line in lines[1:]} == {"north", "south", ""}
    assert sums["channel"] == pytest.approx(sums[""], rel=1e-3)
    assert sums["site"] == pytest.approx(sums[""], rel=1e-3)
    assert centre.planner.get(path, {"by": "moon"}).status_code == 422
    exports = AuditEntry.objects.filter(action="forecast.exported").order_by("pk")
    assert [entry.details.get("by") for entry in exports] == [None, "channel", "site"]


def test_two_cuts_at_once_are_refused() -> None:
    centre = Centre()
    found = centre.forecast()
    answer = centre.planner.get(f"{FORECASTS}/{found['id']}/curve", {"channel": "voice", "site": ""})
    assert (answer.status_code, answer.json()["code"]) == (422, "workforce.forecast_cut")


def test_another_tenants_contacts_seats_and_forecasts_are_not_seen() -> None:
    centre = Centre()
    found = centre.forecast()
    stranger = client_of(make_user(tenant=make_tenant("gas"), role="planner"))
    for query in ({"channel": "voice"}, {"site": str(centre.north)}):
        assert stranger.get(f"{FORECASTS}/{found['id']}/curve", query).status_code == 404
    assert stranger.get(f"{FORECASTS}/{found['id']}/export.csv", {"by": "site"}).status_code == 404
    other = Centre()
    with tenant_scope(other.tenant.pk):
        told = forecast_parts.parts(other.tenant.pk, TODAY - timedelta(days=1), "Asia/Shanghai")
    assert {one["queue"] for one in told} == {str(other.queue)}
    assert {one["name"] for one in told if one["cut"] == "site"} == {str(other.north), str(other.south), ""}
    voice = next(one for one in told if one["name"] == "voice")
    assert np.sum(voice["counts"]) == 56 * 16


def test_an_agent_who_moves_is_counted_where_they_sat_in_that_hour() -> None:
    tenant = make_tenant(time_zone="Asia/Shanghai")
    queue = setup.make_queue(tenant)
    north, south = setup.make_site(tenant), setup.make_site(tenant)
    day: date = DAYS[-1]
    batches = [Batch(MORNING, 2, agent_id=NORTH_AGENT), Batch(EVENING, 3, agent_id=NORTH_AGENT)]
    parted_contacts.write_contacts(tenant, queue, [day], batches, call_history.ZONE)
    begin = datetime.combine(day, datetime.min.time(), call_history.ZONE)
    parted_contacts.seat(tenant, north, NORTH_AGENT, begin, begin + timedelta(hours=12))
    parted_contacts.seat(tenant, south, NORTH_AGENT, begin + timedelta(hours=18), begin + timedelta(hours=22))
    with tenant_scope(tenant.pk):
        told = forecast_parts.parts(tenant.pk, day, "Asia/Shanghai")
    sites = {one["name"]: int(np.sum(one["counts"])) for one in told if one["cut"] == "site"}
    assert sites == {str(north): 2, str(south): 3}


def sent(client: Client, text: str, days: int = 7) -> Any:
    body = {"details": json.dumps(body_of(TODAY, days)), "file": SimpleUploadedFile("h.csv", text.encode())}
    return client.post(f"{FORECASTS}/from-file", body)


def lines_of(first: date, days: int, cells: dict[str, tuple[int, int]], head: str) -> str:
    """Rows at 9 and at 19 of each day: so many calls of each part."""
    rows = [f"start,calls,queue,{head}"]
    for number in range(days):
        day = first + timedelta(days=number)
        for name, both in cells.items():
            rows += [f"{day}T{hour:02}:00,{n},lines,{name}" for hour, n in zip((9, 19), both, strict=True)]
    return "\n".join(rows) + "\n"


def test_channels_and_sites_of_a_file_are_added_up_and_told_apart() -> None:
    tenant = make_tenant(time_zone="Asia/Shanghai")
    setup.make_queue(tenant, code="lines")
    site = setup.make_site(tenant, code="north")
    client = client_of(make_user(tenant=tenant, role="planner", language="en"))
    cells = {"voice,north": (30, 10), "chat,": (10, 30)}
    answer = sent(client, lines_of(TODAY - timedelta(days=70), 70, cells, "channel,site"))
    assert answer.status_code == 202, answer.content
    play()
    found = dict(client.get(f"{FORECASTS}/{answer.json()['id']}").json())
    assert found["run"]["state"] == "done", found["run"]["sentence"]
    day = {"day": TODAY.isoformat()}
    path = f"{FORECASTS}/{found['id']}/curve"
    for query, morning in (({}, 40), ({"channel": "voice"}, 30), ({"channel": "chat"}, 10), ({"site": str(site)}, 30)):
        expected = client.get(path, day | query).json()["expected"]
        assert expected[18] == pytest.approx(morning, rel=0.1), query
        assert sum(expected) == pytest.approx(80 if not query else 40, rel=0.1)
    again = client.get(f"{FORECASTS}/{found['id']}/export.csv", {"by": "channel"}).content.decode("utf-8-sig")
    assert sent(client, again).status_code == 202


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"pigeon,north": (1, 1)}, "workforce.history_channel"),
        ({"voice,moon": (1, 1)}, "workforce.history_site"),
        ({"voice,north": (1, 1), "VOICE,north": (1, 1)}, "workforce.history_twice"),
    ],
)
def test_a_file_of_unknown_parts_is_refused(cells: dict[str, tuple[int, int]], code: str) -> None:
    tenant = make_tenant()
    setup.make_queue(tenant, code="lines")
    setup.make_site(tenant, code="north")
    client = client_of(make_user(tenant=tenant, role="planner"))
    answer = sent(client, lines_of(DAYS[0], 2, cells, "channel,site"))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
