"""What the API takes and shows of offers to leave early."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from hotline.domains.setup_routes import Names


class LeaveQuery(Schema):
    """Who of a queue could go home at the moment."""

    queue_id: UUID
    leaves_at: AwareDatetime
    tenant_id: UUID | None = None


class LeaveCandidateOut(Schema):
    """Somebody whose going keeps the cover of every queue they serve. `granted`: how often they left early on an offer
    this year. `asked`: an offer waits for their answer."""

    agent_id: UUID
    agent_name: str
    shift_ends_at: datetime
    granted: int
    asked: bool


class LeaveCandidatesOut(Schema):
    """Whom to ask first at the top. `most`: so many can leave together. `needed`: so many others are on shift then and
    needed to the end. Answers until `expires_at`; `is_paid`: the rest of the shift is paid, by the tenant's rule."""

    leaves_at: datetime
    expires_at: datetime
    is_paid: bool
    most: int
    needed: int
    people: list[LeaveCandidateOut]


class LeaveOfferIn(Schema):
    """Offer these people to go home then; so many of them may."""

    model_config = ConfigDict(extra="forbid")

    queue_id: UUID
    leaves_at: AwareDatetime
    people: Annotated[int, Field(ge=1, le=500)]
    agent_ids: Annotated[list[UUID], Field(min_length=1, max_length=500)]
    tenant_id: UUID | None = None


class LeaveAskedOut(Schema):
    """Somebody who was asked, and what they said."""

    agent_name: str
    state: Literal["open", "done", "refused", "expired"]


class LeaveOfferOut(Schema):
    """An offer of today. `taken` of `people` places are taken. `is_open`: somebody can still say yes."""

    id: UUID
    version: int
    queue_id: UUID
    queue_name: Names
    leaves_at: datetime
    expires_at: datetime
    closed_at: datetime | None
    is_open: bool
    is_paid: bool
    people: int
    taken: int
    made_by: str
    asked: list[LeaveAskedOut]


class LeaveOffersOut(Schema):
    """Today's, the latest first."""

    offers: list[LeaveOfferOut]
