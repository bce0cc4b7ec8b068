"""Make the built-in prompts and the hold music: WAVs in src/hotline/telephony/prompts/default/.

Takes a few seconds, and nothing when neither words nor synthesis have changed."""

import hashlib
import sys
from pathlib import Path

from hotline.kernel.errors import HotlineError
from hotline.telephony.prompts import catalogue
from hotline.telephony.prompts.music import hold_music
from hotline.telephony.prompts.sound import write_wav
from hotline.telephony.prompts.synthesiser import Synthesiser

SOURCES = ("catalogue.json", "music.py", "sound.py", "synthesiser.py", "wording.py")
STAMP = catalogue.DEFAULT_DIR / "sources.sha256"


def main() -> int:
    """0 when all prompts are there; 1 with a sentence when they cannot be made."""
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text("ascii") == wanted and not missing():
        return 0
    try:
        synthesiser = Synthesiser()
        for prompt in catalogue.built_in_prompts().values():
            for language in catalogue.PROMPT_LANGUAGES:
                sound = synthesiser.speak(prompt.words(language), language)
                write_wav(catalogue.default_sound(prompt.id, language), sound)
    except HotlineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    write_wav(catalogue.HOLD_MUSIC, hold_music())
    STAMP.write_text(wanted, "ascii")
    print(f"made {2 * len(catalogue.built_in_prompts())} prompts and the hold music")
    return 0


def missing() -> list[Path]:
    """Sounds that are not there."""
    sounds = [
        catalogue.default_sound(prompt_id, language)
        for prompt_id in catalogue.built_in_prompts()
        for language in catalogue.PROMPT_LANGUAGES
    ]
    return [sound for sound in (*sounds, catalogue.HOLD_MUSIC) if not sound.exists()]


def fingerprint() -> str:
    """Changes when anything does that the sounds are made of."""
    digest = hashlib.sha256()
    for name in SOURCES:
        digest.update((catalogue.CATALOGUE_FILE.parent / name).read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    raise SystemExit(main())
