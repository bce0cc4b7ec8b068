"""What can be wrong on the day itself, and what to do about it."""

from hotline.kernel.errors import HotlineError


class TimesBackwardsError(HotlineError):
    code = "workforce.times_backwards"
    status = 422
    sentence = "The end is not after the beginning; correct one of them."


class AbsenceTooLongError(HotlineError):
    code = "workforce.absence_too_long"
    status = 422
    sentence = "An absence is at most {days} days; report a longer one in parts."


class AlreadyAbsentError(HotlineError):
    code = "workforce.already_absent"
    status = 409
    sentence = "{name} is already reported absent within this time; cancel that absence first, or choose another time."


class ShiftNotPublishedError(HotlineError):
    code = "workforce.shift_not_published"
    status = 409
    sentence = "This shift is not in a published roster, so nobody can be asked to take it; publish the roster first."


class ShiftOverError(HotlineError):
    code = "workforce.shift_over"
    status = 409
    sentence = "This shift is over, or ends within a quarter of an hour; nothing of it can be changed now."


class ReplacementAskedError(HotlineError):
    code = "workforce.replacement_asked"
    status = 409
    sentence = "{name} has been asked already; wait for the answer, or ask somebody else."


class SkillMissingError(HotlineError):
    code = "workforce.skill_missing"
    status = 422
    sentence = "{name} has none of the skills that this shift serves; choose somebody else."


class NotFreeError(HotlineError):
    code = "workforce.not_free"
    status = 422
    sentence = "{name} works at another time of that day and cannot take this shift too; choose somebody else."


class RequestAnsweredError(HotlineError):
    code = "workforce.request_answered"
    status = 409
    sentence = "This request has been answered or is over; look at its present state first."


class BreakUnknownError(HotlineError):
    code = "workforce.break_unknown"
    status = 404
    sentence = "The shift has no such break; load the day again."


class BreakBegunError(HotlineError):
    code = "workforce.break_begun"
    status = 409
    sentence = "This break has begun or is over; move one that is still to come."


class BreakOutsideWindowError(HotlineError):
    code = "workforce.break_outside_window"
    status = 422
    sentence = "This break may begin between {earliest} and {latest}, and not now or earlier; choose a time within."


class BreakOverlapError(HotlineError):
    code = "workforce.break_overlap"
    status = 422
    sentence = "At that time there is another break, a training or an absence; choose another time."


class NoQuieterTimeError(HotlineError):
    code = "workforce.no_quieter_time"
    status = 409
    sentence = "No allowed time still to come is quieter than the present one; leave it where it is."


class ActivityFixedError(HotlineError):
    code = "workforce.activity_fixed"
    status = 409
    sentence = "{name} may not be moved; ask whoever planned it, or choose a movable one."


class ActivityBegunError(HotlineError):
    code = "workforce.activity_begun"
    status = 409
    sentence = "{name} has begun or is over; move one that is still to come."


class ActivityOutsideShiftError(HotlineError):
    code = "workforce.activity_outside_shift"
    status = 422
    sentence = "The whole of it has to lie within the person's shift and still to come; choose another time."


class NotRosteredError(HotlineError):
    code = "workforce.not_rostered"
    status = 403
    sentence = (
        "You are not rostered now, so you cannot sign in; come back at most {early_min} minutes before your shift, "
        "or ask your planner."
    )


class NoExpectationError(HotlineError):
    code = "workforce.no_expectation"
    status = 409
    sentence = (
        "Nothing is expected of today: there is neither an accepted forecast nor a history; make a forecast first."
    )


class NobodyRosteredError(HotlineError):
    code = "workforce.nobody_rostered"
    status = 409
    sentence = "Nobody is rostered for the rest of today; publish a roster first."


class LeaveTimeError(HotlineError):
    code = "workforce.leave_time"
    status = 422
    sentence = "People need {minutes} minutes to hear of it, and the day has to last until then; choose another time."


class LeaveNotSpareError(HotlineError):
    code = "workforce.leave_not_spare"
    status = 422
    sentence = "From then on {most} people can leave at most without leaving a queue short; offer it to no more places."


class LeaveCannotError(HotlineError):
    code = "workforce.leave_cannot"
    status = 422
    sentence = "{name} cannot leave then without leaving a queue short, or has nothing to leave early; choose others."


class LeaveTakenError(HotlineError):
    code = "workforce.leave_taken"
    status = 409
    sentence = "The offer to leave early is over: it was taken by others, taken back, or its time has passed."


class LeaveNeededError(HotlineError):
    code = "workforce.leave_needed"
    status = 409
    sentence = "More has come in meanwhile and you are needed until the end; ask your leader if you have to go."
