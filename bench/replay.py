"""`make replay`: a history from the input topics into tables, topics and database, end to end, timed.

    .venv/bin/python -m bench.replay [--purchases 600000] [--workers 2] [--partitions 4]

The events wait in Kafka before anything starts; the clock runs from the start of the processes (which begin by reading
the reference) until every record is judged, merged and in the database. Then a database process alone fills a new database
from the same topics: the sink's own speed. The outputs are compared with the oracle, and the database's sums with the
units' snapshots.
"""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack

import click
import psycopg
from sqlalchemy import create_engine

from bench.compare import COMMITTED, MERGE, SERVICE
from bench.ground import Ground, ground
from bench.history import events, write_reference_of
from bench.process import Process, started
from bench.results import machine
from bench.truth import Truth
from deploy.local.postgres import Postgres, running_postgres
from models.topics import PURCHASES
from sinks.database.reconcile import reconcile
from sinks.database.sink import plain_url

SINK = ("handelspuls", "database")
LAGS = ("handelspuls_lag_records", "handelspuls_sink_lag_records")
LOOK_S = 0.5
CALM_LOOKS = 4
"""So many looks in a row find nothing left to do: it is through."""
TOLD_EVERY_S = 5.0
STALLED_S = 120.0
WRITTEN = "select count(*), coalesce(sum(line_count), 0), pg_database_size(current_database()) from purchases"


def replay(*, purchases: int, workers: int, partitions: int) -> dict[str, object]:
    """Figures of the whole way and of the sink alone; `mistakes` is empty when all is as it must be."""
    with ground(partitions=partitions) as place, running_postgres(folder=place.folder / "postgres") as database:
        _say(f"making the events of {purchases:,} purchases")
        place.prepare(write_reference_of(place.reference, purchases), events(purchases))
        _say(f"{place.sent:,} events wait; working out by the oracle what should come of them")
        truth = Truth(place)
        whole = _whole_way(place, database, workers)
        alone = _sink_alone(place, database)
        mistakes = [*truth.mistakes_of(place), *_unequal(database, "whole"), *_unequal(database, "alone")]
    return {
        "purchases": purchases,
        "events": place.sent,
        "workers": workers,
        "partitions": partitions,
        "whole_way": whole,
        "sink_alone": alone,
        "mistakes": mistakes,
        "machine": machine(),
    }


def _whole_way(place: Ground, database: Postgres, workers: int) -> dict[str, object]:
    place.settings["DATABASE_URL"] = database.create("whole")
    began = time.monotonic()
    with ExitStack() as running:
        judging = [
            running.enter_context(started(SERVICE, counter=COMMITTED, ground=place, instance=f"w{n}"))
            for n in range(1, workers + 1)
        ]
        merge = running.enter_context(started(MERGE, counter=COMMITTED, ground=place, instance="merge"))
        sink = running.enter_context(started(SINK, counter=COMMITTED, ground=place, instance="sink"))
        everyone = {**{f"worker_{n}": one for n, one in enumerate(judging, 1)}, "merge": merge, "database": sink}

        def so_far() -> int:
            return sum(map(_judged, judging))

        ended = _through(everyone, so_far, expected=place.sent, what="events judged")
        return _figures(ended - began, everyone, place, _rows(database, "whole"))


def _sink_alone(place: Ground, database: Postgres) -> dict[str, object]:
    place.settings["DATABASE_URL"] = database.create("alone")
    began = time.monotonic()
    with started(SINK, counter=COMMITTED, ground=place, instance="sink-alone") as sink:
        rows = _rows(database, "whole")[0]
        ended = _through(
            {"database": sink}, lambda: _rows(database, "alone")[0], expected=rows, what="purchases written"
        )
        return _figures(ended - began, {"database": sink}, place, _rows(database, "alone"))


def _through(everyone: Mapping[str, Process], so_far: Callable[[], int], *, expected: int, what: str) -> float:
    """Wait until all that is expected is done and nobody lags; when that was first so.

    Raises:
        RuntimeError: nothing moves.
    """
    calm_since, calm, moved_at, done, told_at = 0.0, 0, time.monotonic(), -1, 0.0
    while calm < CALM_LOOKS:
        time.sleep(LOOK_S)
        now, known, lag = time.monotonic(), done, sum(map(_lag, everyone.values()))
        done = so_far()
        moved_at = now if done > known or not lag else moved_at
        if now - moved_at > STALLED_S:
            raise RuntimeError(f"Nothing moves at {done:,} of {expected:,} {what}, {lag:,.0f} records behind.")
        is_calm = done >= expected and not lag
        calm_since = calm_since if is_calm and calm else now
        calm = calm + 1 if is_calm else 0
        if now - told_at > TOLD_EVERY_S:
            told_at = now
            _say(f"{done:,} of {expected:,} {what} ({done / expected:.0%}), {lag:,.0f} records behind in all")
    return calm_since


def _judged(process: Process) -> int:
    """Records of the ERP's events that a worker is done with."""
    return sum(
        int(sample.value)
        for sample in process.samples()
        if sample.name == "handelspuls_records_total" and sample.labels["topic"] == PURCHASES
    )


def _lag(process: Process) -> float:
    return float(sum(sample.value for sample in process.samples() if sample.name in LAGS))


def _figures(
    seconds: float, everyone: Mapping[str, Process], place: Ground, rows: tuple[int, int, int]
) -> dict[str, object]:
    written, lines, size = rows
    return {
        "seconds": round(seconds, 1),
        "events_per_s": round(place.sent / seconds),
        "purchases_per_s": round(written / seconds),
        "purchases_in_database": written,
        "lines_in_database": lines,
        "database_mb": round(size / 2**20),
        "cpu_s": {name: round(one.cpu_s, 1) for name, one in everyone.items()},
        "peak_mb": {name: round(one.memory_mb("VmHWM")) for name, one in everyone.items()},
    }


def _rows(database: Postgres, name: str) -> tuple[int, int, int]:
    """Purchases, lines and bytes; nothing while the tables are not made yet."""
    try:
        with psycopg.connect(plain_url(database.url(name))) as connection:
            found = connection.execute(WRITTEN).fetchone()
    except psycopg.errors.UndefinedTable:
        found = None
    return (int(found[0]), int(found[1]), int(found[2])) if found else (0, 0, 0)


def _unequal(database: Postgres, name: str) -> list[str]:
    compared = reconcile(create_engine(database.url(name)))
    return [f"database {name}: {side} {one}" for side, found in compared._asdict().items() for one in found[:3]]


def _say(sentence: str) -> None:
    click.echo(f"{time.strftime('%H:%M:%S')} {sentence}", err=True)


@click.command()
@click.option("--purchases", default=600_000, show_default=True)
@click.option("--workers", default=2, show_default=True)
@click.option("--partitions", default=4, show_default=True)
def main(*, purchases: int, workers: int, partitions: int) -> None:
    """Replay, print the figures as JSON, and end with 1 if anything is not as it must be."""
    found = replay(purchases=purchases, workers=workers, partitions=partitions)
    click.echo(json.dumps(found, indent=2))
    if found["mistakes"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
