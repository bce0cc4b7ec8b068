"""What can be wrong with a request about tickets."""

from hotline.kernel.errors import HotlineError


class StepNotAllowedError(HotlineError):
    code = "ticket.step_not_allowed"
    status = 409
    sentence = "The ticket is {state}: the step {step} is not possible now. Possible: {possible}."


class ConfirmationNeededError(HotlineError):
    code = "ticket.confirmation_needed"
    status = 422
    sentence = "A ticket closes only when the customer confirms. Say how the customer did (confirmed_by)."


class TicketTextMissingError(HotlineError):
    code = "ticket.text_missing"
    status = 422
    sentence = "The ticket has no text. Write what the customer needs."


class TicketTypeUnknownError(HotlineError):
    code = "ticket.type_unknown"
    status = 422
    sentence = "There is no ticket type {ticket_type_id} that you may use. Choose one from the list."


class DepartmentUnknownError(HotlineError):
    code = "ticket.department_unknown"
    status = 422
    sentence = "There is no department {department_id} that you may send to. Choose one from the list."


class HandlerUnknownError(HotlineError):
    code = "ticket.handler_unknown"
    status = 422
    sentence = "There is no user {user_id} in this enterprise who could take the ticket. Choose one from the list."


class DueInPastError(HotlineError):
    code = "ticket.due_in_past"
    status = 422
    sentence = "The due time lies in the past. Choose a later one."
