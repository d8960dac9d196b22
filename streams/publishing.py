"""Publishing reference data: rows and their manifest in one transaction, by one publisher at a time.

All publishers share one transactional id. Whoever opens it aborts a publication that is still under way, reads what
holds then, and decides on that: two publications never mix, and none is decided on what is no longer so.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from random import SystemRandom
from weakref import WeakKeyDictionary

import msgspec
import structlog

from models.reference.build import Change
from models.reference.manifest import TOPICS, Manifest, set_records
from models.reference.snapshot import Snapshot
from models.topics import SETS
from streams.assembly import Assembly
from streams.changelog import Bounds, Reader
from streams.errors import Fenced
from streams.outbox import Outbox, Place, Record

log = structlog.get_logger(__name__)

Decide = Callable[[Snapshot], Sequence[Change]]
"""From what holds to what is to change. It may be asked again when another publisher came between."""

ATTEMPTS = 6
BACKOFF_S = 0.5
_CHANCE = SystemRandom()
TRANSACTION_TIMEOUT_MS = 120_000


class Published(msgspec.Struct, frozen=True):
    """A set that is now valid: its reference number and manifest."""

    number: int
    manifest: Manifest


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


def _turn() -> asyncio.Lock:
    """Publishers of one process take turns: fencing is for those of different processes."""
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Lock())


async def publish(
    decide: Decide, *, bootstrap_servers: str, app: str, loaded_at: datetime, cause: str
) -> Published | None:
    """Publish what `decide` wants changed; None if that is nothing.

    Raises:
        Fenced: other publishers came between, time and again.
    """
    for attempt in range(ATTEMPTS):
        try:
            async with _turn():
                return await _publish_once(
                    decide, bootstrap_servers=bootstrap_servers, app=app, loaded_at=loaded_at, cause=cause
                )
        except Fenced:
            log.info("reference_publisher_came_between", attempt=attempt + 1, of=ATTEMPTS)
        await asyncio.sleep(_CHANCE.uniform(0, BACKOFF_S * 2**attempt))
    raise Fenced("other publishers of reference data came between, again and again: load it when they are done")


async def read_reference(*, bootstrap_servers: str) -> Snapshot:
    """What holds now, read from the topics: for a look at it, without following."""
    snapshot, _ = await _read(bootstrap_servers)
    return snapshot


async def _publish_once(
    decide: Decide, *, bootstrap_servers: str, app: str, loaded_at: datetime, cause: str
) -> Published | None:
    publisher = Outbox(
        bootstrap_servers=bootstrap_servers,
        transactional_id=f"{app}.reference",
        transaction_timeout_ms=TRANSACTION_TIMEOUT_MS,
    )
    async with publisher as outbox:
        snapshot, bounds = await _read(bootstrap_servers)
        changes = decide(snapshot)
        if not changes:
            return None
        ends = {topic: bounds[topic, 0].end for topic in TOPICS}
        records, manifest = set_records(changes, ends=ends, loaded_at=loaded_at.isoformat(), cause=cause)
        written = await outbox.transaction(Record(one.topic, 0, one.key, one.value) for one in records)
        return Published(number=written[SETS, 0] - 1, manifest=manifest)


async def _read(bootstrap_servers: str) -> tuple[Snapshot, dict[Place, Bounds]]:
    assembly = Assembly()
    places: list[Place] = [(SETS, 0), *((topic, 0) for topic in TOPICS)]
    async with Reader.connected(bootstrap_servers=bootstrap_servers) as reader:
        bounds = await reader.bounds(places)
        ends = {topic: bounds[topic, 0].end for topic in TOPICS}
        async for records, _ in reader.read((SETS, 0), bounds[SETS, 0].beginning, bounds[SETS, 0].end):
            assembly.take_manifests(records)
        assembly.only_last(ends)
        for topic in TOPICS:
            async for records, _ in reader.read((topic, 0), bounds[topic, 0].beginning, bounds[topic, 0].end):
                assembly.take_rows(topic, records)
    return assembly.swap(ends) or assembly.snapshot, bounds
