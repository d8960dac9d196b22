"""Claims about which ruleset holds."""

import msgspec
import pytest

from models.reference.build import applied, snapshot_of
from models.reference.rows import RulesetRow
from models.reference.snapshot import Snapshot
from models.rules.activation import ActivationRefused, Word, activated, row_named, shadowed

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
