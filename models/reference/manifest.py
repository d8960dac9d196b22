"""Reference data on its topics: rows as records, and the manifest that makes a set of them valid at once."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from models.reference.build import Change
from models.reference.rows import AnyRow, CatalogueRow
from models.reference.tables import ROWS
from models.topics import SETS, reference_topic

SET_KEY = b"set"


class Manifest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A set, valid from here on: its own offset in `reference.sets` is the reference number.

    `offsets` names, for every reference topic, the offset after the last record of the set; later ones belong to a
    later set. `counts` tells for each table that changed how many rows were written and how many taken away.
    """

    offsets: dict[str, int]
    loaded_at: str
    cause: str
    counts: dict[str, dict[str, int]] = {}


class Record(msgspec.Struct, frozen=True):
    """What is to be sent: every topic has one partition."""

    topic: str
    key: bytes
    value: bytes


class _Flag(msgspec.Struct):
    deleted: bool = False


_encoder = msgspec.json.Encoder()
_flag = msgspec.json.Decoder(_Flag)
_manifests = msgspec.json.Decoder(Manifest)
_decoders = {table: msgspec.json.Decoder(row) for table, row in ROWS.items()}
_known: dict[object, object] = {}
"""Strings and days that catalogue rows repeat, so that a million rows share them."""

TOPICS: Mapping[str, str] = {reference_topic(table): table for table in ROWS}
"""The tables by their topic."""


def record(change: Change) -> Record:
    """The record of a change: the row as JSON, marked where it is to be gone."""
    value = _encoder.encode(change.row)
    if change.deleted:
        value = value[:-1] + b',"deleted":true}'
    return Record(topic=reference_topic(change.row.table), key=change.row.key.encode(), value=value)


def change(topic: str, value: bytes | None) -> Change | None:
    """The change that a record says; None for a tombstone or what is no row (a ValueError tells why)."""
    if not value:
        return None
    row: AnyRow = _decoders[TOPICS[topic]].decode(value)
    deleted = b'"deleted"' in value and _flag.decode(value).deleted
    return Change(_shared(row) if isinstance(row, CatalogueRow) else row, deleted)


def set_records(
    changes: Sequence[Change], *, ends: Mapping[str, int], loaded_at: str, cause: str
) -> tuple[list[Record], Manifest]:
    """All records of one transaction: the rows, and at the end the manifest that makes them valid.

    `ends` are the end offsets of every reference topic before it. The publisher is the only writer, so each topic's
    records follow there without a gap.
    """
    records = [record(change) for change in changes]
    offsets = {topic: ends[topic] for topic in TOPICS}
    for one in records:
        offsets[one.topic] += 1
    manifest = Manifest(offsets=offsets, loaded_at=loaded_at, cause=cause, counts=_counts(changes))
    return [*records, Record(topic=SETS, key=SET_KEY, value=_encoder.encode(manifest))], manifest


def _counts(changes: Iterable[Change]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for one in changes:
        of_table = counts.setdefault(one.row.table, {"written": 0, "deleted": 0})
        of_table["deleted" if one.deleted else "written"] += 1
    return counts


def read_manifest(value: bytes | None) -> Manifest | None:
    """The manifest of a record; None for an empty one."""
    return _manifests.decode(value) if value else None


def _shared(row: CatalogueRow) -> CatalogueRow:
    share = _known.setdefault
    return CatalogueRow(
        share(row.catalogue, row.catalogue),  # type: ignore[arg-type]
        share(row.supplier, row.supplier),  # type: ignore[arg-type]
        row.item,
        row.gtin,
        row.name,
        share(row.category, row.category),  # type: ignore[arg-type]
        share(row.price, row.price),  # type: ignore[arg-type]
        share(row.currency, row.currency),  # type: ignore[arg-type]
        share(row.unit, row.unit),  # type: ignore[arg-type]
        share(row.base_quantity, row.base_quantity),  # type: ignore[arg-type]
        row.orderable,
        share(row.agreement, row.agreement),  # type: ignore[arg-type]
        share(row.valid_from, row.valid_from),  # type: ignore[arg-type]
        share(row.valid_to, row.valid_to),  # type: ignore[arg-type]
        share(row.stamp, row.stamp),  # type: ignore[arg-type]
        row.says,
        share(row.providers, row.providers),  # type: ignore[arg-type]
        row.line,
        row.of_update,
        share(row.follows, row.follows),  # type: ignore[arg-type]
        row.of_contract,
        row.left_out,
    )
