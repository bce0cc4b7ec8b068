"""How often somebody without a log-in may try something: counted in the database, for all web processes together.

A try is counted in a transaction of its own, so that it counts also when what follows is refused or undone. Whom it is
counted for stands in the database as a blind index only."""

import ipaddress
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from hotline.foundation.errors import RateLimitedError
from hotline.foundation.fields import blind_index
from hotline.foundation.models import RateWindow

_PURPOSE: Final = "rate-limit"
_NETWORK_OF_ONE_LINE: Final = 64  # a subscriber of IPv6 has all the addresses of such a network
_COUNT: Final = (
    "INSERT INTO foundation_ratewindow (key, begins_s, ends_s, count) VALUES (%s, %s, %s, 1) "
    "ON CONFLICT (key, begins_s) DO UPDATE SET count = foundation_ratewindow.count + 1 RETURNING count"
)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many tries within each stretch of `within_s` seconds, counted from 1970."""

    name: str
    most: int
    within_s: int


def count_try(limit: Limit, whom: str) -> None:
    """Count one try of `whom` (an address, a conversation). Raises RateLimitedError for one too many."""
    now_s = int(timezone.now().timestamp())
    begins_s = now_s - now_s % limit.within_s
    ends_s = begins_s + limit.within_s
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_COUNT, [blind_index(f"{limit.name}/{whom}", _PURPOSE), begins_s, ends_s])
        (count,) = cursor.fetchone()
    if count > limit.most:
        raise RateLimitedError(wait_s=ends_s - now_s)


def line_of(address: str) -> str:
    """What tries from this address are counted for: the address, of IPv6 the network of one subscriber."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, _NETWORK_OF_ONE_LINE), strict=False))


def forget_old(limit: int) -> int:
    """Delete counts whose time is over, at most `limit`; answers how many."""
    over = RateWindow.objects.filter(ends_s__lt=int(timezone.now().timestamp())).order_by("ends_s")
    return RateWindow.objects.filter(pk__in=list(over.values_list("pk", flat=True)[:limit])).delete()[0]
