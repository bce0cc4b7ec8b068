"""What can be wrong with a request about customers."""

from hotline.kernel.errors import HotlineError


class CustomerNumberTakenError(HotlineError):
    code = "customer.number_taken"
    status = 409
    sentence = "The customer number {number} is taken. Leave it empty to get the next one."


class AttributeUnknownError(HotlineError):
    code = "customer.attribute_unknown"
    status = 422
    sentence = "{value} is not in the list of values for {field}. Choose one of them, or have it added in the set-up."


class SearchTooShortError(HotlineError):
    code = "customer.search_too_short"
    status = 422
    sentence = "Search with at least {least} characters: a name, a phone number, an address or a meter number."


class SubscriptionDaysError(HotlineError):
    code = "subscription.days_reversed"
    status = 422
    sentence = "A subscription cannot end on {valid_to}, before it begins on {valid_from}. Correct one of the days."


class TooManySubscriptionsError(HotlineError):
    code = "subscription.too_many"
    status = 422
    sentence = (
        "A customer has at most {most} subscriptions. Change one that has ended, or make a customer for another part."
    )


class RevealReasonMissingError(HotlineError):
    code = "customer.reveal_reason_missing"
    status = 422
    sentence = "Say why you need the whole number: the reason goes into the audit."


class CustomerNumberUnknownError(HotlineError):
    code = "customer.number_unknown"
    status = 422
    sentence = "There is no customer with the number {number}. Look it up under the customer's name."


class KeyAccountDaysError(HotlineError):
    code = "key_account.days_reversed"
    status = 422
    sentence = "A key account cannot end on {valid_to}, before it begins on {valid_from}. Swap the days."
