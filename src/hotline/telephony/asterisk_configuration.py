"""Renders every configuration file of our Asterisk from typed options.

Static: transports, trunk, dialplan, HTTP, music. Agents' devices are not here: the driver pushes them through ARI into
memory, so that nothing needs a reload. `deploy/asterisk/README.md` says what an Asterisk of your own needs instead."""

import hashlib
import ipaddress
import os
from pathlib import Path

import msgspec

from hotline.kernel.errors import HotlineError
from hotline.telephony.installation import Installation
from hotline.telephony.modules import WANTED_MODULES

APPLICATION, DEVICES_APPLICATION = "hotline", "hotline-devices"
TRUNK_ENDPOINT = "trunk"
CHANNEL_VARIABLES = ("HOTLINE_PURPOSE", "HOTLINE_TAGS", "HOTLINE_RECORDING", "HOTLINE_CALLED", "HOTLINE_CALL_ID")
FALLBACK_MEMBERS_FILE = "fallback_members.conf"
# Asterisk logs an error for each of these that is missing, though we need nothing in them.
_EMPTY_FILES = ("features.conf", "udptl.conf", "ccss.conf", "queuerules.conf")
_SHORTEST_SESSION_S = 90  # RFC 4028 allows no shorter one
_MANAGER_ADDRESS = "127.0.0.83"
# Whatever was dialled, except the extension `h`, which Asterisk itself runs at the end of a call.
_ANY_NUMBER = ("_[+*#0-9a-gi-zA-Z]!", "_h[+*#0-9a-zA-Z].")


class ConfigurationError(HotlineError):
    """An option that cannot be written into a configuration."""

    code = "voice.configuration"
    status = 400
    sentence = "The voice setting {option} cannot be used: {value!r}. {advice}"


class Trunk(msgspec.Struct, frozen=True):
    """Where calls come from (host or network), and the address to which outside calls go (none to a network)."""

    match: str
    outbound_uri: str | None


class AsteriskOptions(msgspec.Struct, frozen=True, kw_only=True):
    """One Asterisk of ours. `directory` holds everything it writes; `media_map` maps interface addresses to those
    offered to browsers; `external_address` is put into SIP and SDP for far ends outside `local_networks`."""

    directory: Path
    http_port: int
    sip_port: int
    sip_tls_port: int
    rtp_port_low: int
    rtp_port_high: int
    user: str
    password: str
    music_dir: Path
    bind_address: str
    http_address: str = "127.0.0.1"
    trunk_addresses: tuple[str, ...] = ("127.0.0.1",)
    media_map: dict[str, str] = {}
    external_address: str = ""
    local_networks: tuple[str, ...] = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8")
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    trunk_media_timeout_s: int = 45
    trunk_hold_timeout_s: int = 300
    trunk_session_expires_s: int = 600
    hung_after_s: int = 15  # alive and without an answer for so long, it is ended and started anew
    static_queue_s: int = 20  # after so long in the static queue a caller is offered to the node again

    @property
    def etc_dir(self) -> Path:
        return self.directory / "etc"

    @property
    def recording_dir(self) -> Path:
        return self.directory / "recording"

    @property
    def base_url(self) -> str:
        return f"http://{self.http_address}:{self.http_port}"


def parse_trunk(address: str) -> Trunk:
    """The trunk of a setting such as 192.0.2.10, 192.0.2.0/24, 192.0.2.10:5080 or 192.0.2.10:5061;transport=tls.

    Raises ConfigurationError unless it is an address or network: names are refused because they would be looked up."""
    place, _, parameters = address.strip().partition(";")
    host, port = _split_port(place)
    try:
        network = ipaddress.ip_network(host, strict=False)
    except ValueError as error:
        raise _bad_trunk(address) from error
    if (port and not port.isdigit()) or parameters not in ("", "transport=udp", "transport=tcp", "transport=tls"):
        raise _bad_trunk(address)
    if "/" in host:
        return Trunk(str(network), None)
    shown = f"[{host}]" if network.version == 6 else host
    uri = f"sip:{shown}:{port or 5060}" + (f"\\;{parameters}" if parameters else "")
    return Trunk(host, uri)


def _split_port(place: str) -> tuple[str, str]:
    if place.startswith("["):
        host, _, rest = place[1:].partition("]")
        return host, rest.removeprefix(":")
    host, _, port = place.partition(":") if place.count(":") == 1 else (place, "", "")
    return host, port


def _bad_trunk(address: str) -> ConfigurationError:
    advice = "Write an IP address or network, optionally with :port and ;transport=tcp or tls."
    return ConfigurationError(option="sip_trunk_addresses", value=address, advice=advice)


def write_configuration(options: AsteriskOptions, installation: Installation) -> str:
    """Write all files of the instance; the fingerprint of what was written. Only its owner can read them."""
    for name in ("etc", "run", "log", "db", "keys", "spool", "recording"):
        (options.directory / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    files = render_configuration(options, installation)
    for name, text in files.items():
        _write_private(options.etc_dir / name, text)
    members = options.etc_dir / FALLBACK_MEMBERS_FILE
    if not members.exists():
        _write_private(members, "")
    (options.directory / "keys" / "keys").mkdir(exist_ok=True)
    return hashlib.sha256("\0".join(f"{name}\0{text}" for name, text in sorted(files.items())).encode()).hexdigest()


def write_fallback_members(etc_dir: Path, sip_users: list[str]) -> bool:
    """Whether the static queue's members were changed to these devices; the queue module then wants a reload."""
    text = "".join(f"member => PJSIP/{user}\n" for user in sorted(sip_users))
    path = etc_dir / FALLBACK_MEMBERS_FILE
    if path.exists() and path.read_text("ascii") == text:
        return False
    _write_private(path, text)
    return True


def _write_private(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.rename(path)


def render_configuration(options: AsteriskOptions, installation: Installation) -> dict[str, str]:
    """File name -> text of every configuration file."""
    for path in (options.directory, options.music_dir):
        if any(character in str(path) for character in ";\n"):
            raise ConfigurationError(option="data_dir", value=str(path), advice="Choose a path without ; in it.")
    return {
        "asterisk.conf": _asterisk(options, installation),
        "modules.conf": "[modules]\nautoload = no\n" + "".join(f"load = {name}.so\n" for name in WANTED_MODULES),
        "logger.conf": "[general]\nqueue_log = no\nappend_hostname = no\n[logfiles]\nmessages = warning,error\n",
        "http.conf": _http(options),
        "ari.conf": _ari(options),
        "manager.conf": _manager(options),
        "pjsip.conf": _pjsip(options),
        "sorcery.conf": _SORCERY,
        "rtp.conf": _rtp(options),
        "extensions.conf": _extensions(options),
        "queues.conf": _QUEUES,
        "musiconhold.conf": f"[default]\nmode = files\ndirectory = {options.music_dir}\nsort = alpha\n",
        "pjproject.conf": "[startup]\ntype = startup\nlog_level = 1\n",
        "websocket_client.conf": "; none\n",
        "acl.conf": "; none\n",
        "indications.conf": "[general]\ncountry = cn\n[cn]\ndescription = China\nringcadence = 1000,4000\n"
        "dial = 450\nbusy = 450/350,0/350\nring = 450/1000,0/4000\ncongestion = 450/700,0/700\n"
        "callwaiting = 450/400,0/4000\ndialrecall = 450\nrecord = 950/400,0/10000\ninfo = 450/100,0/100\n",
        "stasis.conf": "[threadpool]\ninitial_size = 5\nidle_timeout_sec = 20\nmax_size = 200\n",
        "cdr.conf": "[general]\nenable = no\n",
        "cel.conf": "[general]\nenable = no\n",
        **dict.fromkeys(_EMPTY_FILES, "[general]\n"),
    }


def _asterisk(options: AsteriskOptions, installation: Installation) -> str:
    directory = options.directory
    return f"""[directories]
astetcdir => {options.etc_dir}
astmoddir => {installation.modules_dir}
astvarlibdir => {installation.library_dir}
astdatadir => {installation.data_dir}
astagidir => {installation.data_dir}/agi-bin
astdbdir => {directory}/db
astkeydir => {directory}/keys
astspooldir => {directory}/spool
astrundir => {directory}/run
astlogdir => {directory}/log
[options]
maxfiles = 100000
documentation_language = en_US
transmit_silence = no
live_dangerously = no
hideconnect = yes
"""


def _http(options: AsteriskOptions) -> str:
    return f"""[general]
enabled = yes
servername = hotline
bindaddr = {options.http_address}
bindport = {options.http_port}
sessionlimit = 4000
session_inactivity = 30000
session_keep_alive = 60000
"""


def _ari(options: AsteriskOptions) -> str:
    return f"""[general]
enabled = yes
pretty = no
websocket_write_timeout = 5000
channelvars = {",".join(CHANNEL_VARIABLES)}
[{options.user}]
type = user
read_only = no
password = {options.password}
password_format = plain
"""


def _manager(options: AsteriskOptions) -> str:
    # Stereo recording on one clock (MixMonitor) can be asked for only through the manager interface, not through ARI.
    # We use it over HTTP; its own listener cannot be turned off, so it gets a loopback address that nobody else uses.
    return f"""[general]
enabled = yes
webenabled = yes
bindaddr = {_MANAGER_ADDRESS}
port = {options.http_port}
httptimeout = 60
displayconnects = no
[{options.user}]
secret = {options.password}
deny = 0.0.0.0/0.0.0.0
permit = {options.http_address}/255.255.255.255
read =
write = system,call
"""


def _pjsip(options: AsteriskOptions) -> str:
    transports = [_transport(options, "udp", options.sip_port), _transport(options, "tcp", options.sip_port)]
    if options.tls_certificate is not None and options.tls_key is not None:
        tls = f"cert_file = {options.tls_certificate}\npriv_key_file = {options.tls_key}\nmethod = tlsv1_2\n"
        transports.append(_transport(options, "tls", options.sip_tls_port) + tls)
    trunks = [parse_trunk(address) for address in options.trunk_addresses]
    contacts = "".join(f"contact = {trunk.outbound_uri}\n" for trunk in trunks if trunk.outbound_uri)
    matches = "".join(f"match = {trunk.match}\n" for trunk in trunks)
    # The user name is tried first, so that an agent's telephone behind a trunk's address is still an agent's.
    return f"""[global]
type = global
endpoint_identifier_order = username,ip
user_agent = Hotline
max_initial_qualify_time = 4
[system]
type = system
threadpool_initial_size = 8
threadpool_auto_increment = 5
threadpool_max_size = 50
disable_tcp_switch = yes
{"".join(transports)}[ws]
type = transport
protocol = ws
bind = {options.http_address}
[{TRUNK_ENDPOINT}]
type = endpoint
context = from-trunk
identify_by = ip
aors = {TRUNK_ENDPOINT}
disallow = all
allow = alaw,ulaw,opus
direct_media = no
rtp_symmetric = yes
force_rport = yes
rewrite_contact = yes
send_pai = no
send_connected_line = no
trust_id_inbound = yes
dtmf_mode = auto_info
rtp_timeout = {options.trunk_media_timeout_s}
rtp_timeout_hold = {options.trunk_hold_timeout_s}
timers = always
timers_min_se = {_SHORTEST_SESSION_S}
timers_sess_expires = {options.trunk_session_expires_s}
[{TRUNK_ENDPOINT}]
type = aor
{contacts}[{TRUNK_ENDPOINT}]
type = identify
endpoint = {TRUNK_ENDPOINT}
{matches}"""


def _transport(options: AsteriskOptions, protocol: str, port: int) -> str:
    external = ""
    if options.external_address:
        external = f"external_media_address = {options.external_address}\n"
        external += f"external_signaling_address = {options.external_address}\n"
        external += "".join(f"local_net = {network}\n" for network in options.local_networks)
    return f"[{protocol}]\ntype = transport\nprotocol = {protocol}\nbind = {options.bind_address}:{port}\n{external}"


_SORCERY = """[res_pjsip]
endpoint = memory
endpoint = config,pjsip.conf,criteria=type=endpoint
auth = memory
auth = config,pjsip.conf,criteria=type=auth
aor = memory
aor = config,pjsip.conf,criteria=type=aor
contact = memory
"""


def _rtp(options: AsteriskOptions) -> str:
    mapped = "".join(f"{inside} => {offered}\n" for inside, offered in sorted(options.media_map.items()))
    return f"""[general]
rtpstart = {options.rtp_port_low}
rtpend = {options.rtp_port_high}
strictrtp = yes
icesupport = yes
[ice_host_candidates]
{mapped}"""


def _extensions(options: AsteriskOptions) -> str:
    """Callers reach the node whatever number they dialled (it refuses unknown ones). Without a node they are served by
    the static queue and offered to the node again every few seconds. Agents' devices may dial `resume` and no more.

    What came over the WebSocket is not from a trunk, although the front door's address may be a trunk's address too."""
    browsers = f"{options.http_address}:{options.http_port}"
    numbers = "".join(
        f"exten => {pattern},1,Set(HOTLINE_CALLED=${{EXTEN}})\n same => n,Goto(caller,s,1)\n" for pattern in _ANY_NUMBER
    )
    return f"""[general]
static = yes
writeprotect = yes
[from-trunk]
{numbers}[caller]
exten => s,1,GotoIf($["${{CHANNEL(pjsip,local_addr)}}" = "{browsers}"]?stranger)
 same => n,Set(HOTLINE_PURPOSE=caller)
 same => n,Set(HOTLINE_CALL_ID=${{CHANNEL(pjsip,call-id)}})
 same => n,Set(HOTLINE_COME=caller)
 same => n(offer),Stasis({APPLICATION},${{HOTLINE_COME}})
 same => n,GotoIf($["${{STASISSTATUS}}" = "SUCCESS"]?end)
 same => n,Set(HOTLINE_COME=waited)
 same => n,Answer(,i)
 same => n,Queue(fallback,c,,,{options.static_queue_s})
 same => n,GotoIf($["${{QUEUESTATUS}}" = "CONTINUE"]?end:offer)
 same => n(end),Hangup()
 same => n(stranger),Hangup(21)
exten => h,1,StopMixMonitor()
[from-agent]
exten => resume,1,Set(HOTLINE_PURPOSE=resume)
 same => n,Stasis({APPLICATION},resume)
 same => n,Hangup()
"""


_QUEUES = f"""[general]
persistentmembers = no
autofill = yes
shared_lastcall = no
[fallback]
musicclass = default
strategy = rrmemory
timeout = 15
retry = 1
joinempty = yes
leavewhenempty = no
ringinuse = no
announce-frequency = 0
announce-holdtime = no
announce-position = no
#include {FALLBACK_MEMBERS_FILE}
"""
