"""The front door's certificate and configuration are accepted by those who read them."""

import ssl
import subprocess
from pathlib import Path

from cryptography import x509

from hotline.entrypoints.certificate import certificate_files
from hotline.entrypoints.front_door import front_door_command, render
from hotline.kernel.settings import Settings


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
