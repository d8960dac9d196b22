"""The reference is corrected while purchases come: all ends as if it had been right from the start."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from models.judgement import Judgement
from models.topics import ORDERS
from tests.system import corrections, erp, truth
from tests.system.service import Service, running_service

PURCHASES_SENT = 1_000


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return erp.reference(tmp_path_factory.mktemp("before"), PURCHASES_SENT)


@pytest.fixture(scope="module")
def corrected(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corrections.corrected(reference, tmp_path_factory.mktemp("after"))


@pytest.fixture(scope="module")
def service(reference: Path) -> Iterator[Service]:
    with running_service(reference=reference) as running:
        yield running


@pytest.fixture(scope="module")
def revisions(service: Service, corrected: Path) -> list[Judgement]:
    """All revisions after the correction came amid the second half of the history."""
    messages = erp.history(PURCHASES_SENT)
    half = len(messages) // 2
    erp.send(service.bootstrap, messages[:half])
    service.settle()
    with erp.Stream(service.bootstrap, messages[half:], rate=60):
        loaded = service.run("reference", "load", str(corrected))
        assert loaded.returncode == 0, loaded.stdout + loaded.stderr
        assert "changed" in loaded.stdout
    service.settle()
    return [msgspec.json.decode(record.value, type=Judgement) for record in service.tap.of(ORDERS)]


def test_it_ends_as_the_recomputation_on_the_final_reference(
    service: Service, corrected: Path, revisions: list[Judgement]
) -> None:
    truth.assert_told_once(service.tap)
    truth.assert_true(service.tap, corrected)


def test_only_what_the_correction_changes_is_told_again(
    service: Service, reference: Path, corrected: Path, revisions: list[Judgement]
) -> None:
    """Of what was whole before the correction: judged by both references, what differs is told again, nothing else."""
    before, after = (truth.lived(service.tap, folder) for folder in (reference, corrected))
    differing = {name for name in before if truth.content(before[name]) != truth.content(after[name])}
    again = Counter(one.purchase for one in revisions if one.cause.kind == "reference.changed")
    assert set(again) <= differing
    assert set(again.values()) == {1}
    assert len(again) > 20


def test_a_revision_of_the_correction_says_what_it_replaces(revisions: list[Judgement]) -> None:
    known = {(one.purchase, one.revision): one for one in revisions}
    for one in revisions:
        if one.cause.kind == "reference.changed":
            assert one.previous is not None
            replaced = known[one.purchase, one.previous.revision]
            assert one.revision == replaced.revision + 1
            assert one.reference == one.cause.reference != 0
            assert one.previous.amounts_ore == replaced.amounts_ore
            assert truth.content(one) != truth.content(replaced)


def test_the_database_follows(service: Service, revisions: list[Judgement]) -> None:
    newest = truth.judgements(service.tap)
    rows = service.rows("select purchase, revision, outcome, unit, day from purchases")
    told = {name: (revision, outcome, unit, day) for name, revision, outcome, unit, day in rows}
    true = {name: (one.revision, one.outcome, one.unit, one.day) for name, one in newest.items()}
    assert truth.differences(told, true)[:5] == []
    assert isinstance(rows[0][4], date)
