"""A batch of records into the database: what it does, decided first, then written in the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from psycopg import sql

from sinks.database import schema
from sinks.database.bulk import Cursor, copy_rows, delete_keys, delete_purchases, upsert
from sinks.database.feeds import Feed
from sinks.database.judgements import (
    DOCUMENT_COLUMNS,
    LINE_COLUMNS,
    PURCHASE_COLUMNS,
    REVISION_COLUMNS,
    Purchases,
    document_rows,
    line_rows,
    purchase_row,
    sort_out,
)
from sinks.database.records import Record, Row, Value

NEWER = ("generation", "revision")
_PARTS = (schema.purchase_lines, schema.purchase_documents)
"""The tables of what hangs on a current purchase: replaced with it."""


class Change(NamedTuple):
    """What a batch does to one table: the last word on each key."""

    feed: Feed
    deleted: list[tuple[Value, ...]]
    rows: list[tuple[Value, ...]]


class Batch(NamedTuple):
    """What a batch of records does."""

    purchases: Purchases
    changes: list[Change]

    @property
    def tables(self) -> list[str]:
        """The names of the tables it touches, for who listens."""
        named = [change.feed.table.name for change in self.changes]
        return [*(["purchases"] if any(self.purchases) else []), *named]


def decide(records: Sequence[Record], *, orders: str, feeds: Mapping[str, Feed]) -> Batch:
    """What these records do, each partition's in the order of its offsets; raises Unreadable."""
    by_topic = groupby(sorted(records, key=attrgetter("topic")), key=attrgetter("topic"))
    purchases = Purchases([], [], {})
    changes: list[Change] = []
    for topic, group in by_topic:
        if topic == orders:
            purchases = sort_out(group)
        else:
            changes.append(_change(feeds[topic], group))
    return Batch(purchases, changes)


def _change(feed: Feed, records: Iterable[Record]) -> Change:
    last: dict[tuple[Value, ...], Row] = {}
    for record in records:
        row = feed.read(record)
        known = last.get(row.key)
        if known is None or row.values is None or known.values is None or known.rank <= row.rank:
            last[row.key] = row
    deleted = [row.key for row in last.values() if row.values is None]
    return Change(feed, deleted, [row.values for row in last.values() if row.values is not None])


def write(cursor: Cursor, batch: Batch) -> None:
    """Write it; what is older than the tables' rows changes nothing."""
    _write_purchases(cursor, batch.purchases)
    for feed, deleted, rows in batch.changes:
        if deleted:
            delete_keys(cursor, feed.table, keys=deleted)
        if rows:
            upsert(cursor, feed.table, columns=feed.columns, rows=rows, newer_by=feed.newer_by, replace=feed.replace)


def _write_purchases(cursor: Cursor, purchases: Purchases) -> None:
    if purchases.forgotten:
        for table in (*_PARTS, schema.revisions, schema.purchases):
            delete_purchases(cursor, table, purchases=purchases.forgotten)
    if purchases.revisions:
        upsert(cursor, schema.revisions, columns=REVISION_COLUMNS, rows=purchases.revisions, replace=False)
    if purchases.current:
        _write_current(cursor, purchases)


def _write_current(cursor: Cursor, purchases: Purchases) -> None:
    rows = (purchase_row(judgement) for judgement in purchases.current.values())
    written = upsert(cursor, schema.purchases, columns=PURCHASE_COLUMNS, rows=rows, newer_by=NEWER)
    replaced = [purchase for purchase, was_there in written if was_there]
    for table in _PARTS if replaced else ():
        delete_purchases(cursor, table, purchases=replaced)
    current = [purchases.current[purchase] for purchase, _ in written]
    lines = (row for judgement in current for row in line_rows(judgement))
    copy_rows(cursor, into=schema.purchase_lines.name, columns=LINE_COLUMNS, rows=lines)
    documents = (row for judgement in current for row in document_rows(judgement))
    copy_rows(cursor, into=schema.purchase_documents.name, columns=DOCUMENT_COLUMNS, rows=documents)


def notify(cursor: Cursor, tables: Sequence[str]) -> None:
    """Tell who listens, when the transaction is committed."""
    cursor.execute(sql.SQL("select pg_notify(%s, %s)"), (schema.CHANNEL, ",".join(tables)))
