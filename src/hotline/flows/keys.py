"""Keys put together to answers: the part of an Ask that telephones need, because they send one key at a time."""

from hotline.flows.state import Answered, Ask, FlowState, Input, TimedOut, Turn


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


class TypeAhead:
    """Keys that came before their question, as of people who know the menu by heart."""

    def __init__(self) -> None:
        self._keys = ""
        self._closing = ""

    def __bool__(self) -> bool:
        return bool(self._keys)

    def add(self, key: str) -> None:
        """Keep the key, unless it only closes an answer that was complete without it."""
        closing, self._closing = self._closing, ""
        if key != closing:
            self._keys += key

    def feed(self, collector: KeyCollector) -> str | None:
        """The complete answer that the kept keys give, the rest being kept for what is asked next."""
        while self._keys:
            key, self._keys = self._keys[0], self._keys[1:]
            if (text := collector.take(key)) is not None:
                return text
        return None

    def answered(self, ask: Ask, text: str) -> None:
        """The question has its answer; people often press the closing key although nothing more is awaited."""
        self._closing = ask.terminator if len(text) >= ask.max_length else ""
        if self._closing and self._keys.startswith(self._closing):
            self._keys, self._closing = self._keys[1:], ""

    def forget(self) -> None:
        """An answer was not understood: what was typed behind it was meant for another question."""
        self._keys = self._closing = ""


def is_asked_again(before: FlowState, given: Input, turn: Turn) -> bool:
    """Whether the answer was not understood, so that the same question comes again."""
    return isinstance(given, Answered | TimedOut) and turn.state.step_id == before.step_id
