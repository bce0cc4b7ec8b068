"""What can stand against wishes, swaps, bids and leave, and what to do about it."""

from hotline.kernel.errors import HotlineError


class NoRosterOfYoursError(HotlineError):
    code = "workforce.no_roster_of_yours"
    status = 403
    sentence = "Only agents have a roster of their own, and you are none. Ask your administrator if you should be."


class RequestTooLateError(HotlineError):
    code = "workforce.request_too_late"
    status = 422
    sentence = "This can be asked until {hours} hours before the shift begins; choose a later shift, or ask a planner."


class NotPublishedError(HotlineError):
    code = "workforce.not_published"
    status = 422
    sentence = "This shift is in no roster that is published; choose one that is."


class NotYourShiftError(HotlineError):
    code = "workforce.not_your_shift"
    status = 403
    sentence = "This shift is somebody else's; choose one of your own."


class OwnShiftError(HotlineError):
    code = "workforce.own_shift"
    status = 422
    sentence = "You cannot exchange with yourself; choose a colleague's shift."


class ShiftChangedError(HotlineError):
    code = "workforce.shift_changed"
    status = 409
    sentence = "The shift of {day} has changed since this was asked; look at the roster and ask again."


class AlreadyAskedError(HotlineError):
    code = "workforce.already_asked"
    status = 409
    sentence = "You have asked this already, and it is still open; wait for the answer or withdraw it first."


class RequestEndedError(HotlineError):
    code = "workforce.request_ended"
    status = 409
    sentence = "This request is {state} already; look at the list again."


class AnswerNotYoursError(HotlineError):
    code = "workforce.answer_not_yours"
    status = 403
    sentence = "This step of the request belongs to somebody else; nothing was changed."


class LacksSkillError(HotlineError):
    code = "workforce.rule_skill"
    status = 422
    sentence = "{name} does not have the skill {skill} that this shift ({day}) serves; choose somebody who has."


class SecondShiftError(HotlineError):
    code = "workforce.rule_second_shift"
    status = 422
    sentence = "{name} works on {day} already; choose another day, or a swap of the two shifts."


class WishTooLateError(HotlineError):
    code = "workforce.wish_too_late"
    status = 409
    sentence = "The roster of {day} is published, or the day is over; ask for a swap or for leave instead."


class TooManyWishesError(HotlineError):
    code = "workforce.too_many_wishes"
    status = 409
    sentence = "You have {most} wishes in this month already; remove one first."


class WishKindError(HotlineError):
    code = "workforce.wish_kind"
    status = 422
    sentence = "A wish for a shift kind names one that is in use, and another wish names none; correct it."


class LeaveDaysError(HotlineError):
    code = "workforce.leave_days"
    status = 422
    sentence = "Leave is from today or later, the last day not before the first, {most} days at most; correct the days."


class OpenShiftEndedError(HotlineError):
    code = "workforce.open_shift_ended"
    status = 409
    sentence = "This shift is no longer open; choose another one."


class OpenShiftTimesError(HotlineError):
    code = "workforce.open_shift_times"
    status = 422
    sentence = "An open shift lies in its roster's days and ahead, and closes before it begins; correct {field}."


class AddedHoursError(HotlineError):
    code = "workforce.added_hours"
    status = 422
    sentence = (
        "Hours beside a shift are overtime from a start to an end on the grid of five minutes, twelve hours at most, "
        "offered to chosen agents; correct {field}."
    )


class NoShiftBesideError(HotlineError):
    code = "workforce.no_shift_beside"
    status = 422
    sentence = "{name} has no shift on {day} that these hours could lengthen; choose somebody who works then."


class HoursTakenError(HotlineError):
    code = "workforce.hours_taken"
    status = 422
    sentence = "These hours lie within the shift of {day} already; choose others."


class SplitNotAllowedError(HotlineError):
    code = "workforce.split_not_allowed"
    status = 422
    sentence = (
        "{name}'s shifts are in one piece, and these hours do not touch the one of {day}; let them begin as it ends, "
        "or end as it begins."
    )


class TooManyChosenError(HotlineError):
    code = "workforce.too_many_chosen"
    status = 422
    sentence = "{people} places are left; choose at most so many bids."


class NobodyBidsError(HotlineError):
    code = "workforce.nobody_bids"
    status = 422
    sentence = "None of the bids can be granted as things stand; wait for others, or offer the shift to chosen agents."


class MoodMonthError(HotlineError):
    code = "workforce.mood_month"
    status = 409
    sentence = "You have answered for this month; you can answer again next month."


class ColleagueCannotError(HotlineError):
    code = "workforce.colleague_cannot"
    status = 422
    sentence = "A rule that protects {name} stands against this on {day}; choose another shift or somebody else."
