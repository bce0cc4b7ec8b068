"""A private Asterisk, unpacked from Debian's packages without root: fetched by apt with its own state, trimmed to the
files it opens, and run through its own loader so that the machine's libraries do not matter."""

import concurrent.futures
import fcntl
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hotline.telephony.installation import (
    Installation,
    VoiceUnavailableError,
    asterisk_version,
    is_tested,
    read_installation,
    write_installation,
)
from hotline.telephony.modules import WANTED_MODULES

Report = Callable[[str], None]

_PACKAGES = ("asterisk", "asterisk-modules")
_SUITE = "sid"  # the only suite of Debian that has Asterisk 22; what it gives is checked against the tested range
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_TEMPLATE = Path("/usr/share/python-apt/templates/Debian.info")  # of the package python-apt-common
# The loader's list does not name these: the C library's look-ups of names, and the ciphers of the library for SRTP.
_OPENED_BY_NAME = (
    "libnss_*.so.2",
    "libresolv.so.2",
    "libsoftokn3.so",
    "libfreebl*3.so",
    "nss/libsoftokn3.so",
    "nss/libfreebl*3.so",
)
_LEFT_OUT = ("./usr/share/doc", "./usr/share/man", "./usr/share/locale", "./usr/share/icons", "./var/cache")


@contextmanager
def _locked(into: Path, report: Report) -> Iterator[None]:
    """One builder at a time; the lock goes with its process, so a killed one blocks nobody."""
    into.mkdir(parents=True, exist_ok=True)
    with (into / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report("another process is unpacking Asterisk here; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def provide_private_copy(
    into: Path, report: Report, build: Callable[[Path, Report], Installation] | None = None
) -> Installation:
    """The private copy in this directory, made (by `build`) when missing. Raises VoiceUnavailableError."""
    into = into.resolve()
    with _locked(into, report):
        known = read_installation(into)
        if known is not None and is_tested(known.version):
            return known
        return (build or build_from_debian)(into, report)


def build_from_debian(into: Path, report: Report) -> Installation:
    """Fetch, unpack and trim; the copy counts from the moment its note is written."""
    workshop = into / "workshop"
    shutil.rmtree(workshop / "unpacked", ignore_errors=True)
    environment = _apt_environment(workshop, debian_mirror())
    report(f"fetching Asterisk from Debian {_SUITE} (about 110 MB, once)")
    _run(("apt-get", "update", "-q", "-o", "APT::Update::Error-Mode=any"), environment)
    _check_candidate(environment)
    _run(("apt-get", "install", "-y", "-q", "--download-only", *_PACKAGES), environment)
    report("unpacking")
    _unpack(sorted((workshop / "cache/archives").glob("*.deb")), workshop / "unpacked")
    report("keeping what Asterisk opens")
    shutil.rmtree(into / "root", ignore_errors=True)
    _trim(workshop / "unpacked", workshop / "root")
    (workshop / "root").rename(into / "root")
    installation = _describe(into / "root")
    write_installation(into, installation)
    shutil.rmtree(workshop)
    return installation


# --- fetching ---------------------------------------------------------------------------------------------------------


def debian_mirror(etc: Path = Path("/etc/apt"), template: Path = _TEMPLATE) -> str:
    """The address from which this machine takes Debian's main packages, or that Debian itself proposes where the
    machine is another's (Ubuntu). Raises VoiceUnavailableError without one."""
    for file in (
        *sorted(etc.glob("sources.list.d/*.sources")),
        *sorted(etc.glob("sources.list.d/*.list")),
        etc / "sources.list",
        template,
    ):
        if file.is_file() and (found := _mirror_in(file.read_text(errors="replace"))):
            return found
    raise VoiceUnavailableError(cause="the package sources of this machine name no Debian mirror to take one from")


def _mirror_in(text: str) -> str | None:
    """The first address of a main archive: its path ends in /debian (security and backports archives do not)."""
    for line in text.splitlines():
        words = line.split()
        if words and words[0] in ("URIs:", "deb", "BaseURI:"):
            for word in words[1:]:
                if re.fullmatch(r"(https?|ftp|mirror\+\w+|file|copy):\S*/debian/?", word):
                    return word.rstrip("/")
    return None


def _apt_environment(workshop: Path, mirror: str) -> dict[str, str]:
    """apt's state of its own, so that neither root nor the machine's package lists are touched."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise VoiceUnavailableError(cause="this machine has no apt to fetch one with")
    if not _KEYRING.exists():
        raise VoiceUnavailableError(cause=f"Debian's keyring {_KEYRING} is missing (package debian-archive-keyring)")
    for directory in ("lists/partial", "cache/archives/partial"):
        (workshop / directory).mkdir(parents=True, exist_ok=True)
    (workshop / "status").write_text("")
    # The mirror may be frozen at a date, hence no check of the release file's age; signatures are checked all the same.
    source = f"deb [signed-by={_KEYRING} check-valid-until=no] {mirror} {_SUITE} main\n"
    (workshop / "sources.list").write_text(source)
    (workshop / "apt.conf").write_text(
        f'Dir::State "{workshop}"; Dir::State::Lists "{workshop}/lists"; Dir::State::status "{workshop}/status";\n'
        f'Dir::Cache "{workshop}/cache"; Dir::Etc::sourcelist "{workshop}/sources.list";\n'
        'Dir::Etc::sourceparts "/dev/null"; Dir::Etc::preferencesparts "/dev/null";\n'
        'Dir::Etc::preferences "/dev/null";\n'
        'APT::Install-Recommends "false"; APT::Sandbox::User ""; Acquire::Languages "none"; Acquire::Retries "5";\n'
        'Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false"; Debug::NoLocking "true";\n'
    )
    return {"APT_CONFIG": str(workshop / "apt.conf"), "LC_ALL": "C.UTF-8"}


def _check_candidate(environment: dict[str, str]) -> None:
    said = _run(("apt-cache", "policy", "asterisk"), environment)
    candidate = re.search(r"Candidate: (?:\d+:)?(\S+)", said)
    version = candidate.group(1) if candidate else "none"
    if not is_tested(version):
        raise VoiceUnavailableError(
            cause=f"Debian {_SUITE} offers Asterisk {version}, and 22 and 23 are the tested ones"
        )


def _run(command: tuple[str, ...], environment: dict[str, str]) -> str:
    """What the command printed. Raises VoiceUnavailableError with its last line."""
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, check=False)
    if done.returncode != 0:
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise VoiceUnavailableError(
            cause=f"`{' '.join(command[:2])}` failed: {said[-1] if said else 'it said nothing'}"
        )
    return done.stdout


# --- unpacking and trimming -------------------------------------------------------------------------------------------


def _unpack(archives: list[Path], root: Path) -> None:
    """Every package's files below `root`, whose lib, bin and sbin are links into usr as on a merged system."""
    for name in ("lib", "lib64", "bin", "sbin"):
        (root / "usr" / name).mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(f"usr/{name}")
    for archive in archives:
        _unpack_one(archive, root)


def _unpack_one(archive: Path, root: Path) -> None:
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(archive)], stdout=subprocess.PIPE) as packer:
        if packer.stdout is None:
            raise VoiceUnavailableError(cause="dpkg-deb gave no output")
        with tarfile.open(fileobj=packer.stdout, mode="r|") as tar:
            for member in tar:
                if member.name not in (".", "./") and not member.name.startswith(_LEFT_OUT):
                    _extract(tar, member, root)
    if packer.returncode != 0:
        archive.unlink()  # a damaged download: the next try fetches it again
        raise VoiceUnavailableError(cause=f"the package {archive.name} is damaged; it is fetched again next time")


# Python 3.11.2, which Debian 12 ships, has no filters yet. What is unpacked is what apt has checked the signatures of.
_FILTER: dict[str, Any] = {"filter": "tar"} if hasattr(tarfile, "tar_filter") else {}


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, root: Path) -> None:
    if member.isdir() and (root / member.name).is_dir():
        return  # possibly one of our links: extracting the directory would replace it
    if member.isdev():
        return
    tar.extract(member, root, set_attrs=member.isfile(), **_FILTER)


def _trim(unpacked: Path, root: Path) -> None:
    """Only the loader, the program, its modules, the libraries these need, and the data that Asterisk reads."""
    libraries = _library_dir(unpacked)
    modules = root / "modules"
    for directory in (modules, root / "lib", root / "data/sounds", root / "data/agi-bin"):
        directory.mkdir(parents=True, exist_ok=True)
    shutil.copy(unpacked / "usr/sbin/asterisk", root / "asterisk.program")
    for module in (libraries / "asterisk/modules").glob("*.so"):
        if module.stem in WANTED_MODULES:
            shutil.copy(module, modules / module.name)
    # The loader bears the name, because it is what the process list shows.
    shutil.copy(_loader(unpacked).resolve(), root / "asterisk")
    opened = [library for pattern in _OPENED_BY_NAME for library in sorted(libraries.glob(pattern))]
    for library in (*opened, *_needed_libraries(root, unpacked, opened)):
        shutil.copy(library, root / "lib" / library.name)
    _copy_data(unpacked, libraries, root)


def _copy_data(unpacked: Path, libraries: Path, root: Path) -> None:
    if (libraries / "ossl-modules").is_dir():
        shutil.copytree(libraries / "ossl-modules", root / "lib/ossl-modules")
    for name in ("documentation", "rest-api"):
        for place in (unpacked / "usr/share/asterisk" / name, unpacked / "var/lib/asterisk" / name):
            if place.is_dir() and not (root / "data" / name).exists():
                shutil.copytree(place, root / "data" / name)


def _library_dir(unpacked: Path) -> Path:
    found = next(iter(sorted((unpacked / "usr/lib").glob("*-linux-gnu*/asterisk/modules"))), None)
    if found is None:
        raise VoiceUnavailableError(cause="the packages of Asterisk hold no modules")
    return found.parent.parent


def _loader(unpacked: Path) -> Path:
    for directory in ("lib64", "usr/lib64", "lib", "usr/lib"):
        for loader in sorted((unpacked / directory).glob("ld-linux*.so.*")):
            return loader
    raise VoiceUnavailableError(cause="the packages of Asterisk hold no loader")


def _needed_libraries(root: Path, unpacked: Path, opened: list[Path]) -> set[Path]:
    """The libraries that the program, its modules and what these open by name ask the loader for."""
    libraries = _library_dir(unpacked)
    path = f"{libraries}:{libraries}/pulseaudio"
    programs = [root / "asterisk.program", *sorted((root / "modules").glob("*.so")), *opened]

    def needs(program: Path) -> list[Path]:
        command = [str(root / "asterisk"), "--library-path", path, "--list", str(program)]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        return [Path(found) for found in re.findall(r"=> (/\S+) ", said)]

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return {library for found in pool.map(needs, programs) for library in found}


def _describe(root: Path) -> Installation:
    """How to run the tree, after it has said its version."""
    command = (str(root / "asterisk"), "--library-path", str(root / "lib"), str(root / "asterisk.program"))
    environment = {"OPENSSL_MODULES": str(root / "lib/ossl-modules"), "OPENSSL_CONF": "/dev/null"}
    version = asterisk_version(command, environment)
    if version is None or not is_tested(version):
        raise VoiceUnavailableError(cause=f"the unpacked Asterisk does not run here (it said: {version})")
    return Installation(
        version=version,
        command=command,
        modules_dir=str(root / "modules"),
        data_dir=str(root / "data"),
        library_dir=str(root / "data"),
        environment=environment,
        is_private=True,
    )
