"""The reference on days that are alike: between two changes of its dated tables every look-up has the same answer.

Judging asks for the same few suppliers, categories and accounts over and over, so each answer is remembered.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from models.facts import Category
from models.reference.rows import AccountRow, AgreementRow, ExternalChannelRow, MandatoryRow
from models.reference.validity import Dated

if TYPE_CHECKING:
    from models.reference.snapshot import Snapshot

_REMEMBERED = 16_384
_MOST_PERIODS = 256
"""More are made anew when they are asked for; a reference has a few dozen."""


class Periods:
    """The periods of a snapshot; a catalogue's own days are none of theirs, it is asked by day."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._changes = _change_days(snapshot)
        self._made: dict[int, Period] = {}

    def at(self, day: date) -> Period:
        """The period that the day lies in."""
        number = bisect_right(self._changes, day)
        period = self._made.get(number)
        if period is None:
            if len(self._made) >= _MOST_PERIODS:
                self._made.clear()
            period = self._made[number] = Period(self._snapshot, day)
        return period


class Period:
    """What the agreements, accounts and lists of categories say of all days of one period."""

    def __init__(self, snapshot: Snapshot, day: date) -> None:
        """`day` is any day of the period."""
        remember = lru_cache(maxsize=_REMEMBERED)
        self._covers = snapshot.covers
        self.agreements_of = remember(partial(snapshot.agreements_of, day=day))
        """The supplier's agreements."""
        self.covering = remember(self._covering)
        """Those of them that cover the category."""
        self.category_agreed = remember(partial(snapshot.category_agreed, day=day))
        """Does any agreement that names categories cover this one?"""
        self.account = remember(partial(snapshot.account, day=day))
        """The row of the longest prefix of the account."""
        self.external_channel = remember(partial(snapshot.external_channel, day=day))
        """The registered external digital channel for supplier and category."""
        self.mandatory = remember(partial(snapshot.mandatory, day=day))
        """The row by which e-trade is required for the category."""

    def _covering(self, supplier: str, category: Category | None) -> tuple[AgreementRow, ...]:
        return tuple(row for row in self.agreements_of(supplier) if self._covers(row, category))


def _change_days(snapshot: Snapshot) -> list[date]:
    days: set[date] = set()
    for table in (AgreementRow, AccountRow, ExternalChannelRow, MandatoryRow):
        rows: Iterator[Dated] = snapshot.rows(table)
        for row in rows:
            days |= _changes_at(row)
    return sorted(days)


def _changes_at(row: Dated) -> set[date]:
    ends = {row.valid_to + timedelta(days=1)} if row.valid_to is not None and row.valid_to < date.max else set()
    return ends | ({row.valid_from} if row.valid_from is not None else set())
