"""Finding an Asterisk: versions, mirrors, what is kept of an earlier run."""

import multiprocessing
from pathlib import Path

import pytest

from hotline.telephony import private_copy
from hotline.telephony.installation import (
    Installation,
    VoiceUnavailableError,
    is_tested,
    read_installation,
    write_installation,
)
from hotline.telephony.private_copy import debian_mirror
from hotline.telephony.provision import main


@pytest.mark.parametrize("version", ["22.10.1", "23.0", "22.10.1~dfsg-1", "Asterisk 23.1.0"])
def test_versions_in_the_tested_range(version: str) -> None:
    assert is_tested(version)


@pytest.mark.parametrize("version", ["20.6.0", "21.9.9", "24.0.0", "16.28.0", "none", ""])
def test_versions_outside_the_tested_range(version: str) -> None:
    assert not is_tested(version)


SOURCES = "Types: deb\nURIs: http://mirror.example/debian-security\n\nTypes: deb\nURIs: http://mirror.example/debian/\n"
LIST = (
    "# a comment\ndeb [signed-by=/k.gpg] https://other.example/extra stable main\n"
    "deb http://mirror.example/debian bookworm main\n"
)


@pytest.mark.parametrize(("name", "text"), [("debian.sources", SOURCES), ("more.list", LIST)])
def test_mirror_is_taken_from_the_machines_sources(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d" / name).write_text(text)
    assert debian_mirror(tmp_path) == "http://mirror.example/debian"


UBUNTU = "deb http://archive.example/ubuntu noble main\n"


def test_machine_of_another_distribution_asks_where_debian_itself_proposes(tmp_path: Path) -> None:
    (tmp_path / "sources.list").write_text(UBUNTU)
    template = tmp_path / "Debian.info"
    template.write_text("Suite: {series}\nRepositoryType: deb\nBaseURI: https://proposed.example/debian/\n")
    assert debian_mirror(tmp_path, template) == "https://proposed.example/debian"


def test_machine_without_a_debian_mirror_is_told_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "sources.list").write_text(UBUNTU)
    with pytest.raises(VoiceUnavailableError, match="HOTLINE_ARI_URL"):
        debian_mirror(tmp_path, tmp_path / "missing")


def installation(root: Path, version: str = "22.1.0") -> Installation:
    (root / "modules").mkdir(parents=True)
    (root / "asterisk").touch()
    return Installation(
        version=version,
        command=(str(root / "asterisk"),),
        modules_dir=str(root / "modules"),
        data_dir=str(root),
        library_dir=str(root),
        is_private=True,
    )


def test_finished_copy_is_found_again(tmp_path: Path) -> None:
    found = installation(tmp_path / "root")
    write_installation(tmp_path, found)
    assert read_installation(tmp_path) == found


@pytest.mark.parametrize("text", ["", "{", '{"version": 1}'])
def test_half_written_note_is_no_copy(text: str, tmp_path: Path) -> None:
    (tmp_path / "installation.json").write_text(text)
    assert read_installation(tmp_path) is None


def test_note_of_a_removed_tree_is_no_copy(tmp_path: Path) -> None:
    write_installation(tmp_path, installation(tmp_path / "root"))
    (tmp_path / "root/asterisk").unlink()
    assert read_installation(tmp_path) is None


def _build_once(into: str, counter: "multiprocessing.sharedctypes.Synchronized[int]") -> None:
    def build(directory: Path, report: private_copy.Report) -> Installation:
        with counter.get_lock():
            counter.value += 1
        made = installation(directory / "root")
        write_installation(directory, made)
        return made

    private_copy.provide_private_copy(Path(into), lambda line: None, build=build)


def test_two_processes_at_once_unpack_one_copy(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    counter = context.Value("i", 0)
    processes = [context.Process(target=_build_once, args=(str(tmp_path), counter)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(20)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert counter.value == 1


def test_nothing_is_fetched_for_an_asterisk_of_your_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOTLINE_ARI_URL", "http://127.0.0.1:8088")
    assert main(["--into", str(tmp_path / "nothing")]) == 0
    assert "http://127.0.0.1:8088" in capsys.readouterr().out
    assert not (tmp_path / "nothing").exists()
