"""The same job as a Faust program is usually written: one event at a time, Tables, Records, `topic.send`.

At Faust's defaults. It judges as the service does and writes the same judgements, refusals and cells.
"""

from typing import Any

import faust
import msgspec

from bench.programs import surroundings
from bench.programs.desk import Desk, Judged, headers_of
from models.judgement import Judgement
from models.measures import ZERO
from models.purchase.row import Row, decode, encode
from models.tally.contribution import add
from models.topics import ORDERS, PARTIALS, PURCHASES, REJECTED, ROUTED

FLUSH_S = 0.3
TABLES = ROWS, CELLS = "rows", "cells"


class Told(faust.Record, serializer="json"):
    """A judgement as subscribers get it."""

    purchase: str
    kind: str
    number: str
    order: str | None
    generation: int
    revision: int
    version: int
    unit: str
    root: str
    day: str
    supplier: str
    outcome: str
    channel: str
    reason: str
    rule: str
    ruleset: str
    reference: int
    lines: list[dict[str, Any]]
    amounts_ore: dict[str, int]
    invoiced_ore: int
    credited_ore: int
    currency: str
    flags: list[str]
    evidence: dict[str, str]
    tallied: bool
    cause: dict[str, Any]
    previous: dict[str, Any] | None
    source: dict[str, Any] | None
    judged_at: str
    certified: bool | None
    documents: list[dict[str, Any]]


class Partial(faust.Record, serializer="json"):
    """A cell on its way to the merge."""

    sequence: int
    measures: list[int]
    buyers: dict[str, int]


class Came(msgspec.Struct, frozen=True):
    """A Faust message as the contract's readers want it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Any
    timestamp: int


def told(judgement: Judgement) -> Told:
    """A judgement as a Faust Record."""
    return Told(**msgspec.to_builtins(judgement))


def came(message: Any) -> Came:
    """What the contract's readers want to know of a message."""
    at_ms = int(message.timestamp * 1000)
    place = (message.topic, message.partition, message.offset)
    return Came(*place, message.key, message.value, message.headers, at_ms)


class State:
    """The Tables: rows by number, cells by partition and cell."""

    def __init__(self, app: faust.App) -> None:
        self._rows = app.Table(ROWS, default=bytes, value_type=bytes)
        self._cells = app.Table(CELLS, default=lambda: [0, [*ZERO], {}])
        self._dirty: set[str] = set()

    def row_of(self, number: str) -> Row:
        return decode(self._rows[number] or None)

    def keep(self, partition: int, judged: Judged) -> None:
        if judged.row is None:
            return
        self._rows[judged.number] = encode(judged.row)
        for name, measures in judged.change.items():
            self._add(f"{partition}|{name}", measures)

    def _add(self, key: str, change: dict[int | str, int]) -> None:
        sequence, measures, buyers = self._cells[key]
        measures, buyers = [*measures], {**buyers}
        add(measures, buyers, change)
        self._cells[key] = [sequence + 1, measures, buyers]
        self._dirty.add(key)

    def changed(self) -> list[tuple[str, Partial]]:
        """Cells that were changed since this was asked last."""
        changed, self._dirty = self._dirty, set()
        return [(key, self._partial(key)) for key in changed]

    def _partial(self, key: str) -> Partial:
        sequence, measures, buyers = self._cells[key]
        return Partial(sequence=sequence, measures=measures, buyers=buyers)


class Outlets:
    """Where things go, and one send for each."""

    def __init__(self, app: faust.App) -> None:
        self._orders = app.topic(ORDERS, key_serializer="raw", value_type=Told)
        self._partials = app.topic(PARTIALS, key_serializer="raw", value_type=Partial)
        self._onward = {name: app.topic(name, key_serializer="raw", value_type=bytes) for name in (ROUTED, REJECTED)}

    async def tell(self, judged: Judged) -> None:
        for one in judged.onward:
            await self._onward[one.topic].send(
                key=one.key, value=one.value, partition=one.partition, headers=list(one.headers)
            )
        for each in judged.judgements:
            headers = list(headers_of(each))
            await self._orders.send(key=each.purchase.encode(), value=told(each), headers=headers)

    async def flush(self, cells: list[tuple[str, Partial]]) -> None:
        for key, partial in cells:
            await self._partials.send(key=key.encode(), value=partial, partition=0)


def build(desk: Desk, meter: surroundings.Meter) -> faust.App:
    """The app with its agent and its timer."""
    app = faust.App(
        surroundings.app(),
        broker=f"kafka://{surroundings.bootstrap()}",
        datadir=str(surroundings.data_folder()),
        topic_partitions=surroundings.partitions(),
        autodiscover=False,
        web_enabled=False,
    )
    state, outlets = State(app), Outlets(app)

    async def judge(stream: Any) -> None:
        async for event in stream.events():
            judged = desk.judge(came(event.message), state.row_of)
            state.keep(event.message.partition, judged)
            await outlets.tell(judged)
            meter.records += 1

    async def flush() -> None:
        await outlets.flush(state.changed())

    app.agent(app.topic(PURCHASES, ROUTED, key_serializer="raw", value_serializer="raw"), name="judge")(judge)
    app.timer(interval=FLUSH_S)(flush)
    return app


def main() -> None:
    """Read all there is, and go on."""
    surroundings.create_compacted(*(f"{surroundings.app()}-{table}-changelog" for table in TABLES))
    meter = surroundings.Meter()
    app = build(Desk(), meter)
    meter.show()
    faust.Worker(app, loglevel="INFO").execute_from_commandline()


if __name__ == "__main__":
    main()
