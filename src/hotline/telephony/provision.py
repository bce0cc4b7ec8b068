"""Finds an Asterisk for the centre, or unpacks one: `python -m hotline.telephony.provision --into var/asterisk`.

In this order: one that the settings point at (HOTLINE_ARI_URL) is adopted; a tested version on the PATH is used; else a
private copy is unpacked once into the directory. Exit status 0 when there is one, 1 with a sentence when not."""

import argparse
import sys
from pathlib import Path

from hotline.kernel.settings import load_settings
from hotline.telephony.installation import Installation, VoiceUnavailableError, is_tested, machine_installation
from hotline.telephony.private_copy import Report, provide_private_copy


def provide_installation(into: Path, report: Report) -> Installation:
    """An Asterisk in the tested range. Raises VoiceUnavailableError when none can be had."""
    found = machine_installation()
    if found is not None and is_tested(found.version):
        return found
    if found is not None:
        report(f"{found.description} is outside the tested range (22 and 23); taking a private copy instead")
    return provide_private_copy(into, report)


def main(arguments: list[str] | None = None) -> int:
    """The command: exit status 0 when voice can be had."""
    parser = argparse.ArgumentParser(prog="python -m hotline.telephony.provision", description=__doc__)
    parser.add_argument("--into", type=Path, required=True, help="directory of the private copy")
    options = parser.parse_args(arguments)
    settings = load_settings()
    if settings.voice == "off":
        _report("HOTLINE_VOICE is off: nothing to fetch")
        return 0
    if settings.ari_url:
        _report(f"using the Asterisk at {settings.ari_url} (HOTLINE_ARI_URL)")
        return 0
    try:
        _report(provide_installation(options.into, _report).description)
    except VoiceUnavailableError as error:
        _report(str(error))
        return 1
    return 0


def _report(line: str) -> None:
    sys.stdout.write(f"voice: {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
