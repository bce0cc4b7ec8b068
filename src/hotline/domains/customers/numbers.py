"""How a calling number is read, kept and found. Customers and contacts share one blind index, so that they meet."""

from hotline.foundation.fields import PhoneNumberError, blind_index, normalise_phone

INDEX_PURPOSE = "phone"


def read_number(text: str) -> str:
    """The number in its one form; what is not a number (a SIP name) stays as it is, trimmed."""
    try:
        return normalise_phone(text)
    except PhoneNumberError:
        return text.strip()[:128]


def number_index(text: str) -> str:
    """The blind index by which equal numbers are found, however they were written. Empty for an empty text."""
    number = read_number(text)
    return blind_index(number, INDEX_PURPOSE) if number else ""
