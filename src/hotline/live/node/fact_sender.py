"""Brings spooled facts to web, in batches and in order, until web has taken them."""

import asyncio

import structlog

from hotline.live.node.spool import Spool
from hotline.live.node.web_link import WebDownError, WebLink, WebRefusedError
from hotline.messages.facts import AnyFact

log = structlog.get_logger()

_BATCH = 200
_PROBE = 1  # asked of a web that did not answer: reading hundreds each second to no end would cost the calls
_PAUSE_S = 1.0
_GATHER_S = 0.1


class FactSender:
    """`add` keeps a fact at once; `run` delivers."""

    def __init__(self, spool: Spool, web: WebLink) -> None:
        self._spool = spool
        self._web = web
        self._at_once = _BATCH
        self._wake = asyncio.Event()
        self._wake.set()  # an earlier life may have left some

    def add(self, fact: AnyFact) -> None:
        self._spool.add_fact(fact)
        self._wake.set()

    async def run(self) -> None:
        """Deliver whenever there is something: until cancelled."""
        while True:
            await self._wake.wait()
            # Facts of one moment come in bursts; together they are one request.
            await asyncio.sleep(_GATHER_S)
            self._wake.clear()
            if not await self.deliver():
                self._wake.set()
                await asyncio.sleep(_PAUSE_S)

    async def deliver(self) -> bool:
        """Send all there is; False when web did not take everything."""
        while facts := await self._spool.facts(self._at_once):
            try:
                accepted = await self._post(facts)
            except WebDownError:
                self._at_once = _PROBE
                return False
            is_last = len(facts) < self._at_once
            self._at_once = _BATCH
            self._spool.forget_facts([fact.fact_id for fact in facts if fact.fact_id in accepted])
            if len(accepted) < len(facts):
                return False
            if is_last:
                break  # what was added meanwhile has set the alarm again
        return True

    async def _post(self, facts: list[AnyFact]) -> frozenset[str]:
        try:
            return await self._web.post_facts(facts)
        except WebRefusedError as refusal:
            if len(facts) == 1:
                self._set_aside(facts[0], str(refusal))
                return frozenset((facts[0].fact_id,))
        # One bad fact must not hold up the others: find it by halves.
        middle = len(facts) // 2
        return await self._post(facts[:middle]) | await self._post(facts[middle:])

    def _set_aside(self, fact: AnyFact, cause: str) -> None:
        log.error("web refused a fact, it is set aside in the spool", fact_id=fact.fact_id, cause=cause)
        self._spool.set_aside(fact.fact_id, cause)
