"""Keep a table of the units' figures, right whatever is repeated: `python units_table.py BROKERS FILE`. Needs kafka-python.

Rows are written first, offsets are committed after: a crash between the two repeats records, and a repeat changes
nothing, because a row is replaced only by a greater (generation, revision).
"""

import json
import sqlite3
import sys
from collections.abc import Iterable

from kafka import KafkaConsumer

TABLE = """
create table if not exists units (
    unit text primary key, generation integer not null, revision integer not null, name text, level text,
    e_handelsgrad_30d real, numerator integer, denominator integer, deleted integer not null
)
"""
UPSERT = """
insert into units values (:unit, :generation, :revision, :name, :level, :value, :numerator, :denominator, :deleted)
on conflict (unit) do update set
    generation = excluded.generation, revision = excluded.revision, name = excluded.name, level = excluded.level,
    e_handelsgrad_30d = excluded.e_handelsgrad_30d, numerator = excluded.numerator,
    denominator = excluded.denominator, deleted = excluded.deleted
where (excluded.generation, excluded.revision) > (units.generation, units.revision)
"""


def row(record) -> dict:  # noqa: ANN001 - kafka-python has no types
    """A record as a row; the headers are there on null values too, which take a unit away."""
    headers = {name: int(value) for name, value in record.headers if name in ("generation", "revision")}
    value = json.loads(record.value) if record.value else {}
    figure = value.get("windows", {}).get("30d", {}).get("figures", {}).get("e_handelsgrad_amount", {})
    return {
        "unit": record.key.decode(),
        **headers,
        "name": value.get("name"),
        "level": value.get("level"),
        "value": figure.get("value"),
        "numerator": figure.get("numerator"),
        "denominator": figure.get("denominator"),
        "deleted": record.value is None,
    }


def store(database: sqlite3.Connection, records: Iterable) -> None:
    """All of them or none."""
    with database:
        database.executemany(UPSERT, [row(record) for record in records])


def main(brokers: str, file: str) -> None:
    """Read from where the group stands, for as long as it runs."""
    database = sqlite3.connect(file)
    database.execute(TABLE)
    consumer = KafkaConsumer(
        "compliance.units",
        bootstrap_servers=brokers.split(","),
        group_id="units-table",
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    while True:
        fetched = consumer.poll(timeout_ms=1000)
        for records in fetched.values():
            store(database, records)
        if fetched:
            consumer.commit()


if __name__ == "__main__":
    main(*sys.argv[1:])
