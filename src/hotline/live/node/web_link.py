"""What the node asks of web and tells it, over web's local port: configuration, prompts, look-ups, facts."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from hotline.kernel.errors import HotlineError
from hotline.kernel.http_client import HttpClient
from hotline.messages.configuration import NodeConfiguration, PromptFile
from hotline.messages.facts import AnyFact

_LIMIT_S = 5.0
_LARGEST_PROMPT_BYTES = 20 * 1024 * 1024


class WebDownError(HotlineError):
    code = "node.web_down"
    status = 503
    sentence = "Web does not answer ({cause}); the node goes on with its local copy and tries again."


class WebRefusedError(HotlineError):
    code = "node.web_refused"
    status = 502
    sentence = "Web refused {path} with status {http_status}: see web's log."


class WebLink:
    """A client of web's internal routes. `secret` is settings.secret("internal")."""

    def __init__(self, port: int, secret: bytes) -> None:
        headers = {"X-Hotline-Internal": secret.hex(), "Content-Type": "application/json"}
        self._client = HttpClient(f"http://127.0.0.1:{port}/internal", headers)

    async def configuration(self, after_version: int | None) -> NodeConfiguration | None:
        """The present configuration, or None when it is still the version we have. Raises WebDownError."""
        headers = {} if after_version is None else {"If-None-Match": f'"{after_version}"'}
        status, body = await self._ask("GET", "/node-configuration", headers=headers)
        if status == HTTPStatus.NOT_MODIFIED:
            return None
        return msgspec.json.decode(body, type=NodeConfiguration)

    async def prompt(self, prompt: PromptFile) -> bytes:
        """The WAV of an uploaded prompt."""
        _, body = await self._ask("GET", f"/prompts/{prompt.prompt_id}", params={"language": prompt.language})
        if len(body) > _LARGEST_PROMPT_BYTES:
            raise WebRefusedError(path="/prompts", http_status="too large")
        return body

    async def look_up(
        self, name: str, tenant_id: str, caller: str | None, called: str, arguments: dict[str, str], limit_ms: int
    ) -> dict[str, Any]:
        """The answer of a named look-up within the limit. Raises WebDownError, also when the time is over."""
        question = {
            "name": name,
            "tenant_id": tenant_id,
            "caller_address": caller,
            "called_address": called,
            "arguments": arguments,
        }
        _, body = await self._ask("POST", "/lookup", data=msgspec.json.encode(question), limit_s=limit_ms / 1000)
        answer = msgspec.json.decode(body)
        return answer if isinstance(answer, dict) else {}

    async def post_facts(self, facts: Sequence[AnyFact]) -> frozenset[str]:
        """Ids of the facts that web has kept."""
        _, body = await self._ask("POST", "/facts", data=msgspec.json.encode(facts))
        return frozenset(msgspec.json.decode(body, type=_Accepted).accepted)

    async def close(self) -> None:
        await self._client.close()

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        params: dict[str, str] | None = None,
        data: bytes = b"",
        limit_s: float = _LIMIT_S,
    ) -> tuple[int, bytes]:
        try:
            answer = await self._client.request(method, path, query=params, headers=headers, body=data, limit_s=limit_s)
        except (TimeoutError, OSError) as error:
            raise WebDownError(cause=type(error).__name__) from error
        status = answer.status
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise WebDownError(cause=f"status {status}")
        if status >= HTTPStatus.BAD_REQUEST:
            raise WebRefusedError(path=path, http_status=status)
        return status, answer.body


class _Accepted(msgspec.Struct):
    accepted: list[str]
