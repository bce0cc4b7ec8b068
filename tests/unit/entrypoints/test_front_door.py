"""The front door's certificate and configuration are accepted by those who read them."""

import http.client
import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509

from hotline.entrypoints import front_door
from hotline.entrypoints.certificate import certificate_files
from hotline.entrypoints.front_door import front_door_command, render
from hotline.kernel.settings import Settings
from tests.front_door import opened_front_door
from tests.ports import free_ports


def test_local_certificate_is_made_once_and_names_this_machine(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, public_host="hotline.example")
    certificate, key = certificate_files(settings)
    made = certificate.read_bytes()
    assert certificate_files(settings)[0].read_bytes() == made
    names = x509.load_pem_x509_certificate(made).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {"localhost", "hotline.example"} <= set(names.get_values_for_type(x509.DNSName))
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)


def test_the_operators_own_certificate_is_taken(tmp_path: Path) -> None:
    own = Settings(data_dir=tmp_path, tls_certificate=tmp_path / "own.crt", tls_key=tmp_path / "own.key")
    assert certificate_files(own) == (tmp_path / "own.crt", tmp_path / "own.key")


def test_nginx_accepts_the_configuration(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, front_port=0)
    settings.run_dir.mkdir()
    command = front_door_command(settings)
    text = (settings.run_dir / "nginx.conf").read_text().replace("listen 127.0.0.1:0 ssl", "listen 127.0.0.1:65530 ssl")
    (settings.run_dir / "nginx.conf").write_text(text)
    outcome = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stderr


def test_internal_routes_and_metrics_are_not_let_through(tmp_path: Path) -> None:
    text = render(Settings(data_dir=tmp_path))
    assert "location /internal { return 404; }" in text
    assert "location /metrics { return 404; }" in text
    assert 'proxy_set_header X-Hotline-Internal ""' in text


def test_an_asterisk_of_ones_own_is_reached_at_its_address(tmp_path: Path) -> None:
    assert "server 10.1.2.3:8089;" in render(Settings(data_dir=tmp_path, ari_url="http://10.1.2.3:8089"))


def test_on_one_machine_browsers_come_by_the_gateways_file_and_else_by_its_port(tmp_path: Path) -> None:
    text = render(Settings(data_dir=tmp_path, switch_port=8402))
    by_file = f"server unix:{tmp_path.absolute()}/run/live.sock max_fails=0;"
    assert f"upstream gateway {{ {by_file} server 127.0.0.1:8402 max_fails=0 backup; }}" in text


def test_every_gateway_is_tried_where_switches_stand_by(tmp_path: Path) -> None:
    text = render(Settings(data_dir=tmp_path, gateway_addresses=("10.0.0.1:8402", "10.0.0.2:8402")))
    assert "upstream gateway { server 10.0.0.1:8402 max_fails=0; server 10.0.0.2:8402 max_fails=0; }" in text


def test_a_window_is_brought_past_a_gateway_that_is_frozen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its machine goes on taking connections, and nobody answers them."""
    monkeypatch.setattr(front_door, "_LIVE_SILENT_MS", 500)
    with socket.create_server(("127.0.0.1", 0)) as frozen, HTTPServer(("127.0.0.1", 0), _Answers) as leads:
        threading.Thread(target=leads.serve_forever).start()
        gateways = tuple(f"127.0.0.1:{port}" for port in (frozen.getsockname()[1], leads.server_port))
        port, web_port = free_ports(2)
        settings = Settings(data_dir=tmp_path, front_port=port, web_port=web_port, gateway_addresses=gateways)
        with opened_front_door(settings):
            answers = [_asked(port, "GET", "/live", "en")[0].status for _ in range(2)]
        leads.shutdown()
    assert answers == [204, 204]


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Nobody reads it."""


# --- web is away ------------------------------------------------------------------------------------------------------


@pytest.fixture
def door(tmp_path: Path) -> Iterator[int]:
    """The port of a front door behind which nobody is."""
    port, web_port = free_ports(2)
    settings = Settings(data_dir=tmp_path, front_port=port, web_port=web_port)
    with opened_front_door(settings):
        yield port


def _asked(port: int, method: str, path: str, language: str) -> tuple[http.client.HTTPResponse, str]:
    context = ssl._create_unverified_context()
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=10)
    connection.request(method, path, headers={"Accept-Language": language})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer, text


def test_a_page_says_that_web_is_away_and_comes_back_by_itself(door: int) -> None:
    answer, text = _asked(door, "GET", "/desk", "zh-CN")
    assert (answer.status, answer.getheader("Retry-After")) == (503, "3")
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.getheader("Strict-Transport-Security")
    assert answer.getheader("Content-Type") == "text/html; charset=utf-8"
    assert "http-equiv=refresh" in text
    assert "自动刷新" in text
    assert "comes back by itself" in text


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/api/v1/me", "/_allauth/browser/v1/auth/login", "/api/v1/calendar/x"])
def test_the_api_refuses_in_the_readers_language_while_web_is_away(door: int, method: str, path: str) -> None:
    for language, words in (("zh-CN,zh;q=0.9", "稍候"), ("en", "try again")):
        answer, text = _asked(door, method, path, language)
        refusal = json.loads(text)
        assert (answer.status, refusal["code"], refusal["data"]) == (503, "web.away", {})
        assert words in refusal["sentence"]
