"""What should have come of the input topics, by the oracle, and what did, in the same plain values."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from models.contract.arrival import refuse_future
from models.contract.decode import decode_event
from models.contract.pseudonym import keyed
from models.documents.reader import read_document
from models.facts import AnyFact, Decision
from models.judgement import Cause, Judgement, Origin
from models.measures import MEASURES
from models.purchase.assessing import Basis
from models.purchase.lifecycle import Moment
from models.purchase.memory import Rows
from models.reference.build import snapshot_of
from models.reference.folder import read_folder
from models.reference.snapshot import Snapshot
from models.refusal import RefusalError, refuse
from models.rules.judge import judge_of
from models.tally.contribution import cell_parts
from models.topics import DECISIONS, DOCUMENTS, ORDERS, PARTIALS, PURCHASES, UNITS
from models.vocabulary import RejectionCode
from streams.cells import partial_key
from streams.reading import received
from streams.routing import headers_of
from tests.oracle import Oracle
from tests.system.service import PRIVACY_KEY, ROOT
from tests.system.tap import Tap

pseudonym = keyed(PRIVACY_KEY.encode())
RULES = ROOT / "rulesets" / "default.toml"
Cells = dict[tuple[str, str, date], dict[str, int]]
Windows = dict[str, dict[str, dict[str, int]]]


def snapshot_in(folder: Path, *, number: int = 0) -> Snapshot:
    """The reference as the folder's files say it."""
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    loaded = read_folder(files, pseudonym=pseudonym)
    assert not loaded.errors
    return snapshot_of((row for table in loaded.tables.values() for row in table.values()), number=number)


def read_all(tap: Tap) -> tuple[list[AnyFact], dict[tuple[str, int, int], str]]:
    """Every fact of the three input topics, and by place the code of what must be refused."""
    facts: list[AnyFact] = []
    refused: dict[tuple[str, int, int], str] = {}
    for topic in (PURCHASES, DOCUMENTS, DECISIONS):
        for record in tap.of(topic):
            try:
                fact = _read(record)
            except RefusalError as error:
                refused[topic, record.partition, record.offset] = error.refused.code.value
            else:
                facts += [fact] if isinstance(fact, AnyFact) else []
    return facts, refused


def _read(record: Any) -> Any:
    if record.topic == PURCHASES:
        return received(record, pseudonym=pseudonym).fact
    fact = _decision(record) if record.topic == DECISIONS else read_document(record.value, pseudonym=pseudonym)
    if isinstance(fact, AnyFact):
        refuse_future(fact, came_ms=record.timestamp)
    return fact


def _decision(record: Any) -> Decision:
    fact = decode_event(record.value, headers=headers_of(record), pseudonym=pseudonym)
    if not isinstance(fact, Decision):
        raise refuse(RejectionCode.UNKNOWN_TYPE, "type", "Only decisions come by this door.")
    return fact


def oracle_of(tap: Tap, reference: Path) -> Oracle:
    return Oracle(read_all(tap)[0], snapshot_in(reference), judge_of(RULES.read_text(encoding="utf-8")))


# what should be


def true_purchases(oracle: Oracle) -> dict[str, tuple[Any, ...]]:
    return {
        name: (one.outcome, one.channel, without_zeros(one.amounts_ore), one.unit, one.day, one.tallied)
        for name, one in oracle.purchases.items()
    }


def true_cells(oracle: Oracle) -> Cells:
    cells = {place: without_zeros(measures) for place, measures in oracle.cells.items()}
    return {place: measures for place, measures in cells.items() if measures}


def true_windows(oracle: Oracle, today: date) -> Windows:
    return nonzero_windows(oracle.windows(today))


# what is


def judgements(tap: Tap) -> dict[str, Judgement]:
    """The newest revision of each purchase."""
    newest: dict[str, Judgement] = {}
    for record in tap.of(ORDERS):
        judgement = msgspec.json.decode(record.value, type=Judgement)
        before = newest.get(judgement.purchase)
        if before is None or (before.generation, before.revision) < (judgement.generation, judgement.revision):
            newest[judgement.purchase] = judgement
    return newest


def told_purchases(found: Mapping[str, Judgement]) -> dict[str, tuple[Any, ...]]:
    return {
        name: (one.outcome, one.channel, without_zeros(one.amounts_ore), one.unit, one.day, one.tallied)
        for name, one in found.items()
        if one.outcome != "void"
    }


def told_cells(tap: Tap) -> Cells:
    """By unit and day, over the source partitions."""
    sums: defaultdict[tuple[str, str, date], dict[str, int]] = defaultdict(lambda: dict.fromkeys(MEASURES, 0))
    for key, value in tap.last_by_key(PARTIALS).items():
        _, cell = partial_key(key.encode())
        for name, amount in zip(MEASURES, value["measures"], strict=True):
            sums[cell_parts(cell)][name] += amount
    cells = {place: without_zeros(measures) for place, measures in sums.items()}
    return {place: measures for place, measures in cells.items() if measures}


def snapshots(tap: Tap) -> dict[str, Any]:
    """The last value of each unit."""
    return tap.last_by_key(UNITS)


def told_windows(found: Mapping[str, Any]) -> Windows:
    return nonzero_windows(
        {
            unit: {name: window["measures"] for name, window in snapshot["windows"].items()}
            for unit, snapshot in found.items()
        }
    )


def nonzero_windows(found: Mapping[str, Mapping[str, Mapping[str, int]]]) -> Windows:
    plain = {
        unit: {window: without_zeros(measures) for window, measures in windows.items() if any(measures.values())}
        for unit, windows in found.items()
    }
    return {unit: windows for unit, windows in plain.items() if windows}


def without_zeros(measures: Mapping[str, int]) -> dict[str, int]:
    return {str(name): value for name, value in measures.items() if value}


def differences(told: Mapping[Any, Any], true: Mapping[Any, Any], *, show: Callable[[Any], Any] = str) -> list[str]:
    """Where two disagree, for an assertion that there is nothing."""
    return [
        f"{show(key)}: is {told.get(key)}, should be {true.get(key)}"
        for key in [*true, *(key for key in told if key not in true)]
        if told.get(key) != true.get(key)
    ]


def lived(tap: Tap, reference: Path) -> dict[str, Judgement]:
    """The judgements of the same life cycle without a stream, of all facts on one reference."""
    rows = Rows(Basis(snapshot_in(reference), judge_of(RULES.read_text(encoding="utf-8"))))
    for fact in read_all(tap)[0]:
        rows.receive(fact, kind="test", moment=Moment(Origin(PURCHASES, 0, 0), ""))
    return {one.purchase: one for one in rows.judgements()}


def content(judgement: Judgement) -> Judgement:
    """A judgement without what tells how and when it came about."""
    lines = tuple(msgspec.structs.replace(line, evidence={}) for line in judgement.lines)
    return msgspec.structs.replace(
        judgement,
        lines=lines,
        evidence={},
        revision=0,
        reference=0,
        ruleset="",
        cause=Cause(""),
        previous=None,
        source=None,
        judged_at="",
    )


def assert_true(tap: Tap, reference: Path) -> Oracle:
    """Purchases, cells and windows are exactly what the oracle makes of the input."""
    oracle = oracle_of(tap, reference)
    assert differences(told_purchases(judgements(tap)), true_purchases(oracle))[:5] == []
    assert differences(told_cells(tap), true_cells(oracle))[:5] == []
    found = snapshots(tap)
    days = {snapshot["day"] for snapshot in found.values()}
    assert len(days) == 1
    assert differences(told_windows(found), true_windows(oracle, date.fromisoformat(days.pop())))[:5] == []
    return oracle


def assert_told_once(tap: Tap) -> None:
    """Each revision of each purchase exactly once, and none left out."""
    told: defaultdict[str, list[int]] = defaultdict(list)
    for record in tap.of(ORDERS):
        judgement = msgspec.json.decode(record.value, type=Judgement)
        assert record.key.decode() == judgement.purchase
        assert dict(record.headers)["revision"] == str(judgement.revision).encode()
        told[judgement.purchase].append(judgement.revision)
    wrong = {name: found for name, found in told.items() if found != list(range(1, len(found) + 1))}
    assert wrong == {}
