"""Telling people how far a command is, once it has taken longer than they like to wait without a word."""

import sys
import time
from collections.abc import Callable

import click

QUIET_S = 2.0
EVERY_S = 1.0
EVERY_IN_FILES_S = 10.0


class Progress:
    """Counts, and says so on standard error; a terminal sees one line that changes."""

    def __init__(self, what: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._what = what
        self._clock = clock
        self._due = clock() + QUIET_S
        self._terminal = sys.stderr.isatty()
        self._told = False
        self.count = 0

    def step(self, number: int = 1) -> None:
        self.count += number
        if self._clock() >= self._due:
            self._due = self._clock() + (EVERY_S if self._terminal else EVERY_IN_FILES_S)
            self._told = True
            self._tell()

    def _tell(self) -> None:
        text = f"{self._what} {self.count:,}"
        click.echo(f"\r{text} " if self._terminal else text, err=True, nl=not self._terminal)

    def end(self) -> None:
        """Leave the changing line."""
        if self._told and self._terminal:
            click.echo(err=True)
