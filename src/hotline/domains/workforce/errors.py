"""What can be wrong with rotations and applications, and what to do about it."""

from hotline.kernel.errors import HotlineError


class DatesBackwardsError(HotlineError):
    code = "workforce.dates_backwards"
    status = 422
    sentence = "The last day {last} is before the first day {first}; correct one of them."


class TimeOfDayError(HotlineError):
    code = "workforce.time_of_day"
    status = 422
    sentence = "{text} is no time of day; write 18:00, and two different times for a span."


class RotationEmptyError(HotlineError):
    code = "workforce.rotation_empty"
    status = 422
    sentence = "The rotation {code} promises its members nothing; give it at least one rule."


class TravelWithoutLessonsError(HotlineError):
    code = "workforce.travel_without_lessons"
    status = 422
    sentence = "Time to travel belongs to lessons; let the rotation ask for a timetable, or set the travel time to 0."


class RotationNotOpenError(HotlineError):
    code = "workforce.rotation_not_open"
    status = 422
    sentence = "This rotation is open from {first} to {last}; choose days within."


class TermTooLongError(HotlineError):
    code = "workforce.term_too_long"
    status = 422
    sentence = "A term in this rotation is at most {months} months; choose an earlier last day and apply again later."


class TeamMayNotJoinError(HotlineError):
    code = "workforce.team_may_not_join"
    status = 403
    sentence = "This rotation is not open to your team. Ask your supervisor."


class EvidenceNeededError(HotlineError):
    code = "workforce.evidence_needed"
    status = 422
    sentence = "This rotation needs evidence; say which paper you have shown, and to whom."


class AnswerNeededError(HotlineError):
    code = "workforce.answer_needed"
    status = 422
    sentence = "This rotation needs {field}; fill it in and send again."


class NotAskedError(HotlineError):
    code = "workforce.not_asked"
    status = 422
    sentence = "This rotation does not ask for {field}; leave it out."


class NoTimeLeftError(HotlineError):
    code = "workforce.no_time_left"
    status = 422
    sentence = "The latest end is not after the earliest start; no time to work is left. Correct one of them."


class LessonBackwardsError(HotlineError):
    code = "workforce.lesson_backwards"
    status = 422
    sentence = "Lesson {line} ends before it begins or has no weekday from 0 to 6; correct it."


class TimetableError(HotlineError):
    code = "workforce.timetable"
    status = 422
    sentence = "Line {line} of the timetable is not weekday,starts,ends,valid_from,valid_to: {text}. Correct that line."


class AlreadyMemberError(HotlineError):
    code = "workforce.already_member"
    status = 409
    sentence = "You are in this rotation, or have applied to it, from {first} to {last}; choose other days."


class RotationFullError(HotlineError):
    code = "workforce.rotation_full"
    status = 409
    sentence = "On {day} this rotation already has its {most} members; choose a later term, or raise the limit first."


class DecisionNotAllowedError(HotlineError):
    code = "workforce.decision_not_allowed"
    status = 409
    sentence = "An application that is {state} cannot take the step {decision}; look at its present state first."


class OwnDecisionError(HotlineError):
    code = "workforce.own_decision"
    status = 403
    sentence = "Nobody decides on their own application; ask another planner."


class DecisionTextNeededError(HotlineError):
    code = "workforce.decision_text_needed"
    status = 422
    sentence = "Say why, so that the applicant can read it; then send again."


class NoAgentError(HotlineError):
    code = "workforce.no_agent"
    status = 403
    sentence = "Rotations are for agents, and you are none. Ask your administrator if you should be."


class PlanningRunOpenError(HotlineError):
    code = "workforce.planning_run_open"
    status = 409
    sentence = "Another run of this kind is not over yet (asked by {asked_by}). Wait until it ends, or cancel it."
