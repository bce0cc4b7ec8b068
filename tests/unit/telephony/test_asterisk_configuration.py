"""The files that our Asterisk runs on."""

import stat
from pathlib import Path

import msgspec
import pytest

from hotline.telephony.asterisk_configuration import (
    AsteriskOptions,
    ConfigurationError,
    parse_trunk,
    render_configuration,
    write_configuration,
    write_fallback_members,
)
from hotline.telephony.installation import Installation
from hotline.telephony.modules import WANTED_MODULES

INSTALLATION = Installation(
    version="22.1.0", command=("asterisk",), modules_dir="/m", data_dir="/d", library_dir="/l", is_private=True
)


@pytest.fixture
def options(tmp_path: Path) -> AsteriskOptions:
    return AsteriskOptions(
        directory=tmp_path / "voice",
        http_port=8403,
        sip_port=5060,
        sip_tls_port=5061,
        rtp_port_low=20000,
        rtp_port_high=20999,
        user="hotline",
        password="s3cret",
        music_dir=tmp_path / "music",
        bind_address="127.0.0.1",
    )


@pytest.mark.parametrize(
    ("address", "match", "uri"),
    [
        ("192.0.2.10", "192.0.2.10", "sip:192.0.2.10:5060"),
        ("192.0.2.10:5080", "192.0.2.10", "sip:192.0.2.10:5080"),
        ("192.0.2.10:5061;transport=tls", "192.0.2.10", "sip:192.0.2.10:5061\\;transport=tls"),
        ("192.0.2.7/24", "192.0.2.0/24", None),
        ("2001:db8::1", "2001:db8::1", "sip:[2001:db8::1]:5060"),
        ("[2001:db8::1]:5070", "2001:db8::1", "sip:[2001:db8::1]:5070"),
    ],
)
def test_trunk_addresses(address: str, match: str, uri: str | None) -> None:
    trunk = parse_trunk(address)
    assert (trunk.match, trunk.outbound_uri) == (match, uri)


@pytest.mark.parametrize(
    "address", ["", "carrier.example", "192.0.2.10:port", "192.0.2.10;transport=ws", "192.0.2.10\n[x]", "0.0.0.0/0/1"]
)
def test_other_trunk_addresses_are_refused_with_advice(address: str) -> None:
    with pytest.raises(ConfigurationError, match="Write an IP address"):
        parse_trunk(address)


def test_every_wanted_module_is_loaded_and_no_other(options: AsteriskOptions) -> None:
    lines = render_configuration(options, INSTALLATION)["modules.conf"].splitlines()
    assert "autoload = no" in lines
    assert [line for line in lines if line.startswith("load")] == [f"load = {name}.so" for name in WANTED_MODULES]


@pytest.mark.parametrize("module", ["res_pjsip_refer", "res_pjsip_endpoint_identifier_anonymous", "app_system"])
def test_doors_for_fraud_stay_shut(module: str) -> None:
    assert module not in WANTED_MODULES


def test_trunk_is_known_by_its_address_and_never_by_a_name(options: AsteriskOptions) -> None:
    text = render_configuration(options, INSTALLATION)["pjsip.conf"]
    assert "identify_by = ip\n" in text[text.index("[trunk]") : text.index("type = aor")]


def test_calls_from_the_websocket_are_not_the_trunks(options: AsteriskOptions) -> None:
    text = render_configuration(options, INSTALLATION)["extensions.conf"]
    assert '"${CHANNEL(pjsip,local_addr)}" = "127.0.0.1:8403"' in text


def test_tls_only_with_a_certificate(options: AsteriskOptions, tmp_path: Path) -> None:
    assert "protocol = tls" not in render_configuration(options, INSTALLATION)["pjsip.conf"]
    with_tls = msgspec.structs.replace(options, tls_certificate=tmp_path / "c.pem", tls_key=tmp_path / "k.pem")
    assert "bind = 127.0.0.1:5061" in render_configuration(with_tls, INSTALLATION)["pjsip.conf"]


def test_offered_addresses_are_written(options: AsteriskOptions) -> None:
    mapped = msgspec.structs.replace(options, media_map={"10.0.0.4": "203.0.113.9"}, external_address="203.0.113.9")
    files = render_configuration(mapped, INSTALLATION)
    assert "10.0.0.4 => 203.0.113.9" in files["rtp.conf"]
    assert "external_media_address = 203.0.113.9" in files["pjsip.conf"]


def test_no_outside_server_is_named(options: AsteriskOptions) -> None:
    everything = "\n".join(render_configuration(options, INSTALLATION).values())
    assert "stun" not in everything
    assert "http://" not in everything


def test_files_are_for_their_owner_only(options: AsteriskOptions) -> None:
    write_configuration(options, INSTALLATION)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in options.etc_dir.iterdir()}
    assert modes == {0o600}


def test_fingerprint_changes_with_the_configuration_only(options: AsteriskOptions) -> None:
    first = write_configuration(options, INSTALLATION)
    write_fallback_members(options.etc_dir, ["a1"])
    assert write_configuration(options, INSTALLATION) == first
    assert write_configuration(msgspec.structs.replace(options, sip_port=5070), INSTALLATION) != first


def test_static_queue_members_are_written_when_they_change(options: AsteriskOptions) -> None:
    write_configuration(options, INSTALLATION)
    assert write_fallback_members(options.etc_dir, ["b2", "a1"])
    assert not write_fallback_members(options.etc_dir, ["a1", "b2"])
    text = (options.etc_dir / "fallback_members.conf").read_text()
    assert text == "member => PJSIP/a1\nmember => PJSIP/b2\n"


def test_path_that_would_start_a_comment_is_refused(options: AsteriskOptions) -> None:
    with pytest.raises(ConfigurationError, match="without ;"):
        render_configuration(msgspec.structs.replace(options, directory=Path("/tmp/a;b")), INSTALLATION)


def test_trunk_is_given_up_on_by_the_options_times(options: AsteriskOptions) -> None:
    changed = msgspec.structs.replace(
        options, trunk_media_timeout_s=7, trunk_hold_timeout_s=70, trunk_session_expires_s=700
    )
    trunk = render_configuration(changed, INSTALLATION)["pjsip.conf"].partition("[trunk]")[2]
    for line in ("rtp_timeout = 7", "rtp_timeout_hold = 70", "timers = always", "timers_sess_expires = 700"):
        assert f"\n{line}\n" in trunk
