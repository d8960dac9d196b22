"""Every door with good inputs for it, and the property that each input must keep: one answer, and that in time."""

import json
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import NamedTuple

from models.contract.examples import inputs
from tests.fuzz.mutating import mutated
from tests.unit.contract import test_any_bytes as events
from tests.unit.documents import test_hostile_documents as documents
from tests.unit.files import test_any_rows as rows

HANGS_AFTER_S = 30
SMALL = 12_000
"""Bytes of a document that is worth changing: in larger ones most changes are alike."""


class Door(NamedTuple):
    """A way in."""

    corpus: Sequence[bytes]
    answered: Callable[[bytes], object]
    """Raises where the input was not."""
    share: float
    """Of all inputs."""


DOORS = {
    "json": Door([json.dumps(each).encode() for each in inputs().values()], events.answered, 0.6),
    "xml": Door([each for each in documents.DOCUMENTS if len(each) < SMALL], documents.answered, 0.2),
    "csv": Door(["\n".join((rows.HEADING, *rows.ROWS)).encode()], rows.taken, 0.2),
}


class NotAnsweredError(AssertionError):
    """An input that broke the property; it says which."""


def tried(door: Door, *, inputs: int, seed: int) -> Iterator[int]:
    """How many were answered so far, after each; NotAnsweredError at the first that was not."""
    chance = Random(seed)
    with _hang_is_a_failure():
        for number in range(1, inputs + 1):
            value = mutated(chance, door.corpus)
            signal.alarm(HANGS_AFTER_S)
            try:
                door.answered(value)
            except Exception as wrong:
                raise NotAnsweredError(f"input {number} of seed {seed}, {type(wrong).__name__}: {value!r}") from wrong
            yield number


@contextmanager
def _hang_is_a_failure() -> Iterator[None]:
    def hangs(_number: int, _frame: object) -> None:
        raise TimeoutError(f"no answer within {HANGS_AFTER_S} s")

    before = signal.signal(signal.SIGALRM, hangs)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
