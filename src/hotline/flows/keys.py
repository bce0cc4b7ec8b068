"""Keys put together to an answer: the part of an Ask that telephones need, because they send one key at a time."""

from hotline.flows.state import Ask


class KeyCollector:
    """Takes keys until the answer is complete."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.text = ""

    def take(self, key: str) -> str | None:
        """The complete answer, or None while more may come. Keys that no telephone has are ignored."""
        if key not in "0123456789*#":
            return None
        if key == self._ask.terminator:
            return self.text
        self.text += key
        return self.text if self._is_complete() else None

    def _is_complete(self) -> bool:
        if len(self.text) >= self._ask.max_length:
            return True
        # With "1" and "12" as options, "1" has to wait for what follows; with "1" and "2" it need not.
        options = self._ask.options
        return bool(options) and not any(option.startswith(self.text) and option != self.text for option in options)
