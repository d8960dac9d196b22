"""What was booked after the history: live control totals, and their regular way into the reference."""

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from deploy.local.simulator.happening import Message
from deploy.local.simulator.ledger import Totals
from deploy.local.simulator.memory import Booked

SETUP = (sys.executable, "-m", "handelspuls", "setup")
STOP_WITHIN_S = 5.0


class Books:
    """Sums of what has been sent since the history's end."""

    def __init__(self, rows: list[Booked]) -> None:
        self._totals = totals_of(rows)

    def add(self, messages: list[Message]) -> None:
        for message in messages:
            entry = message.entry
            if entry:
                documents, amount_ore = self._totals.get((entry.unit, entry.day), (0, 0))
                self._totals[entry.unit, entry.day] = (documents + entry.documents, amount_ore + entry.amount_ore)

    def rows(self) -> list[Booked]:
        return [Booked(unit, day, *total) for (unit, day), total in self._totals.items()]


def totals_of(rows: list[Booked]) -> dict[tuple[str, date], tuple[int, int]]:
    return {(row.unit, row.day): (row.documents, row.amount_ore) for row in rows}


def together(first: Totals, second: Totals) -> Totals:
    """Both sums as one."""
    sums = dict(first)
    for key, (documents, amount_ore) in second.items():
        before = sums.get(key, (0, 0))
        sums[key] = (before[0] + documents, before[1] + amount_ore)
    return sums


class Bookkeeper:
    """Loads the ledger every so often, as an ERP does each night, in a process of its own: it takes some seconds."""

    def __init__(self, *, every: timedelta, environment: Mapping[str, str], first: datetime) -> None:
        self._every = every
        self._environment = environment
        self._last = first
        self._child: subprocess.Popen[bytes] | None = None

    def look(self, now: datetime) -> None:
        """Start a load if it is time and none is under way."""
        if now - self._last < self._every or not self._every or (self._child and self._child.poll() is None):
            return
        self._last = now
        self._child = subprocess.Popen(SETUP, env=os.environ | dict(self._environment), stdout=subprocess.DEVNULL)

    def close(self) -> None:
        if self._child and self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
