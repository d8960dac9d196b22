"""Claims about reading a ruleset: whatever is wrong is told with its line, its rule and its field."""

import pytest

from models.rules import places
from models.rules.ruleset import RulesetError, read_ruleset
from tests.unit.rules.changed import default_text, replaced, rule, with_rules


def told(text: str) -> str:
    with pytest.raises(RulesetError) as refused:
        read_ruleset(text)
    return "\n".join(refused.value.sentences)


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


@pytest.mark.parametrize(
    ("old", "new", "place", "what"),
    [
        ('"agreement_covers"', '"agreement_cover"', "rule 'own-catalogue', field when.1", "unknown predicate"),
        (
            '["catalogue"]',
            '["katalog"]',
            "rule 'stated-accepted', field when.0",
            "no ERP can state the channel 'katalog'",
        ),
        (
            'cpv = ["45"]',
            'cpv = ["4x"]',
            "rule 'excluded-construction', field when.0",
            "'4x' is no beginning of a code",
        ),
        ('unspsc = ["9316"]', 'prefix = ["93"]', "rule 'excluded-taxes', field when.0", "has no parameter 'prefix'"),
        ("grace_days = 0", "grace_days = -4", "field settings.grace_days", "greater than or equal to 0"),
        ('id = "punch-out"', 'id = "own-catalogue"', "rule 'own-catalogue', field id", "stands twice"),
        ('reason = "no_item_id"', 'reason = "No item"', "rule 'free-text', field reason", "match pattern"),
    ],
)
def test_a_wrong_value_is_told_with_line_rule_and_field(old: str, new: str, place: str, what: str) -> None:
    text = replaced(old, new)
    said = told(text)
    found = line_of(text, new) if "own-catalogue', field id" not in place else text.count("\n", 0, text.rfind(new)) + 1
    assert f"line {found}, {place}: " in said
    assert what in said


def test_a_channel_that_does_not_fit_its_outcome_is_told_at_its_rule() -> None:
    text = replaced('channel = "free_text"', 'channel = "punch_out"')
    line = text.splitlines().index('id = "free-text"')
    assert f"line {line}, rule 'free-text': channel punch_out does not belong to outcome off_channel" in told(text)


def test_several_mistakes_are_told_at_once() -> None:
    text = replaced("grace_days = 0", "grace_days = -1").replace('"agreement_covers"', '"nonsense"')
    assert len(told(text).splitlines()) == 2


def test_a_slip_in_the_toml_is_told_with_its_line() -> None:
    assert "at line 6" in told(replaced('version = "1"', 'version = "1'))


def test_a_rule_without_any_condition_is_refused() -> None:
    assert "field when" in told(with_rules(rule("empty")))


@pytest.mark.parametrize(
    ("outcome", "channel", "what"),
    [
        ("review", "stated", "off_channel only"),
        ("off_channel", "excluded", "excluded only"),
        ("excluded", "excluded", "exclusion"),
    ],
)
def test_a_channel_that_no_condition_can_find_is_refused(outcome: str, channel: str, what: str) -> None:
    text = with_rules(rule("odd", 'predicate = "item_in_catalogue"', outcome=outcome, channel=channel))
    assert what in told(text)


def test_the_top_may_say_who_wrote_and_approved_it() -> None:
    ruleset = read_ruleset('author = "Ane"\napprover = "Bo"\ncomment = "prøve"\nactive = false\n' + default_text())
    assert (ruleset.author, ruleset.approver, ruleset.comment, ruleset.active) == ("Ane", "Bo", "prøve", False)


def test_a_ruleset_without_a_last_rule_is_refused() -> None:
    assert "no last rule for kind 'refund'" in told(replaced('applies_to = ["refund"]', 'applies_to = ["order"]'))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('name = "standard"', 'name = "two words"', None),
        ('version = "1"', 'version = "1|2"', None),
        ("price_tolerance = 0.0", "price_tolerance = 2", None),
        ("price_tolerance = 0.0", "tolerance = 2", None),
        ('name = "standard"', "", -1),
    ],
)
def test_a_mistake_at_the_top_is_told_with_its_line(old: str, new: str, line: int | None) -> None:
    text = replaced(old, new)
    said = told(text)
    found = line_of(text, new) if line is None else None
    assert (f"at line {found}, field" in said) if found else ("at field name: Field required" in said)


def test_the_line_of_a_place_is_where_it_stands() -> None:
    text = """name = "a"

[settings]
grace_days = 1

[settings.sources."erp/kvantum"]
orders_from = 3

[[rules]]
id = "one"
when = [
    { predicate = "always" },
    { predicate = "never" },
]

[[rules]]
outcome = "x"
"""
    expected: dict[tuple[str | int, ...], int | None] = {
        ("name",): 1, ("version",): None, (): None, ("settings",): 3, ("settings", "grace_days"): 4,
        ("settings", "price"): 3, ("rules", 0): 9, ("rules", 0, "id"): 10, ("rules", 0, "when"): 11,
        ("rules", 0, "when", 0): 12, ("rules", 0, "when", 1, "predicate"): 13, ("rules", 0, "reason"): 9,
        ("rules", 1): 16, ("rules", 1, "outcome"): 17, ("rules", 1, "id"): 16, ("rules", 2): None, ("rules",): 9,
        ("rules", 0, "when", 7): 11,
    }  # fmt: skip
    assert {place: places.line_of(text, place) for place in expected} == expected
    assert [places.rule_at(text, index) for index in range(3)] == ["one", "", ""]


def test_a_field_is_not_looked_for_in_the_next_table() -> None:
    text = "name = 'a'\n[settings]\n[[rules]]\ngrace_days = 1\nid = 'x'\n[[rules]]\n[other]\nid = 'y'"
    assert places.line_of(text, ("settings", "grace_days")) == 2
    assert places.line_of(text, ("grace_days",)) is None
    assert places.line_of(text, ("rules", 1, "id")) == 6
    assert (places.rule_at(text, 0), places.rule_at(text, 1)) == ("x", "")
