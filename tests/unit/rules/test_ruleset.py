"""Claims about reading a ruleset: whatever is wrong is told with its line, its rule and its field."""

import pytest

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
