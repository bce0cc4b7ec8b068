"""Switches on other machines: both sides show a certificate of the house's own authority."""

import asyncio
import ipaddress
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hotline.kernel.settings import Settings
from hotline.live.node.switch_connection import SwitchConnection
from hotline.live.switch.node_links import NodeLinks
from hotline.live.switch_address import (
    SocketAddress,
    SwitchAddressError,
    SwitchCertificateError,
    TlsAddress,
    switch_addresses,
    tls_context,
)
from hotline.live.switch_post import SwitchAwayError, SwitchPost
from hotline.messages import routing
from hotline.messages.effects import Acknowledged, NodeHello, SwitchHello, SwitchToNode
from tests.ports import free_ports
from tests.unit.live.switch.house import CONFIGURATION, House

HOST = "127.0.0.1"


class Authority:
    """Signs certificates for machines; each in files as an operator would keep them."""

    def __init__(self, directory: Path, name: str) -> None:
        self._directory, self._name = directory, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.path = directory / f"{name}.crt"
        self._write(self.path, self._signed(self._name, self._key, is_authority=True))

    def _signed(self, name: x509.Name, key: Any, *, is_authority: bool) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(
            issuer_name=self._name,
            subject_name=name,
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=now - timedelta(minutes=1),
            not_valid_after=now + timedelta(days=1),
        ).add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))])
        return builder.add_extension(names, critical=False).sign(self._key, hashes.SHA256())

    def settings(self, machine: str, trusted: "Authority | None" = None, **more: Any) -> Settings:
        """The settings of a machine to which a certificate was issued."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, machine)])
        certificate, private = self._directory / f"{machine}.crt", self._directory / f"{machine}.key"
        self._write(certificate, self._signed(name, key, is_authority=False))
        kinds = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        private.write_bytes(key.private_bytes(*kinds))
        return Settings(
            data_dir=self._directory / machine,
            switch_tls_ca=(trusted or self).path,
            switch_tls_certificate=certificate,
            switch_tls_key=private,
            **more,
        )

    def _write(self, path: Path, certificate: x509.Certificate) -> None:
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House(tmp_path)
    yield opened
    opened.close()


async def served(house: House, settings: Settings, port: int) -> tuple[NodeLinks, asyncio.Task[None]]:
    links = NodeLinks()
    await links.start_tls(HOST, port, tls_context(settings, ssl.Purpose.CLIENT_AUTH))
    links.attach(house.switch)
    return links, asyncio.create_task(house.switch.run())


async def greeted(address: TlsAddress) -> SwitchHello:
    answer: asyncio.Future[SwitchToNode] = asyncio.get_running_loop().create_future()
    connection = await address.open(lambda: SwitchConnection(lambda _, message: answer.set_result(message)))
    try:
        connection.put(NodeHello(node_id="node-9", seen_epoch=0, seen_seq=0))
        closed = asyncio.ensure_future(connection.until_closed())
        await asyncio.wait((answer, closed), timeout=5, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise ConnectionError(closed.result())
        hello = answer.result()
        assert isinstance(hello, SwitchHello)
        return hello
    finally:
        connection.cut()


def of(settings: Settings, port: int) -> TlsAddress:
    (address,) = switch_addresses(settings.model_copy(update={"switch_addresses": (f"{HOST}:{port}",)}))
    assert isinstance(address, TlsAddress)
    return address


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_a_node_of_another_machine_is_greeted_and_the_relay_is_answered(
    house: House, tmp_path: Path, loop: Any
) -> None:
    authority = Authority(tmp_path, "house")
    (port,) = free_ports(1)
    address = of(authority.settings("node"), port)

    async def meet() -> None:
        links, running = await served(house, authority.settings("switch"), port)
        assert (await greeted(address)).epoch == house.switch.log.epoch
        command = house.command(routing.ApplyConfiguration, configuration=CONFIGURATION)
        answer = await asyncio.to_thread(SwitchPost([address]).post, command)
        assert answer == Acknowledged(command_id=command.command_id)
        await links.close()
        house.switch.stop()
        await running

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(meet())


async def test_strangers_are_not_let_in_and_a_strangers_switch_is_not_believed(house: House, tmp_path: Path) -> None:
    ours, theirs = Authority(tmp_path, "ours"), Authority(tmp_path, "theirs")
    (port,) = free_ports(1)
    links, running = await served(house, ours.settings("switch"), port)
    stranger = of(theirs.settings("stranger", trusted=ours), port)
    believer = of(ours.settings("believer", trusted=theirs), port)
    with pytest.raises(ConnectionError):
        await greeted(stranger)
    with pytest.raises(ssl.SSLCertVerificationError):
        await greeted(believer)
    assert links.nodes() == {}
    await links.close()
    house.switch.stop()
    await running


async def test_the_relay_goes_on_to_the_switch_that_leads(house: House, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("gone.sock", "standby.sock", "leader.sock")]
    standby, leader = NodeLinks(), NodeLinks()
    await standby.start(paths[1])
    standby.stand_by()
    await leader.start(paths[2])
    leader.attach(house.switch)
    running = asyncio.create_task(house.switch.run())
    post = SwitchPost([SocketAddress(path) for path in paths])
    for _ in range(2):
        command = house.command(routing.ApplyConfiguration, configuration=CONFIGURATION)
        answer = await asyncio.to_thread(post.post, command)
        assert answer == Acknowledged(command_id=command.command_id)
    await leader.close()
    leader_gone = house.command(routing.ApplyConfiguration, configuration=CONFIGURATION)
    with pytest.raises(SwitchAwayError):
        await asyncio.to_thread(post.post, leader_gone)
    await standby.close()
    house.switch.stop()
    await running


def test_without_any_address_the_switch_of_this_machine_is_meant(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert switch_addresses(settings) == (SocketAddress(settings.switch_socket),)


@pytest.mark.parametrize("text", ["switch.sock", "10.0.0.1:", ":8405", "10.0.0.1:99999", "10.0.0.1:x"])
def test_what_is_no_address_is_said(tmp_path: Path, text: str) -> None:
    with pytest.raises(SwitchAddressError, match="HOTLINE_SWITCH_ADDRESSES"):
        switch_addresses(Settings(data_dir=tmp_path, switch_addresses=(text,)))


def test_missing_certificates_are_said(tmp_path: Path) -> None:
    with pytest.raises(SwitchCertificateError, match="HOTLINE_SWITCH_TLS_CA"):
        switch_addresses(Settings(data_dir=tmp_path, switch_addresses=("10.0.0.1:8405",)))
