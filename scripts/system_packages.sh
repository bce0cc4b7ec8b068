#!/usr/bin/env bash
# Installs the Debian or Ubuntu packages that running (run) and testing (test) need; asks nothing when all are there.
set -eu

declare -A package_of=(
  [python3]=python3 [nginx]=nginx-light
  [chromium]=chromium [sipp]=sip-tester [initdb]=postgresql [pg_dump]=postgresql-client [sox]=sox [gcc]=gcc
)

has() {
  case "$1" in
    initdb) compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ;;
    nginx) command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

wanted=()
for set in "$@"; do
  case "$set" in
    run) wanted+=(python3 nginx) ;;
    test) wanted+=(chromium sipp initdb pg_dump sox gcc) ;;
  esac
done

missing=()
for command in "${wanted[@]}"; do has "$command" || missing+=("${package_of[$command]}"); done
if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then missing+=(python3-venv); fi
# Ubuntu has no Asterisk 22: ours is unpacked from Debian's packages, which wants Debian's keys and address.
case " $* " in
  *" run "*)
    [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || missing+=(debian-archive-keyring)
    grep -qs '^ID=debian' /etc/os-release || [ -e /usr/share/python-apt/templates/Debian.info ] ||
      missing+=(python-apt-common ca-certificates) ;;
esac
has_headers() { python3 -c 'import os, sysconfig as s; os.stat(s.get_path("include") + "/Python.h")' 2>/dev/null; }
case " $* " in
  *" test "*)
    fc-list 2>/dev/null | grep -qi 'noto.*cjk' || missing+=(fonts-noto-cjk)
    has_headers || missing+=(python3-dev) ;; # a test compiles the engine
esac
[ "${#missing[@]}" -gt 0 ] || exit 0

echo "installing system packages: ${missing[*]}"
runner=()
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || { echo "As root, please run: apt-get install ${missing[*]}" >&2; exit 1; }
  runner=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
# Package scripts must not start servers: what needs one starts its own, on its own port.
policy=/usr/sbin/policy-rc.d
made_policy=
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' | "${runner[@]}" tee "$policy" >/dev/null
  "${runner[@]}" chmod 755 "$policy"
  made_policy=1
fi
trap '[ -z "$made_policy" ] || "${runner[@]}" rm -f "$policy"' EXIT
"${runner[@]}" apt-get -o DPkg::Lock::Timeout=300 -q update >/dev/null
"${runner[@]}" apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends "${missing[@]}" >/dev/null
