"""What the engine refuses, each with a sentence that says what to do. A refused command has changed nothing."""

from hotline.kernel.errors import HotlineError


class AgentUnknownError(HotlineError):
    code = "routing.agent_unknown"
    status = 404
    sentence = "This agent is not known to the switch. Ask an administrator to activate the agent."


class QueueUnknownError(HotlineError):
    code = "routing.queue_unknown"
    status = 404
    sentence = "This queue does not exist or takes no new contacts. Choose another queue."


class ContactUnknownError(HotlineError):
    code = "routing.contact_unknown"
    status = 404
    sentence = "This contact is not known to the switch. It may have ended; reload to see what is current."


class OfferUnknownError(HotlineError):
    code = "routing.offer_unknown"
    status = 409
    sentence = "This offer is over: it expired, was withdrawn, or went to somebody else. Wait for the next one."


class TransferUnknownError(HotlineError):
    code = "routing.transfer_unknown"
    status = 409
    sentence = "This transfer is over. Start another one if the customer still needs it."


class CallbackRefusedError(HotlineError):
    code = "routing.callback_refused"
    status = 409
    sentence = "This contact cannot be called back: {problem}. Let the customer wait, or take the number down."


class SiteUnknownError(HotlineError):
    code = "routing.site_unknown"
    status = 404
    sentence = "This site has neither a team with agents nor a seat. Give it one in administration."


class TierUnknownError(HotlineError):
    code = "routing.tier_unknown"
    status = 404
    sentence = "There is no such reserve team in the configuration in force. Load the page again."


class TierCalledError(HotlineError):
    code = "routing.tier_called"
    status = 409
    sentence = "This reserve team is called already; send it back first if it shall be called anew."


class TierNotCalledError(HotlineError):
    code = "routing.tier_not_called"
    status = 409
    sentence = "This reserve team is not called, so there is nobody to send back."


class SeatUnknownError(HotlineError):
    code = "routing.seat_unknown"
    status = 404
    sentence = "There is no such seat where you may sit. Choose another seat, or sign in without one."


class SeatTakenError(HotlineError):
    code = "routing.seat_taken"
    status = 409
    sentence = "{agent} is signed in at seat {seat}. Choose another seat, or ask them to sign out."


class SeatBrokenError(HotlineError):
    code = "routing.seat_broken"
    status = 409
    sentence = "Seat {seat} is marked out of order. Choose another seat, or ask a supervisor to mark it usable again."


class MonitoringUnknownError(HotlineError):
    code = "routing.monitoring_unknown"
    status = 409
    sentence = "This monitoring is over. Start it again if the agent is still in conversation."


class AlarmUnknownError(HotlineError):
    code = "routing.alarm_unknown"
    status = 409
    sentence = "This alarm is over. Nothing is left to be done about it."


class NotYourContactError(HotlineError):
    code = "routing.not_your_contact"
    status = 403
    sentence = "This contact is not in your hands. You can act only on your own contacts."


class NotYourOfferError(HotlineError):
    code = "routing.not_your_offer"
    status = 403
    sentence = "This contact was offered to another agent."


class NotYourTransferError(HotlineError):
    code = "routing.not_your_transfer"
    status = 403
    sentence = "This transfer was started by another agent."


class NotYourMonitoringError(HotlineError):
    code = "routing.not_your_monitoring"
    status = 403
    sentence = "This monitoring was started by another supervisor."


class SignedOutError(HotlineError):
    code = "routing.signed_out"
    status = 409
    sentence = "The agent is signed out. Sign in first."


class AwayReasonUnknownError(HotlineError):
    code = "routing.away_reason_unknown"
    status = 422
    sentence = "Choose one of the configured reasons for being away."


class WrongStateError(HotlineError):
    code = "routing.wrong_state"
    status = 409
    sentence = "This cannot be done now: {problem}."


class CallsOnlyError(HotlineError):
    code = "routing.calls_only"
    status = 409
    sentence = (
        "This is possible with calls only. Answer or end this contact, or transfer it without consultation to a queue "
        "or an agent."
    )


class AtCapacityError(HotlineError):
    code = "routing.at_capacity"
    status = 409
    sentence = "The chosen agent cannot take another contact now. Choose another agent or a queue."


class SkillLapsedError(HotlineError):
    code = "routing.skill_lapsed"
    status = 409
    sentence = "The chosen agent's certificate for this contact has lapsed. Choose another agent or a queue."


class NobodyFreeError(HotlineError):
    code = "routing.nobody_free"
    status = 409
    sentence = "Nobody in that queue is free to be consulted. Try again shortly or transfer to the queue."


class NobodyThereError(HotlineError):
    code = "routing.nobody_there"
    status = 409
    sentence = "Nobody who serves that queue is signed in. Choose another target, or take a message for them."


class OtherTenantError(HotlineError):
    code = "routing.other_tenant"
    status = 403
    sentence = "The target does not serve this customer's enterprise. Choose one that does."


class ConfigurationInvalidError(HotlineError):
    code = "routing.configuration_invalid"
    status = 422
    sentence = "The routing configuration was not applied: {problem}."


class CommandInvalidError(HotlineError):
    code = "routing.command_invalid"
    status = 422
    sentence = "The command was not carried out: {problem}."
