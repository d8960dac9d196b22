"""Tells the story to whoever sends it: the history in batches, the time of a pause, then live; goes on where it was."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from threading import Event
from typing import Protocol

from deploy.local.simulator import story
from deploy.local.simulator.books import Books
from deploy.local.simulator.happening import Message
from deploy.local.simulator.memory import Memory, Origin, Position, Status
from deploy.local.simulator.town import Town, found

BATCH = 2_000
MESSAGES_PER_PURCHASE = 1.71
"""Measured; the number of messages is known only when they are made."""
SHORTEST_PAUSE = timedelta(minutes=10)
KEEP_EVERY = timedelta(seconds=2)


class Sender(Protocol):
    """Delivers messages; returns when all are acknowledged, or when it is told to stop."""

    def deliver(self, messages: list[Message]) -> None: ...


class Feed:
    """One run of the simulator. It ends soon after `stop` is set; what was sent is remembered.

    `each_moment` is called every few seconds while it is live.
    """

    def __init__(
        self,
        *,
        origin: Origin,
        memory: Memory,
        sender: Sender,
        clock: Callable[[], datetime],
        stop: Event,
        say: Callable[[str], None],
        each_moment: Callable[[datetime], None] = lambda _: None,
    ) -> None:
        self._origin = origin
        self._memory = memory
        self._sender = sender
        self._clock = clock
        self._stop = stop
        self._say = say
        self._each_moment = each_moment
        self._books = Books(memory.booked())

    def run(self, rate_per_s: float) -> None:
        town = found(self._origin.seed, self._origin.now)
        if not self._memory.position().history_done:
            self._send_history(town)
        if not self._stop.is_set():
            self._send_pause(town)
        if not self._stop.is_set():
            self._send_live(town, rate_per_s)

    def _send_history(self, town: Town) -> None:
        sent = self._memory.position().history_sent
        total = round(self._origin.purchases * MESSAGES_PER_PURCHASE)
        if sent:
            self._say(f"history: going on after {sent} messages")
        for batch in _batches(islice(story.history(town, self._origin.purchases), sent, None)):
            self._sender.deliver(batch)
            if self._stop.is_set():
                return
            sent += len(batch)
            self._memory.keep(Position(sent))
            self._memory.tell(Status("history", sent, max(total, sent), batch[-1].at))
            if sent % (10 * BATCH) == 0:
                self._say(f"history: {sent} of about {total} messages, up to {batch[-1].at:%d %B %Y}")
        self._memory.keep(Position(sent, history_done=True, at=self._clock()))
        self._say(f"history: all {sent} messages are sent")

    def _send_pause(self, town: Town) -> None:
        """While the simulator was off, the municipality went on as in its history."""
        since, now = self._memory.position().at or town.now, self._clock()
        if now - since < SHORTEST_PAUSE:
            return
        self._say(f"filling the pause since {since:%d %B %Y %H:%M}")
        for batch in _batches(story.filled_pause(town, self._origin.purchases, since, now)):
            self._sender.deliver(batch)
            if self._stop.is_set():
                return
            self._books.add(batch)
            self._told("pause", batch[-1].at)

    def _send_live(self, town: Town, rate_per_s: float) -> None:
        start = kept_at = self._clock()
        self._say(f"live: {rate_per_s * 60:.0f} purchases a minute in a busy hour")
        due: list[Message] = []
        sent = 0
        self._told("live", start)
        for message in story.live(town, start, rate_per_s):
            if message.at > self._clock() or len(due) >= BATCH:
                self._sender.deliver(due)
                self._books.add(due)
                sent, due = sent + len(due), []
                if self._clock() - kept_at > KEEP_EVERY:
                    kept_at = self._clock()
                    self._told("live", kept_at, sent)
                    self._each_moment(kept_at)
                self._stop.wait(max(0.0, (message.at - self._clock()).total_seconds()))
            if self._stop.is_set():
                break
            due.append(message)
        self._told("live", self._clock(), sent)

    def _told(self, phase: str, at: datetime, sent: int = 0) -> None:
        before = self._memory.position()
        self._memory.keep(Position(before.history_sent, history_done=True, at=at))
        self._memory.keep_booked(self._books.rows())
        self._memory.tell(Status(phase, before.history_sent + sent, before.history_sent + sent, at))


def _batches(messages: Iterable[Message]) -> Iterator[list[Message]]:
    iterator = iter(messages)
    while batch := list(islice(iterator, BATCH)):
        yield batch
