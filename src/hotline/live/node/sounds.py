"""What is played for an utterance: an uploaded recording, a built-in prompt, or the text as spoken at publishing."""

import asyncio
import hashlib
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import structlog

from hotline.flows import Flow
from hotline.flows.state import Utterance
from hotline.flows.validation import speeches_of
from hotline.kernel.errors import HotlineError
from hotline.kernel.programs import run_program
from hotline.live.node.web_link import WebLink
from hotline.live.node.window_words import window_texts
from hotline.messages.configuration import PromptFile, QueueSpeech
from hotline.telephony.contract import Media, Silence, SoundFile
from hotline.telephony.prompts.catalogue import PROMPT_LANGUAGES, PromptLanguage, built_in_prompts, default_sound

log = structlog.get_logger()

_BETWEEN_DIGITS_MS = 120
_FETCH_AGAIN_S = 15.0
_SYNTHESISER = (sys.executable, "-m", "hotline.telephony.prompts.synthesiser")


class Sounds:
    """Sound files by what they say. `directory` keeps fetched and spoken ones by their hash."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._uploaded: dict[tuple[str, str], Path] = {}
        self._unfetched: dict[tuple[str, str], PromptFile] = {}

    def media(self, utterances: Sequence[Utterance]) -> list[Media]:
        """What the platform plays; an utterance without any sound is left out with a log line."""
        return [media for utterance in utterances for media in self._media_of(utterance)]

    def prompt(self, prompt_id: str, language: PromptLanguage) -> list[Media]:
        return self.media([Utterance(language=language, prompt_id=prompt_id)])

    async def prepare(
        self, prompts: Iterable[PromptFile], flows: Iterable[Flow], web: WebLink, speech: Iterable[QueueSpeech] = ()
    ) -> None:
        """Fetch uploaded recordings and speak the texts of flows and queues that have none; what fails is told and left
        out."""
        for prompt in prompts:
            await self._fetch(prompt, web)
        wanted = {text for flow in flows for text in self._texts_without_recording(flow)}
        wanted |= {text for queue in speech for text in self._texts_of_queue(queue)}
        missing = [(text, language) for text, language in sorted(wanted) if not self._spoken(text, language).exists()]
        if missing:
            try:
                await self._speak(missing)
            except OSError as error:
                log.error("texts of flows have no sound", texts=len(missing), cause=str(error))

    async def run(self, web: WebLink) -> None:
        """Try again, now and then, what could not be fetched: until cancelled."""
        while True:
            await asyncio.sleep(_FETCH_AGAIN_S)
            await self.fetch_missing(web)

    async def fetch_missing(self, web: WebLink) -> None:
        """Try once what could not be fetched before."""
        for prompt in tuple(self._unfetched.values()):
            await self._fetch(prompt, web)

    # --- finding

    def _media_of(self, utterance: Utterance) -> list[Media]:
        if utterance.digits is not None:
            return self._digits(utterance.digits, utterance.language)
        path = self._find(utterance)
        if path is None:
            log.warning("there is no sound", prompt=utterance.prompt_id, language=utterance.language)
            return []
        return [SoundFile(path)]

    def _find(self, utterance: Utterance) -> Path | None:
        if utterance.prompt_id is not None and (path := self._recorded(utterance.prompt_id, utterance.language)):
            return path
        if utterance.text is not None and (path := self._spoken(utterance.text, utterance.language)).exists():
            return path
        return None

    def _recorded(self, prompt_id: str, language: PromptLanguage) -> Path | None:
        if uploaded := self._uploaded.get((prompt_id, language)):
            return uploaded
        if prompt_id in built_in_prompts() and (path := default_sound(prompt_id, language)).exists():
            return path
        return None

    def _digits(self, digits: str, language: PromptLanguage) -> list[Media]:
        media: list[Media] = []
        for digit in digits:
            if path := self._recorded(f"digit_{digit}", language):
                media += [SoundFile(path), Silence(_BETWEEN_DIGITS_MS)]
        return media

    def _spoken(self, text: str, language: PromptLanguage) -> Path:
        name = hashlib.sha256(f"{language}:{text}".encode()).hexdigest()
        return self._directory / "spoken" / f"{name}.wav"

    # --- preparing

    async def _fetch(self, prompt: PromptFile, web: WebLink) -> None:
        path = self._directory / "uploaded" / f"{prompt.sha256}.wav"
        try:
            if not path.exists():
                await asyncio.to_thread(_keep, path, await web.prompt(prompt), prompt.sha256)
            self._uploaded[prompt.prompt_id, prompt.language] = path
            self._unfetched.pop((prompt.prompt_id, prompt.language), None)
        except (HotlineError, OSError) as error:
            self._unfetched[prompt.prompt_id, prompt.language] = prompt
            log.warning("an uploaded prompt could not be fetched", prompt=prompt.prompt_id, cause=str(error))

    def _texts_without_recording(self, flow: Flow) -> Iterable[tuple[str, PromptLanguage]]:
        for step in flow.steps.values():
            for speech in speeches_of(step):
                for language in PROMPT_LANGUAGES:
                    text = speech.zh if language == "zh" else speech.en
                    if text and not (speech.prompt and self._recorded(speech.prompt, language)):
                        yield text, language

    def _texts_of_queue(self, queue: QueueSpeech) -> Iterable[tuple[str, PromptLanguage]]:
        for message in queue.messages:
            for language in PROMPT_LANGUAGES:
                text = message.zh if language == "zh" else message.en
                if text and not (message.prompt_id and self._recorded(message.prompt_id, language)):
                    yield text, language
        for language in PROMPT_LANGUAGES:
            for text in window_texts(queue, language):
                yield text, language

    async def _speak(self, texts: list[tuple[str, PromptLanguage]]) -> None:
        """Have the synthesiser, a program of its own, write the missing files."""
        (self._directory / "spoken").mkdir(parents=True, exist_ok=True)
        orders = [
            {"text": text, "language": language, "path": str(self._spoken(text, language).absolute())}
            for text, language in texts
        ]
        end = await run_program(_SYNTHESISER, told=b"".join(msgspec.json.encode(order) + b"\n" for order in orders))
        failed = [answer for answer in end.output.splitlines() if answer != b"{}"]
        if end.status or failed:
            cause = end.complaint.decode(errors="replace").strip() or f"{len(failed)} texts could not be spoken"
            log.error("texts of flows have no sound", texts=len(texts), cause=cause)
        else:
            log.info("texts of flows were spoken", texts=len(texts))


class WrongPromptError(HotlineError):
    code = "node.wrong_prompt"
    status = 502
    sentence = "The recording that web sent is not the one that was published: upload it again."


def _keep(path: Path, body: bytes, sha256: str) -> None:
    if hashlib.sha256(body).hexdigest() != sha256:
        raise WrongPromptError
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_bytes(body)
    draft.replace(path)
