"""Retention in a whole centre: a preserved contact outlives its tenant's rule; another's recording goes, and its page
says so."""

import urllib.request
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import msgspec

from hotline.foundation.models import Tenant
from hotline.kernel.clock import SystemClock
from hotline.kernel.ids import new_id
from hotline.kernel.settings import Settings
from tests.browser.conftest import OpenWindow
from tests.centre import ADMINISTRATOR, Centre
from tests.factories.contacts import Call
from tests.floor import until

LONG_AGO_MS = 181 * 24 * 3600 * 1000
SUPERVISOR = "manager"
COMPLAINT = "complaint 2026-0042"


@dataclass(frozen=True)
class Recorded:
    """A contact of long ago and its recording's file."""

    contact_id: str
    file: Path


def recorded(centre: Centre, tenant_id: str) -> Recorded:
    """Told by a node, as it would: the recording began more than 180 days ago."""
    settings = Settings(data_dir=centre.data_dir)
    call, recording_id = Call(Tenant(pk=UUID(tenant_id))), new_id()
    path = f"{tenant_id}/2026/02/{recording_id}.sealed"
    file = settings.recordings_dir / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"sealed")
    recording = msgspec.structs.replace(
        call.recording(recording_id, path), started_at_ms=SystemClock().now_ms() - LONG_AGO_MS
    )
    told = [call.arrived(), call.left("contained"), recording]
    request = urllib.request.Request(
        f"http://127.0.0.1:{centre.web_port}/internal/facts",
        msgspec.json.encode(told),
        {"Content-Type": "application/json", "X-Hotline-Internal": settings.secret("internal").hex()},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 200
    return Recorded(call.contact_id, file)


async def test_what_is_preserved_stays_and_the_other_recording_says_when_it_went(
    centre: Centre, open_window: OpenWindow
) -> None:
    (tenant, *_) = centre.log_in(SUPERVISOR).get("/api/v1/me")["tenants"]
    kept, erased = (recorded(centre, tenant["tenant_id"]) for _ in range(2))
    window = await open_window(SUPERVISOR)
    page = window.page
    await page.goto(f"{centre.url}/contacts/{kept.contact_id}")
    await page.get_by_role("button", name="保全…").click()
    await page.get_by_role("dialog").get_by_role("textbox").fill(COMPLAINT)
    await page.get_by_role("dialog").locator("button[type=submit]").click()
    await page.get_by_text(COMPLAINT).wait_for()
    centre.wait_for_restart("worker", centre.kill("worker"))  # its house-keeping begins anew, not only within the hour
    await until(lambda: not erased.file.exists(), "the file is gone")
    await page.goto(f"{centre.url}/contacts/{erased.contact_id}")
    notice = page.get_by_test_id("erased-recording")
    await notice.wait_for()
    assert "录音保存 180 天" in await notice.inner_text()
    assert await page.get_by_test_id("open-recording").count() == 0
    assert kept.file.exists()
    await page.goto(f"{centre.url}/contacts/{kept.contact_id}")
    await page.get_by_test_id("open-recording").wait_for()
    await page.get_by_role("button", name="解除保全").click()
    await page.locator(".ant-popconfirm-buttons .ant-btn-primary").click()
    await page.get_by_text(COMPLAINT).wait_for(state="detached")


async def test_the_rules_are_set_on_the_tenants_page(centre: Centre, open_window: OpenWindow) -> None:
    session = centre.log_in(ADMINISTRATOR)
    page = (await open_window(ADMINISTRATOR)).page
    await page.goto(f"{centre.url}/admin/tenants")
    await page.locator("tbody").get_by_role("button").first.click()
    await page.get_by_role("spinbutton", name="录音保存天数").fill("365")
    await page.get_by_role("spinbutton", name="联络个人资料保存月数").fill("24")
    await page.get_by_role("dialog").locator("button[type=submit]").click()
    await page.get_by_role("cell", name="365", exact=True).wait_for()
    (tenant, *_) = session.get("/api/v1/tenants")
    assert (tenant["recording_days"], tenant["contact_months"]) == (365, 24)
    change = {"version": tenant["version"], "recording_days": 180, "contact_months": 0}
    assert session.request("PATCH", f"/api/v1/tenants/{tenant['tenant_id']}", change)[0] == 200
