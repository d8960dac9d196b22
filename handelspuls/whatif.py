"""The what-if's way through a changelog: its partitions read and judged side by side, in processes of their own."""

import asyncio
import gc
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, Future, ProcessPoolExecutor, wait
from typing import Any, NamedTuple

import msgspec

from models.purchase.assessing import Basis
from models.purchase.row import decode
from models.reference.snapshot import Snapshot
from models.rules.judge import judge_of
from models.whatif.comparison import Comparison, Days
from streams.judged import PREFIX
from streams.step import POSITION_KEY, position_of
from streams.stored import last_rows, partitions_of

LOOK_EVERY_S = 0.5
"""How often a terminal is told how far it is; what is written to a file is told less often."""
FILE_EVERY_S = 5.0
COUNT_EVERY = 200


class Question(msgspec.Struct, frozen=True):
    """What is asked: the purchases of which changelog, judged by which rules on which reference, for which days."""

    changelog: str
    bootstrap_servers: str
    snapshot: Snapshot
    rules: str
    """The ruleset's text."""
    live: int
    """The reference number by which the live judging should have judged."""
    days: Days


class Passed(NamedTuple):
    """How far it is."""

    share_read: float
    """Of the changelog, from 0 to 1."""
    judged: int
    """Numbers judged."""


class _Counters(NamedTuple):
    read: Any
    judged: Any


def compared(question: Question, *, say: Callable[[Passed], None]) -> Comparison:
    """The whole comparison; nothing is written anywhere.

    Raises:
        TopicMissing: there is no changelog.
    """
    sizes = asyncio.run(partitions_of(question.changelog, bootstrap_servers=question.bootstrap_servers))
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    counters = _Counters(context.Value("q", 0), context.Value("q", 0))
    whole = Comparison(days=question.days)
    processes = max(min(os.cpu_count() or 1, len(sizes)), 1)
    with ProcessPoolExecutor(processes, context, _begin, (question, counters)) as pool:
        largest_first = sorted(sizes, key=lambda number: -sizes[number])
        waiting = [pool.submit(_partition, number) for number in largest_first]
        _tell(waiting, counters, total=sum(sizes.values()), say=say)
        for each in waiting:
            whole.join(each.result())
    return whole


def _tell(waiting: list[Future[Comparison]], counters: _Counters, *, total: int, say: Callable[[Passed], None]) -> None:
    every = LOOK_EVERY_S if sys.stderr.isatty() else FILE_EVERY_S
    due = time.monotonic() + every
    while wait(waiting, timeout=LOOK_EVERY_S, return_when=FIRST_EXCEPTION).not_done:
        if any(each.done() and each.exception() for each in waiting):
            return
        if time.monotonic() >= due:
            due = time.monotonic() + every
            say(Passed(min(counters.read.value / max(total, 1), 1.0), counters.judged.value))


_question: Question
_basis: Basis
_counters: _Counters


def _begin(question: Question, counters: _Counters) -> None:
    """In each process once; the ruleset is compiled there because compiled rules do not travel."""
    global _question, _basis, _counters  # noqa: PLW0603 - what a process of the pool is begun with has no other place
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it at once, without a traceback of its own
    gc.disable()  # nearly all that is made here stays, and nothing goes in circles
    _question, _counters = question, counters
    _basis = Basis(question.snapshot, judge_of(question.rules))


def _partition(number: int) -> Comparison:
    rows = asyncio.run(
        last_rows(
            _question.changelog,
            number,
            beginnings=(PREFIX, POSITION_KEY),
            bootstrap_servers=_question.bootstrap_servers,
            progress=lambda offsets: _count(_counters.read, offsets),
        )
    )
    position = position_of(rows.pop(POSITION_KEY, None))
    behind = bool(rows) and position.marks.reference != _question.live
    comparison = Comparison(days=_question.days, behind=int(behind))
    for place, key in enumerate(sorted(rows), start=1):
        comparison.add(decode(rows[key]), _basis)
        if place % COUNT_EVERY == 0:
            _count(_counters.judged, COUNT_EVERY)
    _count(_counters.judged, len(rows) % COUNT_EVERY)
    return comparison


def _count(counter: Any, more: int) -> None:
    with counter.get_lock():
        counter.value += more
