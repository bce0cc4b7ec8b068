"""The front door: nginx on one HTTPS port, before web, the gateway and Asterisk's WebSocket."""

import os
import pwd
import shutil
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from hotline.entrypoints.certificate import certificate_files
from hotline.kernel.errors import HotlineError
from hotline.kernel.settings import Settings


class NginxMissingError(HotlineError):
    code = "front_door.nginx_missing"
    status = 500
    sentence = "nginx was not found: install it (as root: apt-get install nginx-light) and start again."


_CONFIGURATION = Template("""\
$user
worker_processes 1;
pid $run/nginx.pid;
error_log stderr warn;
daemon off;
events { worker_connections 8192; }
http {
  access_log off;
  server_tokens off;
  client_body_temp_path $run/nginx-body;
  proxy_temp_path $run/nginx-proxy;
  fastcgi_temp_path $run/nginx-fastcgi;
  uwsgi_temp_path $run/nginx-uwsgi;
  scgi_temp_path $run/nginx-scgi;
  client_max_body_size 32m;
  limit_req_zone $$binary_remote_addr zone=log_in:1m rate=5r/s;
  limit_req_zone $$binary_remote_addr zone=calendar:1m rate=1r/s;
  limit_req_status 429;
  map $$http_upgrade $$connection_upgrade { default upgrade; '' close; }
  map $$http_accept_language $$away_sentence { default "$away_en"; ~*^zh "$away_zh"; }
  upstream web { server 127.0.0.1:$web_port; keepalive 32; }
  upstream gateway { $gateways }
  upstream voice { server $voice; }
  server {
    listen $front_host:$front_port ssl;
    ssl_certificate $certificate;
    ssl_certificate_key $key;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:tls:4m;
    gzip on;
    gzip_types text/css application/javascript application/json image/svg+xml;
    add_header Strict-Transport-Security "max-age=31536000" always;
    error_page 497 301 =307 https://$$http_host$$request_uri;
    error_page 502 504 =503 @away;

    proxy_http_version 1.1;
    proxy_set_header Host $$http_host;
    proxy_set_header X-Forwarded-Proto https;
    proxy_set_header X-Forwarded-For $$remote_addr;
    proxy_set_header X-Hotline-Internal "";
    proxy_set_header Connection "";

    location /internal { return 404; }
    location /metrics { return 404; }
    location = /live {
      $websocket proxy_connect_timeout 1s; proxy_read_timeout ${live_silent_ms}ms; proxy_pass http://gateway;
    }
    location = /sip { $websocket proxy_read_timeout 1h; proxy_pass http://voice/ws; }
    location /_allauth/ { limit_req zone=log_in burst=20 nodelay; $refuses proxy_pass http://web; }
    location /api/v1/calendar/ { limit_req zone=calendar burst=20 nodelay; $refuses proxy_pass http://web; }
    location /api/ { $refuses proxy_pass http://web; }
    location / { proxy_pass http://web; }

    location @away { default_type "text/html; charset=utf-8"; $away return 503 '$page'; }
    location @away_json { default_type application/json; $away return 503 '$refusal'; }
  }
}
""")

# What is said while web starts, is restarted, or hangs. Whoever looks at a page sees it come back by itself.
_AWAY_EN = "The server is starting or very busy. Wait a few seconds, then try again."
_AWAY_ZH = "服务正在启动或繁忙，请稍候几秒再试。"
_AWAY = (
    "add_header Retry-After 3 always; add_header Cache-Control no-store always; "
    'add_header Strict-Transport-Security "max-age=31536000" always;'
)
_AWAY_PAGE = (
    '<!doctype html><meta charset=utf-8><meta name=viewport content="width=device-width">'
    "<meta http-equiv=refresh content=3><title>Hotline</title>"
    "<style>body{font:16px/1.6 system-ui,sans-serif;margin:20vh auto;max-width:34em;padding:0 1em;text-align:center;"
    "color-scheme:light dark}</style><h1>Hotline 客服热线</h1>"
    "<p lang=zh>服务正在启动或繁忙，本页会自动刷新。进行中的通话不受影响。"
    "<p lang=en>The server is starting or very busy. This page comes back by itself; calls go on."
)
_AWAY_REFUSAL = '{"code": "web.away", "sentence": "$away_sentence", "data": {}}'

# A location that sets one header inherits none, so each is named again.
_WEBSOCKET = (
    "proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto https; "
    "proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header Upgrade $http_upgrade; "
    "proxy_set_header Connection $connection_upgrade; proxy_send_timeout 1h; "
)
# A window pings every two seconds and is answered, so that so long a silence means one thing only: a gateway that does
# not answer who wants to come in, because it is frozen. Such a window is brought to the next gateway.
_LIVE_SILENT_MS = 3500


def nginx_program() -> str:
    """Where nginx is. Raises NginxMissingError."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise NginxMissingError
    return found


def front_door_command(settings: Settings) -> list[str]:
    """Write nginx's configuration and give the command that runs it in the foreground."""
    path = settings.run_dir.absolute() / "nginx.conf"
    path.write_text(render(settings), encoding="utf-8")
    return [nginx_program(), "-e", "stderr", "-p", str(settings.run_dir.absolute()), "-c", str(path)]


def render(settings: Settings) -> str:
    """nginx's configuration for these settings."""
    certificate, key = certificate_files(settings)
    return _CONFIGURATION.substitute(
        user=f"user {pwd.getpwuid(os.getuid()).pw_name};" if os.getuid() == 0 else "",
        run=settings.run_dir.absolute(),
        certificate=Path(certificate).absolute(),
        key=Path(key).absolute(),
        front_host=settings.front_host,
        front_port=settings.front_port,
        web_port=settings.web_port,
        gateways=_gateways(settings),
        voice=_voice_address(settings),
        websocket=_WEBSOCKET,
        live_silent_ms=_LIVE_SILENT_MS,
        away=_AWAY,
        away_en=_AWAY_EN,
        away_zh=_AWAY_ZH,
        page=_AWAY_PAGE,
        refusal=_AWAY_REFUSAL,
        refuses="error_page 502 504 =503 @away_json;",
    )


def _gateways(settings: Settings) -> str:
    """All gateways: a switch that stands by refuses connections, and nginx goes on to the next at once; from one that
    is frozen when its silence is noticed. None is left out after that: that very switch may lead a moment later.

    On one machine browsers come by the gateway's socket file, which costs a frame a third of what a port does."""
    if settings.gateway_addresses:
        fails = " max_fails=0" if len(settings.gateway_addresses) > 1 else ""
        return " ".join(f"server {address}{fails};" for address in settings.gateway_addresses)
    by_file, by_port = f"unix:{settings.gateway_socket.absolute()}", f"127.0.0.1:{settings.switch_port}"
    return f"server {by_file} max_fails=0; server {by_port} max_fails=0 backup;"


def _voice_address(settings: Settings) -> str:
    """Host and port of Asterisk's WebSocket: ours, or the operator's own Asterisk."""
    if not settings.ari_url:
        return f"127.0.0.1:{settings.asterisk_http_port}"
    address = urlsplit(settings.ari_url)
    return f"{address.hostname}:{address.port or 8088}"
