"""Typed settings of every role, from the environment (HOTLINE_*) and from a file.

They live in the kernel because Django's settings and the Django-free roles read the same ones. Only entrypoints and
`foundation.django_settings` call `load_settings`; everything else is handed what it needs."""

import os
import secrets
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from hotline.kernel.errors import HotlineError

Port = Annotated[int, Field(ge=0, le=65_535)]
_STEP_BEFORE = {"node_give_up_after_s": "node_hold_after_s", "node_clear_after_s": "node_give_up_after_s"}


class SettingsFileError(HotlineError):
    code = "settings.file_missing"
    sentence = "HOTLINE_SETTINGS_FILE names {path}, which cannot be read: correct the name, or leave it unset."


class Settings(BaseSettings):
    """One installation: environment, then the file named by HOTLINE_SETTINGS_FILE (KEY=value), then these defaults."""

    model_config = SettingsConfigDict(env_prefix="HOTLINE_", extra="ignore", frozen=True)

    data_dir: Path = Path("var")
    # Empty: three SQLite files in data_dir; or postgresql://user@host:port/name (three schemas).
    database_url: str = ""
    front_host: str = "127.0.0.1"
    front_port: Port = 8443
    web_port: Port = 8401
    switch_port: Port = 8402
    asterisk_http_port: Port = 8403
    sip_port: Port = 5060
    sip_tls_port: Port = 5061
    rtp_port_low: Port = 20000
    rtp_port_high: Port = 20999
    public_host: str = ""  # name in the certificate and address that Asterisk offers for media; empty: found out
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    voice: Literal["auto", "off", "simulated"] = "auto"
    asterisk_dir: Path | None = None  # where the private copy of Asterisk is kept; empty: data_dir/asterisk
    ari_url: str = ""  # an Asterisk of your own, for example http://127.0.0.1:8088; empty: ours
    ari_user: str = "hotline"
    sip_trunk_addresses: tuple[str, ...] = ("127.0.0.1",)  # where trunk calls may come from
    # A far end on the trunk that sends no voice for so long is gone (a power cut sends no good-bye). With silence
    # suppression only the comfort noise between words counts: raise it when a carrier sends none.
    sip_trunk_media_timeout_s: int = Field(default=45, ge=2)
    sip_trunk_hold_timeout_s: int = Field(default=300, ge=2)  # the same while the far end itself holds the call
    sip_trunk_session_expires_s: int = Field(default=600, ge=90)  # RFC 4028: the far end is asked at half of it
    recording_reserve_mb: int = Field(default=500, ge=0)  # kept for the databases: with less free, nothing is recorded
    asterisk_hung_after_s: int = Field(default=15, ge=5)  # our Asterisk lives and does not answer: it is started anew
    node_id: str = "node-1"
    technical_problem_after_s: int = 10  # the switch has been away for so long: waiting callers are told
    pool: str = "main"  # staff pool of this switch
    # A node that has no connection with the switch: after so long its callers keep their places and are offered to
    # nobody; who waits there is given up; then its conversations, which go on when only the node's process has died.
    node_hold_after_s: int = Field(default=5, ge=1)
    node_give_up_after_s: int = Field(default=90, ge=5)
    node_clear_after_s: int = Field(default=900, ge=5)
    # All switches of the pool, leader and standbys, for nodes and relay: absolute paths of sockets, or host:port with
    # mutual TLS. Empty: the one of this machine.
    switch_addresses: tuple[str, ...] = ()
    switch_listen: str = ""  # host:port on which this switch takes nodes of other machines; empty: its socket only
    switch_tls_ca: Path | None = None  # signs the certificates of switches and nodes
    switch_tls_certificate: Path | None = None
    switch_tls_key: Path | None = None
    switch_host: str = "127.0.0.1"  # where the gateway listens; a front door on another machine needs an address
    gateway_addresses: tuple[str, ...] = ()  # host:port of each switch's gateway, for the front door; empty: ours
    routing_log_days: int = Field(default=30, ge=1)  # older batches go, once projected and covered by two snapshots
    last_agent_days: int = Field(default=30, ge=0)  # of a new tenant, which says its own from then on
    log_format: Literal["pretty", "json"] = "pretty"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    web_workers: int = 2
    is_debug: bool = False
    session_hours: int = 12
    secrets_dir: Path | None = None  # empty: data_dir/secrets
    # Mail servers, web-hooks and short-message centres of tenants may stand in these networks of yours, such as
    # 10.1.0.0/16; every other private address is refused.
    message_private_networks: tuple[str, ...] = ()
    message_tls_ca: Path | None = None  # further authorities whose certificates those servers may have
    # Visitors of chats and web forms have no log-in: how much they may do from one address, behind which a whole
    # company may sit, and in one conversation.
    public_begins_per_address: int = Field(default=60, ge=1)  # chats and forms within ten minutes
    public_messages_per_address: int = Field(default=600, ge=1)  # within a minute
    public_messages_per_conversation: int = Field(default=30, ge=1)  # within a minute; also of one SMS sender
    public_refusals_per_address: int = Field(default=100, ge=1)  # wrong keys and secrets within ten minutes
    allowed_hosts: tuple[str, ...] = Field(default=("127.0.0.1", "localhost", "[::1]"))

    @field_validator("database_url")
    @classmethod
    def _is_a_database_we_know(cls, url: str) -> str:
        if url and not url.startswith(("postgresql://", "postgres://")):
            raise ValueError("must begin with postgresql://, or be empty for SQLite")
        return url

    @field_validator("node_id")
    @classmethod
    def _is_no_name_of_ours(cls, node_id: str) -> str:
        if node_id == "house":
            raise ValueError(
                "must be another name: contacts in writing, which no node holds, are listed under this one"
            )
        return node_id

    @field_validator("message_private_networks")
    @classmethod
    def _are_networks(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        for network in networks:
            ip_network(network, strict=False)
        return networks

    @field_validator("node_give_up_after_s", "node_clear_after_s")
    @classmethod
    def _is_not_before_the_step_before(cls, after_s: int, info: ValidationInfo) -> int:
        former = _STEP_BEFORE[str(info.field_name)]
        if after_s < info.data.get(former, 0):
            raise ValueError(f"must not be less than HOTLINE_{former.upper()}")
        return after_s

    @property
    def is_postgresql(self) -> bool:
        return self.database_url.startswith("postgres")

    @cached_property
    def run_dir(self) -> Path:
        return self.data_dir / "run"

    @property
    def switch_socket(self) -> Path:
        """Where the switch takes frames of nodes and the relay. A unix path is at most 107 bytes."""
        return self.run_dir / "switch.sock"

    @property
    def gateway_socket(self) -> Path:
        """Where the gateway takes the browsers that come through a front door on the same machine."""
        return self.run_dir / "live.sock"

    @property
    def relay_wake_socket(self) -> Path:
        """Datagrams that wake the relay after an outbox row was committed."""
        return self.run_dir / "relay.sock"

    @property
    def asterisk_copy_dir(self) -> Path:
        """Where the private copy of Asterisk is unpacked; several installations may share one."""
        return self.asterisk_dir or self.data_dir / "asterisk"

    @property
    def recordings_dir(self) -> Path:
        return self.data_dir / "recordings"

    def sqlite_path(self, name: Literal["main", "routing", "jobs"]) -> Path:
        return self.data_dir / f"{name}.sqlite3"

    def secret(self, name: str) -> bytes:
        """The 32-byte secret of that name: HOTLINE_SECRET_<NAME> in hexadecimal, else a file made at first use.

        Names in use: django, keyring, live-token, sip, internal, ari, audit."""
        from_environment = os.environ.get("HOTLINE_SECRET_" + name.upper().replace("-", "_"))
        if from_environment:
            return bytes.fromhex(from_environment)
        directory = self.secrets_dir or self.data_dir / "secrets"
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = directory / f"{name}.key"
        if not path.exists():
            _create_secret(path)
        return bytes.fromhex(path.read_text("ascii").split()[0])


def _create_secret(path: Path) -> None:
    """Write a new secret; whoever is first wins when several roles start at once."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def load_settings() -> Settings:
    """The settings of this process. Raises pydantic's ValidationError, which names each wrong variable, or
    SettingsFileError."""
    path = os.environ.get("HOTLINE_SETTINGS_FILE") or None
    if path is not None and not os.access(path, os.R_OK):
        raise SettingsFileError(path=path)
    return Settings(_env_file=path)  # type: ignore[call-arg]
