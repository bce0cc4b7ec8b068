"""Commands answer bad input with a sentence and an exit code."""

import pytest

from hotline.entrypoints.command_line import main


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("HOTLINE_SIP_PORT", "five")
    with pytest.raises(SystemExit) as ended:
        main(["doctor"])
    assert ended.value.code == 2
    assert "HOTLINE_SIP_PORT" in capsys.readouterr().err


def test_an_unknown_role_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", "--roles", "web,cook"])
    assert ended.value.code == 2
    assert "no role cook" in capsys.readouterr().out


def test_doctor_says_what_it_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["doctor"])
    printed = capsys.readouterr().out
    assert all(word in printed for word in ("python", "front door", "disk", "port"))
