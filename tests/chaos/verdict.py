"""What the service came to, compared with what the oracle makes of its input: every table, topic and row, exactly."""

import json
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from models.tally.contribution import cell_parts
from models.topics import ALERTS, ORDERS, PARTIALS, REJECTED, UNITS
from models.vocabulary import RejectionCode
from sinks.database.reconcile import reconcile
from streams.cells import partial_key
from tests.system import truth
from tests.system.service import Service
from tests.system.tap import Tap

SHOWN = 3


def differences(service: Service, reference: Path) -> list[str]:
    """Sentences about what is not as it must be; none, and the fault has left no trace."""
    tap = service.tap
    tap.catch_up()
    return [*_told_once(tap), *_true(tap, reference), *_answers(tap), *database_differences(service)]


def _shortened(what: str, found: list[str]) -> list[str]:
    return [f"{len(found)} {what}: {one}" for one in found[:SHOWN]]


def _told_once(tap: Tap) -> list[str]:
    try:
        truth.assert_told_once(tap)
    except AssertionError as wrong:
        return [f"a revision is missing or told twice: {wrong}"[:1_000]]
    return []


def _true(tap: Tap, reference: Path) -> list[str]:
    oracle = truth.oracle_of(tap, reference)
    found = truth.snapshots(tap)
    days = sorted({snapshot["day"] for snapshot in found.values()})
    told = truth.differences(truth.told_purchases(truth.judgements(tap)), truth.true_purchases(oracle))
    cells = truth.differences(truth.told_cells(tap), truth.true_cells(oracle))
    windows = [
        one
        for day in days[-1:]
        for one in truth.differences(truth.told_windows(found), truth.true_windows(oracle, date.fromisoformat(day)))
    ]
    mixed = [f"snapshots of {', '.join(days)}"] if len(days) > 1 else []
    return [
        *_shortened("purchases", told),
        *_shortened("cells", cells),
        *_shortened("windows", windows),
        *_shortened("days", mixed),
    ]


def _answers(tap: Tap) -> list[str]:
    """Each refused record has exactly one answer with its code; nothing else has one, but for what failed inside."""
    told: defaultdict[tuple[str, int, int], list[str]] = defaultdict(list)
    for record in tap.of(REJECTED):
        headers = {name: value.decode() for name, value in record.headers}
        if "state" in headers or "resent_from" in headers:
            continue  # what became of an answer
        told[headers["topic"], int(headers["partition"]), int(headers["offset"])].append(headers["code"])
    failed = {place for place, codes in told.items() if codes == [RejectionCode.INTERNAL_ERROR]}
    true = {place: [code] for place, code in truth.read_all(tap)[1].items() if place not in failed}
    return _shortened(
        "answers", truth.differences({place: codes for place, codes in told.items() if place not in failed}, true)
    )


def database_differences(service: Service) -> list[str]:
    tap, rows = service.tap, service.rows
    compared = reconcile(create_engine(service.database_url))
    newest = truth.judgements(tap)
    purchases = {
        name: tuple(rest)
        for name, *rest in rows("select purchase, revision, outcome, channel, unit, day from purchases")
    }
    true_purchases = {name: (one.revision, one.outcome, one.channel, one.unit, one.day) for name, one in newest.items()}
    return [
        *_shortened("lines against cells", [str(one) for one in compared.lines_against_cells]),
        *_shortened("cells against snapshots", [str(one) for one in compared.cells_against_snapshots]),
        *_shortened("rows of purchases", truth.differences(purchases, true_purchases)),
        *_shortened("rows of cells", truth.differences(_cell_rows(service), _partials(tap))),
        *_shortened("rows of snapshots", truth.differences(_snapshot_rows(service), _snapshots(tap))),
        *_shortened("numbers of rows", truth.differences(_row_counts(service), _record_counts(tap))),
    ]


def _cell_rows(service: Service) -> dict[str, int]:
    query = "select source_partition, root, unit, day, sequence from unit_days"
    return {str((partition, root, unit, day)): sequence for partition, root, unit, day, sequence in service.rows(query)}


def _partials(tap: Tap) -> dict[str, int]:
    found = {}
    for key, value in tap.last_by_key(PARTIALS).items():
        partition, cell = partial_key(key.encode())
        found[str((partition, *cell_parts(cell)))] = value["sequence"]
    return found


def _snapshot_rows(service: Service) -> dict[str, Any]:
    return {
        unit: json.dumps(body, sort_keys=True) for unit, body in service.rows("select unit, body from unit_snapshots")
    }


def _snapshots(tap: Tap) -> dict[str, Any]:
    return {unit: json.dumps(body, sort_keys=True) for unit, body in tap.last_by_key(UNITS).items()}


def _row_counts(service: Service) -> dict[str, int]:
    query = "select (select count(*) from revisions), (select count(*) from rejections), (select count(*) from alerts)"
    return dict(zip(("revisions", "rejections", "alerts"), service.rows(query)[0], strict=True))


def _record_counts(tap: Tap) -> dict[str, int]:
    alerts = Counter(
        (one["unit"], one["generation"], one["figure"], one["window"], one["revision"], one["state"])
        for one in tap.values(ALERTS)
    )
    return {
        "revisions": len(tap.of(ORDERS)),
        "rejections": len({_first_place(record) for record in tap.of(REJECTED)}),
        "alerts": len(alerts),
    }


def _first_place(record: Any) -> str:
    headers = {name: value.decode() for name, value in record.headers}
    return headers.get("resent_from") or f"{headers['topic']}/{headers['partition']}/{headers['offset']}"
