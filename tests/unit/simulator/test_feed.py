from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import msgspec
import pytest

from deploy.local.simulator.feed import Feed
from deploy.local.simulator.happening import Message
from deploy.local.simulator.memory import Memory, Origin, Status
from handelspuls.errors import CannotRun
from tests.unit.simulator.conftest import NOW, SEED

PURCHASES = 3_000


class Basket:
    """Takes messages until it has enough, then stops the feed as a signal would."""

    def __init__(self, stop: Event, enough: int) -> None:
        self.taken: list[Message] = []
        self._stop = stop
        self._enough = enough

    def deliver(self, messages: list[Message]) -> None:
        self.taken += messages
        if len(self.taken) >= self._enough:
            self._stop.set()


class Clock:
    """Runs ahead by a second each time it is asked."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def __call__(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


def run(folder: Path, *, enough: int, start: datetime = NOW, rate_per_s: float = 1.0) -> list[Message]:
    stop = Event()
    basket = Basket(stop, enough)
    memory = Memory(folder)
    origin = memory.origin(seed=SEED, purchases=PURCHASES, now=start)
    feed = Feed(origin=origin, memory=memory, sender=basket, clock=Clock(start), stop=stop, say=lambda _: None)
    feed.run(rate_per_s)
    return basket.taken


def test_a_history_that_was_stopped_goes_on_where_it_was(tmp_path: Path, history_of_the_feed: list[Message]) -> None:
    first = run(tmp_path, enough=2_000)
    rest = run(tmp_path, enough=len(history_of_the_feed))
    # The batch during which it was stopped may be sent again; nothing is left out.
    assert first == history_of_the_feed[: len(first)]
    assert rest[0] in first
    assert rest[0] is not first[0]
    assert [one for one in rest if one.at <= NOW][-1] == history_of_the_feed[-1]


def test_a_second_run_sends_no_history_again(tmp_path: Path, history_of_the_feed: list[Message]) -> None:
    run(tmp_path, enough=len(history_of_the_feed) + 10)
    again = run(tmp_path, enough=10, start=NOW + timedelta(minutes=5))
    assert all(one.at > NOW for one in again)


def test_the_time_between_two_runs_is_filled(tmp_path: Path, history_of_the_feed: list[Message]) -> None:
    run(tmp_path, enough=len(history_of_the_feed) + 10)
    again = run(tmp_path, enough=20, start=NOW + timedelta(days=3))
    assert any(one.at < NOW + timedelta(days=2) for one in again)


def test_what_is_sent_live_is_booked(tmp_path: Path, history_of_the_feed: list[Message]) -> None:
    sent = run(tmp_path, enough=len(history_of_the_feed) + 200)
    live = [one.entry for one in sent if one.at > NOW and one.entry]
    booked = Memory(tmp_path).booked()
    assert sum(row.documents for row in booked) == sum(entry.documents for entry in live) > 0
    assert sum(row.amount_ore for row in booked) == sum(entry.amount_ore for entry in live)


def test_the_status_says_how_far_it_is(tmp_path: Path) -> None:
    run(tmp_path, enough=4_001)
    status = msgspec.json.decode(Memory(tmp_path).status_file.read_bytes(), type=Status)
    assert status.phase == "history"
    assert 0 < status.sent <= status.total


def test_another_story_in_the_same_folder_is_refused_with_what_to_do(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    memory.origin(seed=1, purchases=10, now=NOW)
    with pytest.raises(CannotRun, match="make reset"):
        memory.origin(seed=2, purchases=10, now=NOW)


def test_the_first_run_decides_when_the_history_ends(tmp_path: Path) -> None:
    first = Memory(tmp_path).origin(seed=1, purchases=10, now=NOW)
    assert Memory(tmp_path).origin(seed=1, purchases=10, now=NOW + timedelta(days=9)) == first == Origin(1, 10, NOW)
