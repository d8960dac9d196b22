"""Claims about which ruleset holds."""

import msgspec
import pytest

from models.reference.build import applied, snapshot_of
from models.reference.rows import RulesetRow
from models.reference.snapshot import Snapshot
from models.rules.activation import ActivationRefused, Word, activated, row_named, row_of, shadowed
from models.rules.ruleset import read_ruleset
from tests.unit.rules.changed import default_text

WORD = Word("Ane", "Bo", "prøve")
ONE, TWO = RulesetRow("standard", "1", "one"), RulesetRow("standard", "2", "two")


def after(snapshot: Snapshot, row: RulesetRow, word: Word = WORD) -> Snapshot:
    return applied(snapshot, activated(snapshot, row, word), number=snapshot.number + 1)


def test_one_ruleset_is_active_with_the_word_of_two_persons() -> None:
    snapshot = after(after(snapshot_of([]), ONE), TWO)
    assert snapshot.ruleset == RulesetRow(
        "standard", "2", "two", active=True, author="Ane", approver="Bo", comment="prøve"
    )
    assert [row.key for row in snapshot.rows(RulesetRow) if row.active] == ["standard@2"]


def test_rolling_back_is_activating_the_former() -> None:
    before = after(snapshot_of([]), ONE)
    back = after(after(before, TWO), ONE, Word("Bo", "Ane", "tilbage"))
    assert back.ruleset == RulesetRow(
        "standard", "1", "one", active=True, author="Bo", approver="Ane", comment="tilbage"
    )


def test_what_is_active_is_not_activated_again() -> None:
    assert activated(after(snapshot_of([]), ONE), ONE, WORD) == []


@pytest.mark.parametrize(
    ("word", "why"),
    [
        (Word("Ane", "ane "), "cannot approve of it"),
        (Word("Ane Bo", "  ane   BO"), "cannot approve of it"),
        (Word("", "Bo"), "no author"),
        (Word("Ane", " "), "no approver"),
    ],
)
def test_two_persons_answer_for_it(word: Word, why: str) -> None:
    with pytest.raises(ActivationRefused, match=why):
        activated(snapshot_of([]), ONE, word)


def test_a_version_keeps_its_rules_for_ever() -> None:
    changed = msgspec.structs.replace(ONE, text="other")
    with pytest.raises(ActivationRefused, match="give this file another version"):
        activated(snapshot_of([ONE]), changed, WORD)
    with pytest.raises(ActivationRefused, match="give this file another version"):
        shadowed(snapshot_of([ONE]), changed)


def test_one_shadow_runs_beside_the_active_one_and_can_be_taken_off() -> None:
    snapshot = after(snapshot_of([]), ONE)
    three = RulesetRow("standard", "3", "three")
    beside = applied(snapshot, shadowed(snapshot, TWO), number=1)
    another = applied(beside, shadowed(beside, three), number=2)
    assert (another.ruleset_text, another.shadow_ruleset) == ("one", msgspec.structs.replace(three, shadow=True))
    assert applied(another, shadowed(another, None), number=3).shadow_ruleset is None


def test_the_active_ruleset_is_no_shadow() -> None:
    snapshot = after(snapshot_of([]), ONE)
    with pytest.raises(ActivationRefused, match="shadow of itself"):
        shadowed(snapshot, ONE)


def test_a_shadow_that_is_activated_is_none_any_more() -> None:
    snapshot = after(applied(snapshot_of([]), shadowed(snapshot_of([]), TWO), number=1), TWO)
    assert snapshot.shadow_ruleset is None
    assert row_named(snapshot, "standard@2") == snapshot.ruleset


def test_a_file_s_ruleset_becomes_a_row_with_those_who_answer_for_it() -> None:
    head = 'author = "Ane"\napprover = "Bo"\ncomment = "prøve"\n'
    text = head + default_text()
    assert row_of(read_ruleset(text), text) == RulesetRow(
        "standard", "1", text, active=False, author="Ane", approver="Bo", comment="prøve"
    )


def test_a_refusal_names_the_ruleset() -> None:
    with pytest.raises(ActivationRefused, match="standard@1 is not activated"):
        activated(snapshot_of([]), ONE, Word("Ane", "  ane "))


def test_only_the_former_active_one_is_put_out_of_force() -> None:
    idle = msgspec.structs.replace(TWO, version="0")
    changes = activated(applied(after(snapshot_of([]), ONE), [], number=1), TWO, WORD)
    assert len(changes) == 2
    beside = applied(after(snapshot_of([]), ONE), shadowed(snapshot_of([]), idle), number=2)
    assert [each.row.key for each in activated(beside, TWO, WORD)] == ["standard@1", "standard@2"]


def test_another_shadow_takes_the_place_of_the_former_and_no_other_is_touched() -> None:
    held = after(snapshot_of([]), msgspec.structs.replace(ONE, version="9"))
    with_one = applied(held, shadowed(held, ONE), number=2)
    changes = shadowed(with_one, TWO)
    assert [(each.row.key, each.row.shadow) for each in changes] == [("standard@1", False), ("standard@2", True)]  # type: ignore[union-attr]
    assert shadowed(with_one, ONE) == []
