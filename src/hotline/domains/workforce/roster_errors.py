"""What can stand against a roster, an edit of one or its publication, and what to do about it."""

from hotline.kernel.errors import HotlineError


class RosterTooLongError(HotlineError):
    code = "workforce.roster_too_long"
    status = 422
    sentence = "A roster holds at most {most} days and these are {days}; choose fewer, and make another for the rest."


class RosterDayError(HotlineError):
    code = "workforce.roster_day"
    status = 422
    sentence = "{day} is not a day of this roster, which reaches from {first} to {last}. Choose a day within."


class ShiftStartError(HotlineError):
    code = "workforce.shift_start"
    status = 422
    sentence = "A shift {kind} does not start at {start}; choose one of {starts}."


class ShiftBreaksError(HotlineError):
    code = "workforce.shift_breaks"
    status = 422
    sentence = "The breaks of this shift {kind} are not those of its kind; leave them out and they are placed for you."


class RosterReplacedError(HotlineError):
    code = "workforce.roster_replaced"
    status = 409
    sentence = "Another roster has replaced this one, so that it is kept as it was. Copy it and change the copy."


class RosterNotDraftError(HotlineError):
    code = "workforce.roster_not_draft"
    status = 409
    sentence = "This roster is {state} and no draft. Copy it, and do this with the copy."


class RosterBrokenError(HotlineError):
    code = "workforce.roster_broken"
    status = 422
    sentence = "{count} hard rules are broken; a roster is published without any. Mend what its checks list first."


class RosterOverSeatsError(HotlineError):
    code = "workforce.roster_over_seats"
    status = 422
    sentence = "On {day} at {time} {people} people would share {seats} seats. Take {over} off, or raise the seats."


class RosterOvertimeError(HotlineError):
    code = "workforce.roster_overtime"
    status = 422
    sentence = (
        "{name} has {minutes} minutes of overtime on {day} that do not fit beside this shift ({shifts} such shifts in "
        "all). Choose another shift, or take the overtime away knowingly."
    )


class OvertimeTakenOffError(HotlineError):
    code = "workforce.roster_overtime_off"
    status = 422
    sentence = (
        "{name} has agreed to {minutes} minutes of overtime on {day}, which go with the shift ({shifts} such shifts in "
        "all). Leave the shift, or take both away knowingly."
    )


class RosterLeaveError(HotlineError):
    code = "workforce.roster_leave"
    status = 422
    sentence = (
        "{name} may go home {minutes} minutes earlier on {day} without owing them, and this change would undo that "
        "({shifts} such shifts in all). Choose a shift that lasts beyond that hour, or undo it knowingly."
    )


class RosterOverlapsError(HotlineError):
    code = "workforce.roster_overlaps"
    status = 409
    sentence = (
        "{name} is published from {first} to {last} and reaches beyond this roster, whose days would be lost. "
        "Make one that holds all of them."
    )


class RosterPairError(HotlineError):
    code = "workforce.roster_pair"
    status = 422
    sentence = "{first} and {second} are rosters of two tenants; compare two of the same."


class DemandChangeError(HotlineError):
    code = "workforce.demand_change"
    status = 422
    sentence = "Name lines, or a staffing plan, or the whole demand: one of the three, so that nothing is overwritten."


class DemandGridError(HotlineError):
    code = "workforce.demand_grid"
    status = 422
    sentence = "{time} does not lie on this roster's intervals of {minutes} minutes; choose a time that does."


class DemandLengthError(HotlineError):
    code = "workforce.demand_length"
    status = 422
    sentence = (
        "A list of {length} numbers does not fit the {most} intervals of this roster; send one number for each, or "
        "fewer, which repeat."
    )


class PlanDaysError(HotlineError):
    code = "workforce.plan_days"
    status = 422
    sentence = (
        "The staffing plan {name} reaches from {first} to {last}, and the roster from {roster_first} to {roster_last}; "
        "choose a plan that has all of its days."
    )
