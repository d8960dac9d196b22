"""Which topic fills which table, and how one of its records becomes a row (`compliance.orders` is in judgements)."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple, TypeVar

import msgspec
from sqlalchemy import Table

from models import topics
from models.contract.rejection import RESENT_FROM, RejectionState
from models.measures import MEASURES
from models.reference.rows import BuyerRow, CatalogueRow, LedgerRow, RulesetRow, SupplierRow, TargetRow, UnitRow
from models.tally.contribution import cell_parts
from models.whatif.shadowed import Shadowed
from sinks.database import schema
from sinks.database.judgements import json_text
from sinks.database.records import Record, Row, Unreadable, generation_of, key_text, storable

T = TypeVar("T")
QUOTED = ("agreements", "catalogue", "standing_orders", "external_channels", "accounts")
"""The tables of the reference whose rows evidence quotes and no other table holds."""


class Feed(NamedTuple):
    """One topic into one table: a row is replaced by one that is greater in `newer_by`, by any where it is empty."""

    table: Table
    columns: tuple[str, ...]
    read: Callable[[Record], Row]
    newer_by: tuple[str, ...] = ()
    replace: bool = True


class Cell(msgspec.Struct, frozen=True):
    """The value of `compliance.partials`: the measures in the order of MEASURES."""

    sequence: int
    measures: tuple[int, ...]
    buyers: dict[str, int] = {}


class Snapshot(msgspec.Struct, frozen=True):
    """The columns of `compliance.units`."""

    unit: str
    name: str
    level: str
    root: str
    day: date
    as_of: str
    generation: int
    revision: int
    parent: str | None = None


class Alert(msgspec.Struct, frozen=True):
    """The value of `compliance.alerts`."""

    unit: str
    figure: str
    window: str
    state: str
    since: str
    generation: int
    revision: int
    value_from: float | None = msgspec.field(name="from", default=None)
    value_to: float | None = msgspec.field(name="to", default=None)
    target: float | None = None


class Quoted(msgspec.Struct, frozen=True):
    """What a row that evidence quotes is looked up by; each table has some of it."""

    supplier: str | None = None
    item: str | None = None
    category: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class Deleted(msgspec.Struct, frozen=True):
    """The flag that takes a reference row away."""

    deleted: bool = False


def read_cell(record: Record) -> Row:
    """A cell; the list of measures only grows at its end, so a shorter one is older and filled with zeros."""
    key = place_of_cell(key_text(record))
    if record.value is None:
        return Row(key, (generation_of(record), 0), None)
    cell = _decoded(record, Cell)
    if len(cell.measures) > len(MEASURES):
        raise Unreadable(f"{record.place} has {len(cell.measures)} measures, this version knows {len(MEASURES)}.")
    rank = (generation_of(record), cell.sequence)
    missing = (0,) * (len(MEASURES) - len(cell.measures))
    return Row(key, rank, (*key, *rank, *cell.measures, *missing, json_text(msgspec.json.encode(cell.buyers))))


def place_of_cell(key: str) -> tuple[int, str, str, date]:
    """`source partition|root|unit|day`, root and unit percent-encoded."""
    partition, _, cell = key.partition("|")
    try:
        root, unit, day = cell_parts(cell)
        return int(partition), root, unit, day
    except ValueError as wrong:
        raise Unreadable(f"{key!r} is no cell's key: source partition|root|unit|day.") from wrong


def read_snapshot(record: Record) -> Row:
    """A unit's figures; a null value takes the unit away."""
    if record.value is None:
        return Row((key_text(record),), (generation_of(record), 0), None)
    value = _decoded(record, Snapshot)
    rank = (value.generation, value.revision)
    body = json_text(record.value)
    values = (value.unit, *rank, value.name, value.level, value.parent, value.root, value.day, value.as_of, body)
    return Row((value.unit,), rank, values)


def read_alert(record: Record) -> Row:
    """A crossing or its end."""
    value = _decoded(record, Alert)
    rank = (value.generation, value.revision)
    key = (value.unit, value.figure, value.window, *rank, value.state)
    return Row(key, rank, (*key, value.value_from, value.value_to, value.target, value.since, record.at))


def read_rejection(record: Record) -> Row:
    """A refused record, by the place of the first copy of it; a later record of the same place says what became of it."""
    headers = record.headers
    key = _origin(record)
    texts = tuple(storable(headers.get(name, "")) for name in ("code", "field", "message", "source", "event_id"))
    name = None if record.key is None else key_text(record)
    state = headers.get("state", RejectionState.OPEN)
    resent_at = headers.get("state_at") if state == RejectionState.RESENT else None
    return Row(key, (record.offset,), (*key, *texts, name, record.value, headers.get("time") or None, resent_at, state))


def _origin(record: Record) -> tuple[str, int, int]:
    headers = record.headers
    topic, partition, offset = (
        headers.get("topic", record.topic),
        headers.get("partition", ""),
        headers.get("offset", ""),
    )
    if first := re.fullmatch(r"(.+)/(\d{1,9})/(\d{1,18})", headers.get(RESENT_FROM, "")):  # a sender may write anything
        topic, partition, offset = first.groups()
    if not (partition.isdecimal() and offset.isdecimal()):
        raise Unreadable(f"{record.place} does not say in partition and offset what was rejected.")
    return topic, int(partition), int(offset)


def read_unit(record: Record) -> Row:
    def values(key: str, row: UnitRow) -> tuple[object, ...]:
        place = (row.unit, row.name, row.level.value, row.parent, list(row.identifiers), row.valid_from, row.valid_to)
        return (key, *place, row.manager_email, row.peer_group, row.fte)

    return _reference(record, UnitRow, values)


def read_supplier(record: Record) -> Row:
    return _reference(
        record,
        SupplierRow,
        lambda key, row: (key, row.supplier, row.name, list(row.identifiers), row.punch_out, row.exclusion),
    )


def read_target(record: Record) -> Row:
    return _reference(
        record,
        TargetRow,
        lambda key, row: (key, row.unit, row.figure, row.valid_from, row.valid_to, row.value, row.decided_by),
    )


def read_buyer(record: Record) -> Row:
    return _reference(record, BuyerRow, lambda key, row: (key, row.buyer, row.certified_from, row.certified_until))


def read_ledger(record: Record) -> Row:
    return _reference(record, LedgerRow, lambda key, row: (key, row.unit, row.day, row.documents, row.amount_ore))


def read_quoted(record: Record) -> Row:
    """A row of a table that evidence quotes, with what it is looked up by."""
    table = record.topic.rpartition(".")[2]
    key, rank = (table, key_text(record)), (record.offset,)
    if record.value is None or _decoded(record, Deleted).deleted:
        return Row(key, rank, None)
    row = _decoded(record, Quoted)
    looked_up = (row.supplier, row.item, row.category) if table == CatalogueRow.table else (row.supplier, None, None)
    return Row(key, rank, (*key, *looked_up, row.valid_from, row.valid_to, json_text(record.value)))


def read_ruleset_record(record: Record) -> Row:
    """A ruleset as it was published; none is ever taken away."""
    row = _decoded(record, RulesetRow)
    key, rank = (record.offset,), (record.offset,)
    texts = (row.author, row.approver, row.comment, row.text)
    return Row(key, rank, (*key, row.key, row.active, row.shadow, *map(storable, texts), record.at))


def read_shadowed(record: Record) -> Row:
    """How the shadow ruleset judges a purchase."""
    key = (key_text(record),)
    if record.value is None:
        return Row(key, (generation_of(record), 0), None)
    value = _decoded(record, Shadowed)
    rank = (value.generation, value.revision)
    differs = value.live != value.shadow or any(one.live != one.shadow for one in value.lines)
    place = (storable(value.unit), value.day)
    return Row(key, rank, (*key, *rank, *place, value.ruleset, differs, json_text(record.value)))


def _reference(record: Record, kind: type[T], values: Callable[[str, T], tuple[object, ...]]) -> Row:
    key = key_text(record)
    rank = (record.offset,)
    if record.value is None or _decoded(record, Deleted).deleted:
        return Row((key,), rank, None)
    return Row((key,), rank, values(key, _decoded(record, kind)))


def _decoded(record: Record, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(record.value or b"", type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise Unreadable(f"{record.place} is no {kind.__name__}: {wrong}") from wrong


def _columns(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if column.name != "applied")


def _feed(table: Table, read: Callable[[Record], Row], *newer_by: str) -> Feed:
    return Feed(table, _columns(table), read, newer_by)


FEEDS: Mapping[str, Feed] = {
    topics.PARTIALS: _feed(schema.unit_days, read_cell, "generation", "sequence"),
    topics.UNITS: _feed(schema.unit_snapshots, read_snapshot, "generation", "revision"),
    topics.ALERTS: _feed(schema.alerts, read_alert)._replace(replace=False),
    topics.REJECTED: _feed(schema.rejections, read_rejection),
    topics.SHADOW: _feed(schema.shadow_judgements, read_shadowed, "generation", "revision"),
    topics.reference_topic("rulesets"): _feed(schema.ruleset_records, read_ruleset_record),
    **{topics.reference_topic(table): _feed(schema.reference_rows, read_quoted) for table in QUOTED},
    topics.reference_topic("units"): _feed(schema.units, read_unit),
    topics.reference_topic("suppliers"): _feed(schema.suppliers, read_supplier),
    topics.reference_topic("targets"): _feed(schema.targets, read_target),
    topics.reference_topic("buyers"): _feed(schema.buyers, read_buyer),
    topics.reference_topic("ledger"): _feed(schema.ledger, read_ledger),
}
