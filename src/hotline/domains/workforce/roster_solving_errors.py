"""Why a roster cannot be solved, and what to do about it."""

from hotline.kernel.errors import HotlineError


class SolveDraftOnlyError(HotlineError):
    code = "workforce.solve_draft_only"
    status = 409
    sentence = "Only a draft can be solved; make a copy of this roster, solve the copy, and publish it."


class RosterWithoutDemandError(HotlineError):
    code = "workforce.roster_without_demand"
    status = 422
    sentence = "This roster wants nobody at any time; make it from a staffing plan, or say how many people are wanted."
