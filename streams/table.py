"""The durable table: per partition a transactional producer, a compacted changelog and rows on the local disk."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec
import rocksdict

from streams.changelog import Progress, Reader, identities, restore
from streams.failpoint import Point, pass_by
from streams.outbox import MAX_RECORD_BYTES, Outbox, Record
from streams.store import Identity, Store, block_cache


class TableSettings(msgspec.Struct, frozen=True, kw_only=True):
    """A table's name, its changelog topic and its home on disk."""

    prefix: str
    name: str
    changelog: str
    bootstrap_servers: str
    datadir: Path
    transaction_timeout_ms: int = 10_000
    max_record_bytes: int = MAX_RECORD_BYTES
    cache_megabytes: int = 64


class TopicId(Protocol):
    """Asks for a topic's id."""

    async def __call__(self, topic: str, *, now: bool = False) -> str: ...


class TablePartition:
    """One partition of a table. `take_epoch`, then `restore`, then it serves."""

    def __init__(
        self,
        *,
        settings: TableSettings,
        partition: int,
        identify: Callable[[int], Awaitable[Identity]],
        topic_id: TopicId,
        cache: rocksdict.Cache,
    ) -> None:
        self.partition = partition
        self.topic_id = topic_id
        """Asks for the id of a topic by its name; `now` does not trust an answer from before."""
        self._settings = settings
        self._identify = identify
        self._cache = cache
        self._store: Store | None = None
        self._outbox = Outbox(
            bootstrap_servers=settings.bootstrap_servers,
            transactional_id=f"{settings.prefix}.{settings.name}.{partition}",
            transaction_timeout_ms=settings.transaction_timeout_ms,
            max_record_bytes=settings.max_record_bytes,
        )

    @property
    def bootstrap_servers(self) -> str:
        return self._settings.bootstrap_servers

    @property
    def store(self) -> Store:
        if self._store is None:
            raise RuntimeError(f"{self._settings.name} {self.partition} is not open")
        return self._store

    async def open(self, *, progress: Progress = lambda _records, _percent: None) -> int:
        """Take the epoch, then read the changelog's tail; how many records it took."""
        await self.take_epoch()
        async with Reader.connected(bootstrap_servers=self._settings.bootstrap_servers) as reader:
            return await self.restore(reader, progress=progress)

    async def take_epoch(self) -> None:
        """From here on the broker refuses every other process that had this partition."""
        await self._outbox.open()

    async def restore(self, reader: Reader, *, progress: Progress) -> int:
        """After the epoch is taken nobody else can write the changelog, so what is read is all there is."""
        identity = await self._identify(self.partition)
        path = self._settings.datadir / self._settings.name / str(self.partition)
        self._store = Store.open(path=path, identity=identity, cache=self._cache)
        place = (self._settings.changelog, self.partition)
        return await restore(self._store, reader=reader, place=place, progress=progress)

    def get(self, key: bytes) -> bytes | None:
        return self.store.get(key)

    def scan(self, prefix: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        return self.store.scan(prefix)

    async def commit(self, changes: Mapping[bytes, bytes], records: Sequence[Record]) -> None:
        """One transaction with the records and the changed rows; then the rows go to disk.

        Raises:
            RecordTooLarge: before anything was sent.
            Fenced: another process has the partition; nothing of this was written.
        """
        changelog, partition = self._settings.changelog, self.partition
        rows = [Record(changelog, partition, key, value) for key, value in changes.items()]
        ends = await self._outbox.transaction([*records, *rows])
        pass_by(Point.COMMITTED)
        if changes:
            self.store.write(changes, ends[changelog, partition])

    async def close(self) -> None:
        await self._outbox.close()
        store, self._store = self._store, None
        if store is not None:
            store.close()


class Table:
    """All partitions of a table in this process: they share a block cache and ask once what the changelog is."""

    def __init__(self, settings: TableSettings) -> None:
        self.settings = settings
        self._cache = block_cache(megabytes=settings.cache_megabytes)
        self._identities: dict[int, Identity] = {}
        self._topic_ids: dict[str, str] = {}
        self._asking = asyncio.Lock()

    def partition(self, partition: int) -> TablePartition:
        return TablePartition(
            settings=self.settings,
            partition=partition,
            identify=self._identify,
            topic_id=self._topic_id,
            cache=self._cache,
        )

    async def _identify(self, partition: int) -> Identity:
        async with self._asking:
            if partition not in self._identities:
                self._identities = await identities(
                    bootstrap_servers=self.settings.bootstrap_servers, topic=self.settings.changelog
                )
        return self._identities[partition]

    async def _topic_id(self, topic: str, *, now: bool = False) -> str:
        async with self._asking:
            if now or topic not in self._topic_ids:
                found = await identities(bootstrap_servers=self.settings.bootstrap_servers, topic=topic)
                self._topic_ids[topic] = next(iter(found.values())).topic_id
        return self._topic_ids[topic]
