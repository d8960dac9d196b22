"""The partitions of a process: opened when assigned, kept through a rebalance, closed when they move."""

import asyncio
from collections.abc import Callable, Iterable, Mapping

import structlog

from streams.batch import Batch
from streams.partition import PartitionTask

log = structlog.get_logger(__name__)


class Partitions:
    """By number; the consumer asks it what to fetch, Faust tells it what is assigned."""

    def __init__(self, *, make: Callable[[int], PartitionTask], current_generation: Callable[[], int]) -> None:
        self._make = make
        self._current_generation = current_generation
        self._tasks: dict[int, PartitionTask] = {}
        self._is_closing = False
        self.is_assigned = False
        """False until the first assignment and while a rebalance goes on."""

    @property
    def tasks(self) -> Mapping[int, PartitionTask]:
        return self._tasks

    def reads_from(self, topic: str, partition: int) -> int | None:
        task = self._tasks.get(partition)
        return None if task is None else task.reads_from(topic)

    def deliver(self, batch: Batch) -> None:
        task = self._tasks.get(batch.partition)
        if task is None:
            batch.give_back()
        else:
            task.deliver(batch)

    def suspend(self) -> None:
        self.is_assigned = False
        for task in self._tasks.values():
            task.suspend()

    async def verify_topics(self) -> None:
        """One asks for all: what is open has found the same topics."""
        task = next((task for task in self._tasks.values() if task.is_open), None)
        if task is not None:
            await task.verify_topics()

    async def settle(self) -> None:
        """Suspended, and nothing is being written any more."""
        self.suspend()
        await asyncio.gather(*(task.settled() for task in self._tasks.values()))

    async def assign(self, numbers: Iterable[int]) -> None:
        """These and no others belong to this process from now on."""
        wanted = set(numbers)
        await self._close([number for number in self._tasks if number not in wanted])
        if self._is_closing:
            return
        generation = self._current_generation()
        kept = sorted(self._tasks)
        for task in self._tasks.values():
            task.resume(generation)
        for number in sorted(wanted - self._tasks.keys()):
            task = self._tasks[number] = self._make(number)
            task.start(generation=generation, current_generation=self._current_generation)
        self.is_assigned = True
        log.info("partitions assigned", assigned=sorted(wanted), kept=kept, generation=generation)

    async def close(self) -> None:
        """Finish what is being written and let go of everything."""
        self._is_closing = True
        await self.settle()
        await self._close(list(self._tasks))

    async def _close(self, numbers: Iterable[int]) -> None:
        await asyncio.gather(*(self._tasks.pop(number).close() for number in numbers))
