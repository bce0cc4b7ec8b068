"""A local certificate for the front door, made at first start when the operator gave none.

Browsers give no microphone without HTTPS except on localhost, so even a trial needs one."""

import ipaddress
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hotline.kernel.settings import Settings

_VALID_DAYS = 825  # the longest that browsers accept


def certificate_files(settings: Settings) -> tuple[Path, Path]:
    """Certificate and key: the operator's own, or local ones that are made (again, when about to expire)."""
    if settings.tls_certificate and settings.tls_key:
        return settings.tls_certificate, settings.tls_key
    directory = settings.data_dir / "tls"
    certificate, key = directory / "local.crt", directory / "local.key"
    if not (certificate.exists() and key.exists() and _is_valid_for_a_month(certificate)):
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(certificate, key, settings.public_host)
    return certificate, key


def _is_valid_for_a_month(path: Path) -> bool:
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    return certificate.not_valid_after_utc > datetime.now(UTC) + timedelta(days=30)


def _make(certificate_path: Path, key_path: Path, public_host: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Hotline local certificate")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=_VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName(_names(public_host)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    descriptor = os.open(key_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(private)
    certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _names(public_host: str) -> list[x509.GeneralName]:
    """Every name under which this machine may be reached."""
    hosts = ["localhost", socket.gethostname(), *([public_host] if public_host else [])]
    addresses = {"127.0.0.1", "::1"}
    try:
        addresses.update(str(entry[4][0]).split("%")[0] for entry in socket.getaddrinfo(socket.gethostname(), None))
    except OSError:
        pass  # A machine whose own name does not resolve is still reached as localhost.
    names: list[x509.GeneralName] = []
    for host in dict.fromkeys(hosts):
        try:
            names.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            names.append(x509.DNSName(host))
    return names + [x509.IPAddress(ipaddress.ip_address(address)) for address in sorted(addresses)]
