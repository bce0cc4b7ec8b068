"""What a kind of planning run is: what it reads for its player, and what it keeps of the answer.

`planning_run_work` names them all; the player of a kind is in `live/planning/players.py`, under the same name."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A run that has its answer: what was asked, and what the player answered, both as JSON values."""

    tenant_id: UUID
    run_id: UUID
    asked_by: str
    question: dict[str, Any]
    answer: dict[str, Any]


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """Both are called in the run's tenant scope, outside a transaction, and may raise HotlineErrors, which are told.

    `prepare` answers the player's question from what was asked. `store` keeps the answer, in as many transactions as
    it needs, and answers what the run itself tells its readers. It is called again when the worker dies before the run
    has ended: what it keeps must then be the same once."""

    prepare: Callable[[UUID, dict[str, Any]], dict[str, Any]]
    store: Callable[[Done], dict[str, Any]]
