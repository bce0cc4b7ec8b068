"""The switch process: opens the log, rebuilds the state, serves nodes and browsers, and stops cleanly."""

import asyncio
import gc
import logging
import os
import signal
import socket
import ssl
from typing import Any

import structlog
import uvloop

from hotline.engine import core
from hotline.entrypoints.supervisor import PortTakenError
from hotline.kernel.clock import SystemClock
from hotline.kernel.settings import Settings
from hotline.live.gateway.app import Gateway
from hotline.live.gateway.hub import Hub
from hotline.live.gateway.live_socket import LiveSocket
from hotline.live.gateway.views import Views
from hotline.live.switch.log import FencedError, open_log
from hotline.live.switch.log_thread import LogThread
from hotline.live.switch.metrics import SwitchMetrics
from hotline.live.switch.node_links import NodeLinks, Patience
from hotline.live.switch.service import Switch, SwitchFailedError
from hotline.live.switch.standby import Standby
from hotline.live.switch.state import Follower
from hotline.live.switch.stores import StoreFailedError
from hotline.live.switch_address import host_and_port, tls_context

_TRY_AGAIN_EXIT = 1  # the supervisor starts it again; 3 would stop the whole centre
_FAREWELL_S = 0.3
_CUT_S = 0.01
_BACKLOG = 2048
# A call makes hundreds of short-lived objects and hardly a cycle: to look after each 700 costs more than it finds.
GARBAGE_THRESHOLDS = (20_000, 20, 20)
log = structlog.get_logger()


def run(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; the exit code.

    Raises PortTakenError or SocketTakenError when another program is in the way."""
    listener = _listen(
        settings.switch_host, settings.switch_port
    )  # first: whoever has the port and the socket may take the lead
    logging.getLogger("websockets.server").setLevel(logging.WARNING)
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    try:
        with listener:
            uvloop.run(_serve(settings, listener))
    except (StoreFailedError, FencedError, SwitchFailedError) as error:
        log.critical("the switch stops", cause=str(error))
        return _TRY_AGAIN_EXIT
    return 0


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTakenError(port=port, use="the switch", setting="HOTLINE_SWITCH_PORT") from error
    return listener


async def _serve(settings: Settings, listener: socket.socket) -> None:
    is_asked_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, is_asked_to_stop.set)
    links = NodeLinks(Patience(settings.node_hold_after_s, settings.node_give_up_after_s, settings.node_clear_after_s))
    try:
        await _listen_for_nodes(links, settings)
        routing_log, thread = open_log(settings), LogThread()
        follower = await _lead(Standby(routing_log, thread), links, is_asked_to_stop)
        if follower is not None:
            switch = Switch(routing_log, SystemClock(), SwitchMetrics(), follower, thread)
            await _decide_until(is_asked_to_stop, switch, links, settings, listener)
    finally:
        await links.close()
        await asyncio.sleep(_CUT_S)  # peers that were cut are told so in the loop's next round


async def _listen_for_nodes(links: NodeLinks, settings: Settings) -> None:
    await links.start(settings.switch_socket)
    if settings.switch_listen:
        host, port = host_and_port(settings.switch_listen, "HOTLINE_SWITCH_LISTEN")
        await links.start_tls(host, port, tls_context(settings, ssl.Purpose.CLIENT_AUTH))


async def _decide_until(
    is_asked_to_stop: asyncio.Event, switch: Switch, links: NodeLinks, settings: Settings, listener: socket.socket
) -> None:
    """Serve nodes and browsers as the leader."""
    gc.freeze()  # what was read from the log stays: no need to look through it again and again
    links.attach(switch)
    hub = Hub(switch, Views(switch, links.nodes, links.with_voice, settings.voice), settings.secret("live-token"))
    gateway = Gateway(hub, lambda: _report(switch, links))
    tasks = [
        asyncio.create_task(switch.run()),
        asyncio.create_task(hub.run()),
        asyncio.create_task(is_asked_to_stop.wait()),
    ]
    loop = asyncio.get_running_loop()
    servers = [
        await loop.create_server(lambda: LiveSocket(gateway), sock=listener, backlog=_BACKLOG),
        await _listen_for_front_door(settings, gateway),
    ]
    engine = "interpreted" if str(core.__file__).endswith(".py") else "compiled"
    log.info("switch started", epoch=switch.log.epoch, seq=switch.log.seq, port=settings.switch_port, engine=engine)
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
    await _stop(switch, links, hub, servers, tasks)


async def _listen_for_front_door(settings: Settings, gateway: Gateway) -> asyncio.Server:
    """Browsers come by this file when the front door is on this machine; only the house's own user may open it. What a
    killed switch left behind is removed: whoever has the port is the only one here."""
    settings.gateway_socket.unlink(missing_ok=True)
    mask = os.umask(0o177)
    try:
        return await asyncio.get_running_loop().create_unix_server(
            lambda: LiveSocket(gateway), str(settings.gateway_socket), backlog=_BACKLOG
        )
    finally:
        os.umask(mask)


async def _lead(standby: Standby, links: NodeLinks, is_asked_to_stop: asyncio.Event) -> Follower | None:
    """What has followed the log once this switch leads, None when it is to stop before."""
    leading = asyncio.create_task(standby.until_leading(links.stand_by))
    stopping = asyncio.create_task(is_asked_to_stop.wait())
    await asyncio.wait((leading, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if leading.done():
        return leading.result()
    leading.cancel()
    return None


async def _stop(
    switch: Switch, links: NodeLinks, hub: Hub, servers: list[asyncio.Server], tasks: list[asyncio.Task[Any]]
) -> None:
    """Take nothing new, finish the round in hand, tell the browsers, leave a snapshot."""
    await links.close()
    for server in servers:
        server.close()
    hub.close()
    await asyncio.sleep(_FAREWELL_S)
    switch.stop()
    switching, publishing, _ = tasks
    publishing.cancel()
    await switching
    await switch.close()
    log.info("switch stopped", seq=switch.log.seq)


def _report(switch: Switch, links: NodeLinks) -> dict[str, Any]:
    """What /ready tells: whether the log is open and led, the nodes, and what keeps them from their work."""
    nodes = links.nodes()
    return {
        "is_ready": switch.is_running,
        "log": {"epoch": switch.log.epoch, "seq": switch.log.seq, "pool": switch.log.pool},
        "nodes": nodes,
        "has_node": any(nodes.values()),
        "has_voice": any(links.with_voice().values()),
        "problems": links.problems(),
    }
