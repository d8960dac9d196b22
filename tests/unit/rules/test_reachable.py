"""Claims about rules that can never match."""

import pytest

from models.rules.reachable import unreachable
from models.rules.ruleset import read_ruleset
from tests.unit.rules.changed import default_text, rule, with_rules

COVERED = 'predicate = "agreement_covers"'
ITEM = 'predicate = "item_in_catalogue"'


def found(*rules: str, before: str = "undecided") -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    ruleset = read_ruleset(with_rules(*rules, before=before))
    return {each.rule: (each.kinds, each.because) for each in unreachable(ruleset)}


def test_every_rule_of_the_default_ruleset_can_match() -> None:
    assert unreachable(read_ruleset(default_text())) == []


def test_what_comes_after_the_last_resort_never_matches() -> None:
    text = default_text() + rule("late", ITEM)
    assert [str(each) for each in unreachable(read_ruleset(text))] == [
        "rule 'late' can never match (order): what it asks for is taken before by undecided"
    ]


def test_more_conditions_than_an_earlier_rule_are_never_met() -> None:
    late = rule("late", ITEM, COVERED, 'predicate = "punched_out"')
    assert found(late) == {"late": (("order",), ("own-catalogue",))}


def test_fewer_conditions_can_be_met() -> None:
    assert found(rule("wide", ITEM)) == {}


def test_a_rule_can_be_dead_for_one_kind_only() -> None:
    late = rule("late", ITEM, COVERED, kinds='"order", "invoice"')
    assert found(late, before="order-before-our-time") == {"late": (("order",), ("own-catalogue",))}


def test_codes_that_earlier_rules_cover_together_are_never_met() -> None:
    late = rule("late", 'predicate = "category_starts_with", unspsc = ["721103", "83101500"], cpv = ["451"]')
    assert found(late) == {"late": (("order",), ("excluded-construction", "excluded-utilities"))}


def test_one_code_more_can_be_met() -> None:
    assert found(rule("late", 'predicate = "category_starts_with", unspsc = ["721103", "7210"]')) == {}


def test_channels_that_are_taken_before_are_never_met() -> None:
    late = rule("late", 'predicate = "stated_channel_in", channels = ["phone", "catalogue"]')
    assert found(late) == {"late": (("order",), ("stated-off-channel", "stated-not-proven"))}


def test_a_disabled_rule_takes_nothing() -> None:
    late = rule("late", 'predicate = "supplier_has_agreement"', 'predicate = "supplier_has_no_catalogue"')
    assert found(late) == {}


def test_what_follows_from_a_condition_counts_as_met() -> None:
    early = rule("early", 'predicate = "supplier_has_agreement"')
    assert found(early, rule("late", COVERED)) == {"late": (("order",), ("early",))}
    assert found(rule("early", COVERED), rule("late", 'predicate = "supplier_has_agreement"')) == {}


@pytest.mark.parametrize(
    ("kinds", "when"),
    [
        ('"invoice"', ('predicate = "ordered_after_the_fact"',)),
        ('"order"', ('predicate = "order_is_named"',)),
        ('"order"', (ITEM, 'predicate = "supplier_has_no_catalogue"')),
        ('"order"', ('predicate = "stated_channel_in", channels = ["catalogue"]', 'predicate = "stated_off_channel"')),
        (
            '"order"',
            ('predicate = "category_starts_with", cpv = ["30"]', 'predicate = "category_starts_with", cpv = ["31"]'),
        ),
        ('"order"', ('predicate = "category_starts_with"',)),
    ],
)
def test_conditions_at_odds_with_each_other_or_their_kind_never_hold(kinds: str, when: tuple[str, ...]) -> None:
    ruleset = read_ruleset(with_rules(rule("odd", *when, kinds=kinds), before="refund"))
    assert [(each.rule, each.because) for each in unreachable(ruleset)] == [("odd", ())]


@pytest.mark.parametrize(
    ("when", "taken"),
    [
        ('predicate = "category_starts_with", cpv = ["4511"]', True),  # excluded-construction has CPV 45
        ('predicate = "category_starts_with", cpv = ["46"]', False),
        ('predicate = "category_starts_with", unspsc = ["45"]', False),  # another scheme
        ('predicate = "category_starts_with", unspsc = ["7211", "7212"], cpv = ["451"]', True),
        ('predicate = "category_starts_with", unspsc = ["7211", "7311"]', False),
        ('predicate = "category_starts_with", unspsc = []', True),  # nothing is listed: it asks for nothing
        ('predicate = "stated_channel_in", channels = ["phone", "email"]', True),  # stated-off-channel
        ('predicate = "stated_channel_in", channels = ["phone", "catalogue"]', True),  # and stated-not-proven
        ('predicate = "stated_channel_in", channels = ["catalogue", "punch_out", "standing_order"]', True),
    ],
)
def test_a_rule_of_codes_or_channels_is_reachable_as_far_as_none_before_takes_them_all(when: str, taken: bool) -> None:  # noqa: FBT001
    found = {each.rule for each in unreachable(read_ruleset(with_rules(rule("late", when))))}
    assert ("late" in found) == taken


def test_what_takes_a_rule_s_lines_is_named() -> None:
    late = rule("late", 'predicate = "stated_channel_in", channels = ["phone", "catalogue"]')
    (found,) = unreachable(read_ruleset(with_rules(late)))
    assert str(found) == (
        "rule 'late' can never match (order): what it asks for is taken before by stated-off-channel, stated-not-proven"
    )
