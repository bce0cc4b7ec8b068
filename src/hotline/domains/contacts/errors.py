"""What can be wrong with a request about contacts."""

from hotline.kernel.errors import HotlineError


class ProjectionOutOfStepError(HotlineError):
    code = "contact.projection_out_of_step"
    status = 500
    sentence = "The routing log of pool {pool} was projected by another worker (now at {seq}). Run one worker per pool."


class ContactNotYetError(HotlineError):
    code = "desk.contact_not_yet"
    status = 404
    sentence = "This contact is not known yet. It comes within a second: ask again."


class LentContactError(HotlineError):
    """A contact of another tenant that the agent serves by a shared pool has no desk of its own."""

    code = "desk.lent_contact"
    status = 403
    sentence = "This contact belongs to another company, and so does its record. Read /desk/lent-contacts for the call."


class LentNotInHandError(HotlineError):
    code = "desk.lent_not_in_hand"
    status = 404
    sentence = (
        "This contact of another company is not in your hands. You can write for that company during the conversation"
        " and its wrap-up only."
    )


class LentNotAllowedError(HotlineError):
    code = "desk.lent_not_allowed"
    status = 403
    sentence = "The company that you answer for does not allow this to agents of others. Pass the matter on to it."


class NotYourContactError(HotlineError):
    code = "contact.not_yours"
    status = 403
    sentence = "This contact was handled by somebody else. Open one of your own contacts."


class NotAnAgentError(HotlineError):
    code = "contact.not_an_agent"
    status = 403
    sentence = "Your log-in belongs to no agent. Ask your administrator to make you one."


class CustomerNeededError(HotlineError):
    code = "contact.customer_needed"
    status = 409
    sentence = "Choose the customer first; then say that their identity was verified."


class MatterNeededError(HotlineError):
    code = "contact.matter_needed"
    status = 422
    sentence = "Choose at least one reason before you finish."


class DispositionUnknownError(HotlineError):
    code = "contact.disposition_unknown"
    status = 422
    sentence = "There is no {kind} {node_id} that can be chosen. Choose one from the tree."


class DraftTooLargeError(HotlineError):
    code = "contact.draft_too_large"
    status = 413
    sentence = "This text is longer than {limit_kb} kB and cannot be kept. Shorten it, or put it into a ticket."


class DraftFieldError(HotlineError):
    code = "contact.draft_field_invalid"
    status = 422
    sentence = (
        "The field name {field} is not allowed: use 1 to 64 letters, digits, dots, colons, dashes or underscores."
    )


class RecordingGoneError(HotlineError):
    code = "contact.recording_gone"
    status = 410
    sentence = "The recording's file is missing from the store. Ask your administrator to restore it from a backup."


class RecordingErasedError(HotlineError):
    code = "contact.recording_erased"
    status = 410
    sentence = (
        "This recording was erased on {day}, when its time was over. It cannot be brought back. "
        "Preserve a contact in time when its recording will be needed longer."
    )


class ContactAnonymisedError(HotlineError):
    code = "contact.anonymised"
    status = 410
    sentence = (
        "The personal data of this contact was erased on {day}: it was kept for {months} months. "
        "Nothing personal can be read or added any more; write it into a new ticket."
    )


class RangeNotSatisfiableError(HotlineError):
    code = "contact.range_not_satisfiable"
    status = 416
    sentence = "The recording has only {size} bytes. Ask for a part that it has."


class ListenReasonMissingError(HotlineError):
    code = "contact.listen_reason_missing"
    status = 422
    sentence = "Say why you listen to this recording (reason): it goes into the audit."


class FactsInvalidError(HotlineError):
    code = "contact.facts_invalid"
    status = 422
    sentence = "The facts cannot be read: {problem}. Send a JSON list of facts of this version."


class FilterInvalidError(HotlineError):
    code = "contact.filter_invalid"
    status = 422
    sentence = "The filter {field} is not right: {problem}."


class ReportPeriodError(HotlineError):
    code = "contact.report_period_invalid"
    status = 422
    sentence = "Ask for one month such as 2026-11 or for one year such as 2026, from {first} to {last}."


class ReportDayUnreachableError(HotlineError):
    code = "contact.report_day_unreachable"
    status = 422
    sentence = "There is no report for {day}. Choose a day from {first} to {last}."


class ReportDaysReversedError(HotlineError):
    code = "contact.report_days_reversed"
    status = 422
    sentence = "The last day {last} lies before the first day {first}. Exchange them."


class ReportDaysTooManyError(HotlineError):
    code = "contact.report_days_too_many"
    status = 422
    sentence = "This report covers at most {limit} days, and {days} were asked for. Choose fewer."


class AbandonedSettledError(HotlineError):
    code = "abandoned.settled"
    status = 409
    sentence = "Somebody has seen to this caller already. Refresh the list."


class CallerUnknownError(HotlineError):
    code = "abandoned.caller_unknown"
    status = 422
    sentence = "This caller withheld the number and cannot be called back. Mark them as done or ignored."


class QueueCallsNobodyBackError(HotlineError):
    code = "abandoned.queue_calls_nobody_back"
    status = 422
    sentence = "This queue does not call back. Set its call-back attempts, or call the customer from the desk."


class CallBackMomentWrongError(HotlineError):
    code = "abandoned.call_back_moment_wrong"
    status = 422
    sentence = "Choose a moment from now on and within the next {days} days, or none: then it is as soon as may be."


class ReasonMissingError(HotlineError):
    code = "abandoned.reason_missing"
    status = 422
    sentence = "Say why this caller is ignored: the reason stays with the record."


class ModuleUnknownError(HotlineError):
    code = "contact.module_unknown"
    status = 422
    sentence = "The business module {module_id} cannot be chosen; reload the desk and choose one from the list."
