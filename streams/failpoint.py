"""Places at which a test has the process die, fail or hang; at none of them anything happens unless one is armed."""

import os
import signal
import time
from enum import StrEnum

import structlog

log = structlog.get_logger(__name__)


class Point(StrEnum):
    """Where; each is passed at the moment that its name says."""

    ASSIGNED = "assigned"
    """The epoch is taken, nothing is read yet."""
    RESTORING = "restoring"
    """Some of the changelog is read."""
    JUDGING = "judging"
    """One record is judged."""
    FLUSHING = "flushing"
    """Cells leave for the merge."""
    SENT = "sent"
    """All of a transaction is at the broker, but not committed."""
    COMMITTED = "committed"
    """The transaction is committed, the disk does not know it."""


class What(StrEnum):
    """What happens there."""

    KILL = "kill"
    RAISE = "raise"
    HANG = "hang"


PATTERN = rf"^({'|'.join(Point)}):({'|'.join(What)})(:[1-9][0-9]{{0,8}})?$|^$"
"""How one is named: the place, what happens, and every how manieth time (every time, where nothing is said)."""
HANG_S = 3_600.0


class ArmedError(Exception):
    """Raised at a place that was armed with `raise`."""


class _Armed:
    """The one place of this process that is armed, and how often it was passed."""

    point = ""
    what = ""
    every = 1
    passed = 0


_armed = _Armed()


def arm(text: str) -> None:
    """Arm the place that the text names; an empty one arms none."""
    point, _, then = text.partition(":")
    what, _, every = then.partition(":")
    _armed.point, _armed.what, _armed.every, _armed.passed = point, what, int(every or 1), 0
    if text:
        log.warning("failpoint armed", point=_armed.point, what=_armed.what, every=_armed.every)


def pass_by(point: Point) -> None:
    """What is armed here happens."""
    if _armed.point and point == _armed.point:
        _happen(point)


def _happen(point: Point) -> None:
    _armed.passed += 1
    if _armed.passed % _armed.every:
        return
    if _armed.what == What.RAISE:
        raise ArmedError(f"the failpoint {point} is armed")
    if _armed.what == What.HANG:
        time.sleep(HANG_S)
    os.kill(os.getpid(), signal.SIGKILL)
