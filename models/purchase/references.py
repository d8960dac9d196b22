"""How an invoice, a change or a cancellation finds the order that it names (domain.md, Documents: References attach)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar

from models.facts import OrderReference
from models.purchase.parties import Parties, same_parties

LATEST_AFTER = timedelta(days=90)
EARLIEST_BEFORE = timedelta(days=730)
FARTHEST_FROM_DATE = timedelta(days=90)
"""Order dates are misquoted by weeks (an OIOUBL sample by 37 days); farther off another order of that number is meant."""


class Ordered(Protocol):
    """What can be referred to."""

    @property
    def number(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def document_days(self) -> frozenset[date]: ...
    @property
    def uuids(self) -> frozenset[str]: ...
    @property
    def parties(self) -> Parties: ...


O = TypeVar("O", bound=Ordered)  # noqa: E741


def found(reference: OrderReference, *, parties: Parties, day: date, orders: Sequence[O]) -> O | None:
    """The order meant: by UUID or date if given, else the newest on or before the day, else one soon after it."""
    candidates = [
        order
        for order in orders
        if order.number == reference.number
        and same_parties(order.parties, parties)
        and day - EARLIEST_BEFORE <= order.day <= day + LATEST_AFTER
    ]
    if not candidates:
        return None
    by_uuid = [order for order in candidates if reference.uuid and reference.uuid in order.uuids]
    by_date = [order for order in candidates if reference.issued_on and reference.issued_on in order.document_days]
    near = [order for order in candidates if _is_near(order.day, reference.issued_on)]
    before = [order for order in near if order.day <= day]
    for among in (by_uuid, by_date, before):
        if among:
            return max(among, key=lambda order: order.day)
    return min(near, key=lambda order: order.day, default=None)


def _is_near(day: date, stated: date | None) -> bool:
    return stated is None or abs(day - stated) <= FARTHEST_FROM_DATE
