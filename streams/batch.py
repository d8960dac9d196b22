"""The records of one fetch of one partition, and what has become of them."""

from collections.abc import Callable, Sequence
from enum import StrEnum

from aiokafka import ConsumerRecord


class BatchState(StrEnum):
    """Waiting, then worked on, then done; or given back, to be delivered again."""

    WAITING = "waiting"
    WORKED_ON = "worked_on"
    DONE = "done"
    GIVEN_BACK = "given_back"


class Batch:
    """Owned by the partition it is delivered to; the consumer is told when it ends, one way or the other."""

    __slots__ = ("_on_end", "_state", "follows", "generation", "next_offset", "partition", "records", "topic")

    def __init__(
        self,
        *,
        topic: str,
        partition: int,
        records: Sequence[ConsumerRecord],
        follows: int,
        generation: int,
        on_end: Callable[["Batch"], None],
    ) -> None:
        self.topic = topic
        self.partition = partition
        self.records = records
        self.follows = follows
        """Everything from this offset on is in the batch; what lies before came in others."""
        self.generation = generation
        self.next_offset: int = records[-1].offset + 1
        self._state = BatchState.WAITING
        self._on_end = on_end

    @property
    def is_done(self) -> bool:
        return self._state is BatchState.DONE

    @property
    def is_given_back(self) -> bool:
        return self._state is BatchState.GIVEN_BACK

    def begin(self) -> bool:
        """False if it was given back meanwhile: it will come again."""
        if self._state is not BatchState.WAITING:
            return False
        self._state = BatchState.WORKED_ON
        return True

    def finish(self) -> None:
        """All of it is committed, or lay below the position."""
        self._end(BatchState.DONE)

    def give_back(self) -> None:
        """Nobody has begun it, so nobody will."""
        if self._state is BatchState.WAITING:
            self._end(BatchState.GIVEN_BACK)

    def abandon(self) -> None:
        """It was begun but its effects may not be written by this owner."""
        self._end(BatchState.GIVEN_BACK)

    def _end(self, state: BatchState) -> None:
        self._state = state
        self._on_end(self)
