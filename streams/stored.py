"""A look at a durable table from outside: the last rows of its changelog, read without opening or fencing anything."""

from collections.abc import Callable

from streams.changelog import Reader, identities
from streams.outbox import Place


async def partitions_of(changelog: str, *, bootstrap_servers: str) -> dict[int, int]:
    """The changelog's partitions, each with about how many records it holds.

    Raises:
        TopicMissing: there is no such changelog.
    """
    numbers = sorted(await identities(bootstrap_servers=bootstrap_servers, topic=changelog))
    places: list[Place] = [(changelog, number) for number in numbers]
    async with Reader.connected(bootstrap_servers=bootstrap_servers) as reader:
        bounds = await reader.bounds(places)
    return {number: held.end - held.beginning for (_, number), held in bounds.items()}


async def last_rows(
    changelog: str,
    partition: int,
    *,
    beginnings: tuple[bytes, ...],
    bootstrap_servers: str,
    progress: Callable[[int], None] = lambda _offsets: None,
) -> dict[bytes, bytes]:
    """The newest committed value of every key with one of these beginnings; `progress` is told the offsets passed."""
    place = (changelog, partition)
    rows: dict[bytes, bytes] = {}
    async with Reader.connected(bootstrap_servers=bootstrap_servers) as reader:
        bounds = (await reader.bounds([place]))[place]
        reached = bounds.beginning
        async for records, following in reader.read(place, bounds.beginning, bounds.end):
            rows.update((each.key, each.value) for each in records if each.value and each.key.startswith(beginnings))
            progress(following - reached)
            reached = following
    return rows
