"""The driver of an account."""

from hotline.messages.sending import AccountSettings
from hotline.messaging.contract import Driver
from hotline.messaging.reach import Reach
from hotline.messaging.simulated import SimulatedDriver
from hotline.messaging.smpp import SmppDriver
from hotline.messaging.smtp import SmtpDriver
from hotline.messaging.webhook import WebhookDriver


def driver_of(account: AccountSettings, reach: Reach) -> Driver:
    """The driver that the account names, not connected yet."""
    match account.driver:
        case "smtp":
            return SmtpDriver(account, reach)
        case "webhook":
            return WebhookDriver(account, reach)
        case "smpp":
            return SmppDriver(account, reach)
        case "simulated":
            return SimulatedDriver()
