"""All tables again from the input topics: read, computed without a stream, written as the tables of a new generation.

The new generation's processes find rows, cells and positions as if they had worked through the input themselves.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from models.contract.arrival import event_kind, refuse_future
from models.documents.reader import read_document
from models.facts import AnyFact
from models.judgement import Judgement, Origin
from models.purchase.assessing import Basis
from models.purchase.lifecycle import Moment
from models.purchase.memory import Rows
from models.purchase.rebuilt import NOTHING, CellSum, cells_by_partition
from models.purchase.row import encode
from models.refusal import RefusalError, Refused
from models.topics import DECISIONS, DOCUMENTS, ORDERS, PARTIALS, PURCHASES, REJECTED, ROUTED, changelog_topic
from streams.accepting import decision_of
from streams.cells import Cell, Partial, cell_row, partial_key
from streams.changelog import Reader, identities
from streams.errors import GenerationBegun
from streams.judged import PREFIX, output
from streams.outbox import Outbox, Place, Record
from streams.reading import Pseudonym, received
from streams.rejecting import rejected
from streams.routing import Received, home_of
from streams.step import POSITION_KEY, Marks, Position

INPUTS = (PURCHASES, DOCUMENTS, DECISIONS)
ROWS_AT_ONCE = 500
TRANSACTION_TIMEOUT_MS = 120_000
T = TypeVar("T")
_judgement = msgspec.json.Decoder(Judgement)
_partial = msgspec.json.Decoder(Partial)


class Live(msgspec.Struct):
    """What the live generation has told: the newest judgement of each purchase, and each cell by partition."""

    judgements: dict[str, Judgement] = {}
    cells: dict[tuple[int, str], CellSum] = {}
    rejected: set[tuple[str, int, int]] = set()


class Rebuilt(msgspec.Struct):
    """What the input comes to, and how far it was read."""

    rows: Rows
    ends: dict[Place, int]
    refused: list[tuple[Any, Refused]]
    records: int = 0


async def places_of(topic: str, *, bootstrap_servers: str) -> list[Place]:
    """Every partition of a topic."""
    return [(topic, number) for number in sorted(await identities(bootstrap_servers=bootstrap_servers, topic=topic))]


async def rebuilt(
    reader: Reader, basis: Basis, target: "Target", *, pseudonym: Pseudonym, progress: Callable[[int], None]
) -> Rebuilt:
    """Everything that the input topics hold as of now, computed on one basis."""
    at = target.bootstrap_servers
    places = [place for topic in (*INPUTS, ROUTED) for place in await places_of(topic, bootstrap_servers=at)]
    bounds = await reader.bounds(places)
    made = Rebuilt(Rows(basis), {place: held.end for place, held in bounds.items()}, [])
    for place in places:
        if place[0] != ROUTED:
            async for record in _records(reader, place, bounds[place].beginning, bounds[place].end):
                _take(record, made, pseudonym=pseudonym, generation=target.generation)
                progress(1)
    return made


async def _records(reader: Reader, place: Place, start: int, end: int) -> AsyncIterator[Any]:
    async for records, _ in reader.read(place, start, end):
        for record in records:
            if record.offset < end:
                yield record


def _take(record: Any, made: Rebuilt, *, pseudonym: Pseudonym, generation: int) -> None:
    made.records += 1
    try:
        one = fact_of(record, pseudonym=pseudonym)
    except RefusalError as error:
        made.refused.append((record, error.refused))
        return
    if one is not None:
        made.rows.receive(one.fact, kind=one.kind, moment=Moment(one.origin, one.at, generation))
        made.rows.told.clear()


def fact_of(record: Any, *, pseudonym: Pseudonym) -> Received | None:
    """The fact of a record of any input topic; None of a document that is no purchase."""
    if record.topic == PURCHASES:
        return received(record, pseudonym=pseudonym)
    origin = Origin(record.topic, record.partition, record.offset)
    decides = record.topic == DECISIONS
    fact = decision_of(record, pseudonym=pseudonym) if decides else read_document(record.value, pseudonym=pseudonym)
    if not isinstance(fact, AnyFact):
        return None
    refuse_future(fact, came_ms=record.timestamp)
    return Received(fact, event_kind(fact) if decides else "document", origin, record.timestamp)


async def live(reader: Reader, *, bootstrap_servers: str) -> Live:
    """Read from the topics that others subscribe to: of each key the greatest generation counts."""
    found = Live()
    ranks: dict[Any, tuple[int, int]] = {}
    for topic in (ORDERS, PARTIALS, REJECTED):
        for place in await places_of(topic, bootstrap_servers=bootstrap_servers):
            bounds = (await reader.bounds([place]))[place]
            async for record in _records(reader, place, bounds.beginning, bounds.end):
                _note(record, found, ranks)
    return found


def _note(record: Any, found: Live, ranks: dict[Any, tuple[int, int]]) -> None:
    headers = {name: (value or b"").decode(errors="replace") for name, value in record.headers}
    if record.topic == REJECTED:
        found.rejected.add((headers["topic"], int(headers["partition"]), int(headers["offset"])))
        return
    if record.value is None:
        return
    told: Any = (_judgement if record.topic == ORDERS else _partial).decode(record.value)
    rank = (int(headers.get("generation", "1")), told.revision if record.topic == ORDERS else told.sequence)
    if rank <= ranks.get((record.topic, record.key), (0, -1)):
        return
    ranks[record.topic, record.key] = rank
    if record.topic == ORDERS:
        found.judgements[told.purchase] = told
    else:
        found.cells[partial_key(record.key)] = CellSum(told.measures, told.buyers)


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where the new tables go."""

    bootstrap_servers: str
    app: str
    generation: int
    partitions: int
    reference: int

    @property
    def prefix(self) -> str:
        return f"{self.app}.{self.generation}"


async def write(reader: Reader, made: Rebuilt, old: Live, target: Target, *, progress: Callable[[int], None]) -> None:
    """Write rows, cells and positions, tell every purchase and cell under the new generation, and answer what was not.

    Raises:
        GenerationBegun: somebody has worked under this generation already.
    """
    await _refuse_begun(reader, target)
    cells = cells_by_partition(made.rows, lambda number: home_of(number, target.partitions))
    gone = [place for place in old.cells if place[1] not in cells.get(place[0], {})]
    numbers: dict[int, list[str]] = {}
    for number in sorted(made.rows.rows):
        numbers.setdefault(home_of(number, target.partitions), []).append(number)
    for partition in range(target.partitions):
        mine = cells.get(partition, {}) | {name: NOTHING for source, name in gone if source == partition}
        await _write_partition(partition, numbers.get(partition, []), mine, made, target, progress=progress)
    orphans = [_told_cell(source, name, NOTHING, target) for source, name in gone if source >= target.partitions]
    answers = [
        rejected(record, refused, partition=record.partition)
        for record, refused in made.refused
        if (record.topic, record.partition, record.offset) not in old.rejected
    ]
    async with _outbox(target, "rebuild") as outbox:
        await outbox.transaction([*orphans, *answers])
        for partition in range(target.partitions):
            position = Position(_offsets(made, partition, DOCUMENTS, DECISIONS))
            await outbox.transaction([_kept(target, "intake", partition, position)])


async def _refuse_begun(reader: Reader, target: Target) -> None:
    for table in ("purchases", "intake", "units"):
        topic = changelog_topic(target.prefix, table)
        places = await places_of(topic, bootstrap_servers=target.bootstrap_servers)
        if any(held.end > 0 for held in (await reader.bounds(places)).values()):
            raise GenerationBegun(
                f"{topic} holds rows already: generation {target.generation} was begun; take a later one"
            )


async def _write_partition(
    partition: int,
    numbers: Sequence[str],
    cells: Mapping[str, CellSum],
    made: Rebuilt,
    target: Target,
    *,
    progress: Callable[[int], None],
) -> None:
    """Rows first, the position last: what was interrupted is no table that anybody would go on from."""
    changelog = changelog_topic(target.prefix, "purchases")
    async with _outbox(target, f"purchases.{partition}") as outbox:
        for some_numbers in _batched(numbers):
            rows = [(number, made.rows.rows[number]) for number in some_numbers]
            kept = [Record(changelog, partition, PREFIX + number.encode(), encode(row)) for number, row in rows]
            told = [output(each.judgement) for _, row in rows for each in row.published.values()]
            await outbox.transaction([*kept, *told])
            progress(len(rows))
        for some in _batched(list(cells.items())):
            sums = [(one, Cell(1, cell.measures, cell.buyers)) for one, cell in some]
            kept = [Record(changelog, partition, *cell_row(one, cell)) for one, cell in sums]
            await outbox.transaction([*kept, *(_told_cell(partition, one, cell, target) for one, cell in some)])
        position = Position(_offsets(made, partition, PURCHASES, ROUTED), Marks(1, 1, target.reference))
        await outbox.transaction([_kept(target, "purchases", partition, position)])


def _batched(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + ROWS_AT_ONCE] for start in range(0, len(items), ROWS_AT_ONCE))


def _told_cell(partition: int, name: str, cell: CellSum, target: Target) -> Record:
    value = msgspec.json.encode(Partial(1, cell.measures, cell.buyers))
    headers = (("generation", str(target.generation).encode()),)
    return Record(PARTIALS, 0, f"{partition}|{name}".encode(), value, headers)


def _offsets(made: Rebuilt, partition: int, *topics: str) -> dict[str, int]:
    """Where the new generation goes on; a partition that is new begins at its beginning."""
    return {topic: made.ends.get((topic, partition), 0) for topic in topics}


def _kept(target: Target, table: str, partition: int, position: Position) -> Record:
    return Record(changelog_topic(target.prefix, table), partition, POSITION_KEY, msgspec.json.encode(position))


def _outbox(target: Target, name: str) -> Outbox:
    return Outbox(
        bootstrap_servers=target.bootstrap_servers,
        transactional_id=f"{target.prefix}.{name}",
        transaction_timeout_ms=TRANSACTION_TIMEOUT_MS,
    )
