"""What can be wrong with accounts and addresses, and what to do about it."""

from hotline.kernel.errors import HotlineError


class DriverDoesNotFitError(HotlineError):
    code = "staff_messages.driver_does_not_fit"
    status = 422
    sentence = "This driver does not send by that way. E-mail goes by smtp or webhook, SMS by smpp or webhook."


class AccountAddressError(HotlineError):
    code = "staff_messages.account_address"
    status = 422
    sentence = (
        "The address does not fit the driver. Write the server's name with its port, such as mail.example.org:587, "
        "or for a web-hook its address beginning with https://."
    )


class SenderNeededError(HotlineError):
    code = "staff_messages.sender_needed"
    status = 422
    sentence = "Mail needs a sender: write an address such as Hotline <roster@example.org>."


class SecretNeededError(HotlineError):
    code = "staff_messages.secret_needed"
    status = 422
    sentence = "A web-hook needs a secret of at least 16 characters: its posts are signed with it."


class LogInNeedsEncryptionError(HotlineError):
    code = "staff_messages.log_in_needs_encryption"
    status = 422
    sentence = "A password must not travel in the open. Choose TLS or STARTTLS, or leave the user name empty."


class NoAccountError(HotlineError):
    code = "staff_messages.no_account"
    status = 409
    sentence = "Your centre does not send messages by this way yet. Ask your administrator to set it up under Messages."


class AddressInvalidError(HotlineError):
    code = "staff_messages.address_invalid"
    status = 422
    sentence = "This is not a mail address. Write it like name@example.org."


class NotAnAgentError(HotlineError):
    code = "staff_messages.not_an_agent"
    status = 404
    sentence = "Messages about work go to agents. Sign in as one, or ask your administrator to make you one."


class NotToBeSentAgainError(HotlineError):
    code = "staff_messages.not_to_be_sent_again"
    status = 409
    sentence = "Only a notice that failed can be sent again."


class QuietHoursError(HotlineError):
    code = "staff_messages.quiet_hours"
    status = 422
    sentence = "Give both the beginning and the end of the quiet hours, such as 21:00 and 07:00, or neither."


class SecretToMoveError(HotlineError):
    code = "staff_messages.secret_to_move"
    status = 422
    sentence = (
        "The address has changed: type the password or secret again. A stored one is never sent to another server."
    )
