"""What can be wrong with shift kinds, labour rules, contracts and settings, and what to do about it."""

from hotline.kernel.errors import HotlineError


class ShiftPiecesError(HotlineError):
    code = "workforce.shift_pieces"
    status = 422
    sentence = (
        "Piece {number} begins before the one before it ends, or not at minute 0; put the pieces in order of time."
    )


class ShiftTooLongError(HotlineError):
    code = "workforce.shift_too_long"
    status = 422
    sentence = "The shift lasts {minutes} minutes from begin to end; at most 1440 are allowed. Shorten a piece."


class ShiftGridError(HotlineError):
    code = "workforce.shift_grid"
    status = 422
    sentence = "{text} in {field} is not on the grid of {grid} minutes; choose a multiple of it."


class ShiftStartsError(HotlineError):
    code = "workforce.shift_starts"
    status = 422
    sentence = "Say when the shift may start: either times of day, or every so many minutes, and not both."


class ShiftBreakError(HotlineError):
    code = "workforce.shift_break"
    status = 422
    sentence = (
        "Break {number} does not lie within one piece of the shift, or begins before the break before it may be over; "
        "correct its earliest and latest begin."
    )


class PaidTimeError(HotlineError):
    code = "workforce.paid_time"
    status = 422
    sentence = (
        "Nothing of the shift is paid: its breaks are as long as its pieces. Shorten a break or state what is paid."
    )


class OnCallSkillsError(HotlineError):
    code = "workforce.on_call_skills"
    status = 422
    sentence = "An on-call shift answers for some skills only; name them."


class DefaultRulesError(HotlineError):
    code = "workforce.default_rules"
    status = 409
    sentence = "The labour rules {code} are the default already; take the mark from them first, then give it to these."


class BreakStepsError(HotlineError):
    code = "workforce.break_steps"
    status = 422
    sentence = (
        "Step {number} of the breaks asks for no more than a step for less work; longer work needs a longer break in "
        "all."
    )


class LimitsContradictError(HotlineError):
    code = "workforce.limits_contradict"
    status = 422
    sentence = "{most} allows less than {usual} asks for; correct one of them."


class BorrowsFromItselfError(HotlineError):
    code = "workforce.borrows_from_itself"
    status = 422
    sentence = "A skill cannot be lent to itself; choose two different skills."


class ShrinkageError(HotlineError):
    code = "workforce.shrinkage"
    status = 422
    sentence = "The absences together take the whole of the paid time; their shares must add up to less than 100 %."
