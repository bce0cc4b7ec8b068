"""A driver that sends nothing and says so: for demonstrations and for trying the settings of people out."""

import structlog

from hotline.messages.sending import Accepted, Outgoing

log = structlog.get_logger()


class SimulatedDriver:
    """Takes everything. What it took is marked as simulated wherever it is shown."""

    def send(self, message: Outgoing) -> Accepted:
        log.info("a message was simulated", key=message.key)
        return Accepted(reference=f"simulated-{message.key}", is_simulated=True)

    def close(self) -> None:
        """Nothing is held."""
