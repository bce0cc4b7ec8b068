"""Numbers, what may be dialled, softphones, prompts over HTTP, and what the nodes are told."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hotline.domains.channels import actions, errors, queries, rules, softphone
from hotline.domains.enterprise.announcements import NODE, current_version
from hotline.domains.routing.actions import funnel_levels
from hotline.domains.setup_records import TakenError
from hotline.foundation.fields import keyring
from hotline.foundation.models import Membership, Tenant, User
from hotline.messages.configuration import NodeConfiguration
from hotline.telephony.dialling import is_dialable
from hotline.telephony.prompts.catalogue import built_in_prompts
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.setup import (
    administrator_of,
    make_agent,
    make_calendar,
    make_entry_point,
    make_flow,
    make_funnel_level,
    make_module,
    make_prompt,
    make_queue,
)
from tests.unit.domains.channels.test_sound import tone

pytestmark = pytest.mark.django_db


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def node() -> Client:
    return Client(headers={"X-Hotline-Internal": settings.HOTLINE.secret("internal").hex()})


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("962740", "962740"),
        ("021-6300 0000", "02163000000"),
        ("+86 (21) 6300.0000", "862163000000"),
        ("10086", "10086"),
    ],
)
def test_number_is_kept_without_separators(written: str, kept: str) -> None:
    assert rules.checked_address("voice", written) == kept


@pytest.mark.parametrize("written", ["", "abc", "sip:110", "1" * 21, "+", "９６２７４０", "12;34", "5"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(errors.AddressError):
        rules.checked_address("voice", written)


def test_number_belongs_to_one_tenant_only(water: Tenant) -> None:
    make_entry_point(water, "962-740")
    with pytest.raises(TakenError, match="962740"):
        make_entry_point(make_tenant("gas"), "+962740")


@given(
    number=st.text(alphabet="0123456789+ -.()x", max_size=24),
    allow=st.lists(st.sampled_from(["021", "1390000", "+44", "9"]), max_size=3),
    emergency=st.lists(st.sampled_from(["96110", "999"]), max_size=2),
)
def test_web_allows_nothing_that_the_node_would_refuse(number: str, allow: list[str], emergency: list[str]) -> None:
    everywhere = [*rules.ALWAYS_EMERGENCY, *emergency]
    try:
        bare = rules.dialable_number(number, allow, emergency)
    except errors.NumberNotAllowedError:
        assert not is_dialable(number, allow, everywhere)
        return
    assert is_dialable(bare, allow, everywhere)


def _seal(client: Client, number: str) -> Any:
    body = msgspec.json.encode({"number": number})
    return client.post("/api/v1/desk/numbers/seal", body, content_type="application/json")


def test_allowed_number_is_sealed_for_the_node(water: Tenant) -> None:
    actions.outbound_prefixes.create(administrator_of(water), {"prefix": "021"})
    agent = client_of(make_user(tenant=water, role="agent"))
    sealed = _seal(agent, "021-6300 0000").json()["sealed"]
    assert "63000000" not in sealed
    assert keyring().open_text(sealed, "transfer-number") == "02163000000"
    assert keyring().open_text(_seal(agent, "110").json()["sealed"], "transfer-number") == "110"


def test_number_outside_the_tenants_own_list_is_refused(water: Tenant) -> None:
    actions.outbound_prefixes.create(administrator_of(make_tenant("gas")), {"prefix": "021"})
    answer = _seal(client_of(make_user(tenant=water, role="agent")), "02163000000")
    assert (answer.status_code, answer.json()["code"]) == (403, "channels.number_not_allowed")
    assert _seal(client_of(make_user(tenant=water, role="planner")), "110").status_code == 403


def test_empty_prefix_would_allow_everything_and_is_refused(water: Tenant) -> None:
    for prefix in ("", "+", "abc", "-"):
        with pytest.raises(errors.PrefixError):
            actions.outbound_prefixes.create(administrator_of(water), {"prefix": prefix})


def test_softphone_and_node_agree_on_user_and_password(water: Tenant) -> None:
    user = make_user(tenant=water, role="agent")
    agent = make_agent(water, user_id=user.pk, device="sip_phone")
    shown = client_of(user).get("/api/v1/desk/softphone").json()
    told = next(found for found in queries.current_node_configuration().devices if found.user_id == str(user.pk))
    assert (shown["sip_user"], shown["sip_password"]) == (told.sip_user, told.sip_password)
    assert (told.agent_id, told.kind, shown["kind"]) == (str(agent), "sip_phone", "sip_phone")
    assert shown["sip_uri"].startswith(f"sip:{told.sip_user}@")
    assert (shown["ws_path"], shown["resume_target"]) == ("/sip", "resume")


def test_softphone_credentials_follow_the_agreed_derivation() -> None:
    user_id = "018f0000-0000-7000-8000-000000000001"
    assert softphone.sip_user(user_id) == "ad604c61b95eb"
    assert softphone.sip_password(user_id, b"one") == "4637a0040c61d1625f48802d5bc2f6bb"
    assert softphone.sip_password(user_id, b"two") != softphone.sip_password(user_id, b"one")


def test_telephones_are_for_those_who_talk_or_listen(water: Tenant) -> None:
    people = {role: make_user(tenant=water, role=role) for role in ("agent", "supervisor", "planner")}
    gone = make_user(tenant=water, role="agent", is_active=False)
    told = {device.user_id for device in queries.current_node_configuration().devices}
    assert {str(people["agent"].pk), str(people["supervisor"].pk)} <= told
    assert not {str(people["planner"].pk), str(gone.pk)} & told


def test_node_configuration_holds_every_tenants_set_up(water: Tenant, node: Client) -> None:
    gas = make_tenant("gas")
    queue, flow, calendar = make_queue(water), make_flow(water), make_calendar(water)
    point = make_entry_point(water, "962740", flow_id=flow, fallback_queue_id=queue, recording="always")
    other = make_entry_point(gas, "95598", is_simulated=True)
    make_entry_point(gas, "95599", is_active=False)
    answer = node.get("/internal/node-configuration")
    told = msgspec.json.decode(answer.content, type=NodeConfiguration)
    found = {entry.entry_point_id: entry for entry in told.entry_points}
    assert set(found) == {str(point), str(other)}
    assert (found[str(point)].address, found[str(point)].recording) == ("962740", "always")
    assert found[str(point)].fallback_queue_id == str(queue)
    assert found[str(other)].is_simulated
    assert told.queue_names[str(queue)].keys() == {"zh", "en"}
    assert [row.calendar_id for row in told.calendars] == [str(calendar)]
    assert set(told.emergency_numbers) >= {"110", "119", "120"}


def test_unchanged_node_configuration_answers_304(water: Tenant, node: Client) -> None:
    first = node.get("/internal/node-configuration")
    etag = first.headers["ETag"]
    assert node.get("/internal/node-configuration", headers={"If-None-Match": etag}).status_code == 304
    make_queue(water)
    again = node.get("/internal/node-configuration", headers={"If-None-Match": etag})
    assert again.status_code == 200
    assert msgspec.json.decode(again.content, type=NodeConfiguration).version > int(etag.strip('"'))


@pytest.mark.parametrize("path", ["node-configuration", "prompts/01a20000-0000-7000-8000-000000000000?language=zh"])
def test_internal_routes_need_the_internal_secret(path: str, water: Tenant) -> None:
    administrator = client_of(make_user(tenant=water))
    assert administrator.get(f"/internal/{path}").status_code == 403
    assert Client(headers={"X-Hotline-Internal": "0" * 64}).get(f"/internal/{path}").status_code == 403


def test_user_who_left_is_announced_to_the_nodes(water: Tenant) -> None:
    user = make_user(tenant=water, role="agent")
    actions.announce_silent_changes()  # the first look only remembers
    assert not actions.announce_silent_changes()
    before = queries.current_node_version()
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert actions.announce_silent_changes()
    assert queries.current_node_version() == before + 1
    Membership.objects.create(user=make_user(), tenant=water, role="agent")
    assert actions.announce_silent_changes()


def _upload(client: Client, prompt: UUID, body: bytes, language: str = "zh") -> Any:
    file = SimpleUploadedFile("voice.wav", body, "audio/wav")
    return client.post(f"/api/v1/admin/prompts/{prompt}/recordings", {"language": language, "file": file})


def test_uploaded_prompt_reaches_the_nodes_as_telephone_sound(water: Tenant, node: Client) -> None:
    prompt = make_prompt(water)
    client = client_of(make_user(tenant=water))
    answer = _upload(client, prompt, tone(rate=44100, channels=2))
    assert answer.status_code == 201, answer.content
    told = queries.current_node_configuration().prompts
    assert [(found.prompt_id, found.language) for found in told] == [(str(prompt), "zh")]
    wav = node.get(f"/internal/prompts/{prompt}?language=zh").content
    assert wav == client.get(f"/api/v1/admin/prompts/{prompt}/recordings/zh/audio").content
    assert answer.json()["recordings"][0]["sha256"] == told[0].sha256
    assert node.get(f"/internal/prompts/{prompt}?language=en").status_code == 404


def test_second_upload_replaces_the_first_and_removal_takes_it_away(water: Tenant) -> None:
    prompt = make_prompt(water)
    client = client_of(make_user(tenant=water))
    first = _upload(client, prompt, tone()).json()["recordings"][0]["sha256"]
    second = _upload(client, prompt, tone(hertz=880)).json()["recordings"]
    assert len(second) == 1
    assert second[0]["sha256"] != first
    url = f"/api/v1/admin/prompts/{prompt}/recordings/zh"
    assert client.delete(url).json()["recordings"] == []
    assert client.delete(url).status_code == 404
    assert queries.current_node_configuration().prompts == ()


def test_unusable_upload_is_told_and_keeps_nothing(water: Tenant) -> None:
    prompt = make_prompt(water)
    answer = _upload(client_of(make_user(tenant=water)), prompt, b"not a wave file")
    assert (answer.status_code, answer.json()["code"]) == (422, "channels.sound_format")
    assert queries.current_node_configuration().prompts == ()


def test_other_tenants_prompt_is_not_found(water: Tenant) -> None:
    prompt = make_prompt(water)
    assert _upload(client_of(make_user(tenant=water)), prompt, tone()).status_code == 201
    stranger = client_of(make_user(tenant=make_tenant("gas")))
    url = f"/api/v1/admin/prompts/{prompt}/recordings"
    assert _upload(stranger, prompt, tone()).status_code == 404
    assert stranger.get(f"{url}/zh/audio").status_code == 404
    assert stranger.delete(f"{url}/zh").status_code == 404


def test_flows_may_use_every_built_in_prompt() -> None:
    assert queries.built_in_prompts().keys() == set(built_in_prompts())


def test_nodes_know_where_contacts_about_each_business_begin_and_go_on(water: Tenant, node: Client) -> None:
    wide, expert = make_queue(water), make_queue(water)
    make_funnel_level(water, 1)  # self-service
    level = make_funnel_level(water, 2, wide)
    make_funnel_level(water, 4, expert)
    modules = {grade: str(make_module(water, grade)) for grade in (1, 3, 5)}

    def told() -> dict[str, tuple[str, ...]]:
        answer = node.get("/internal/node-configuration")
        read = msgspec.json.decode(answer.content, type=NodeConfiguration)
        return {one.module_id: one.queue_ids for one in read.businesses}

    assert told() == {modules[1]: (str(wide), str(expert)), modules[3]: (str(expert),), modules[5]: ()}
    before = current_version(NODE)
    funnel_levels.change(administrator_of(water), level, 1, {"number": 3})
    assert current_version(NODE) > before  # the nodes ask anew
    assert told()[modules[3]] == (str(wide), str(expert))
