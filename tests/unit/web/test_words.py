"""Every code that a reader can meet has a word in both languages."""

import re
from pathlib import Path

import pytest

from models.rules.condition import Condition
from models.rules.predicates import PREDICATES
from models.rules.ruleset import read_ruleset
from models.tally.windows import WINDOWS
from models.vocabulary import Channel, Outcome, RejectionCode, StatedChannel
from sinks.web import rule_words, words
from sinks.web.figure_words import Pair
from sinks.web.language import Language
from sinks.web.texts import TEXTS, Texts

TEMPLATES = Path(words.__file__).parent / "templates"


@pytest.mark.parametrize(
    ("codes", "closed_set"),
    [
        (Outcome, words.OUTCOMES),
        (Channel, words.CHANNELS),
        (RejectionCode, words.REJECTIONS),
        (WINDOWS, words.WINDOWS),
    ],
)
def test_every_code_has_a_word_in_both_languages(codes: list[str], closed_set: dict[str, Pair]) -> None:
    assert {str(code) for code in codes} == {str(code) for code in closed_set}
    assert all(danish and english for danish, english in closed_set.values())


def test_every_condition_of_a_rule_is_told_in_danish() -> None:
    assert set(rule_words.DANISH) == set(PREDICATES)


def test_a_condition_tells_its_parameters_in_words() -> None:
    condition = Condition.model_validate({"predicate": "stated_channel_in", "channels": ["web_shop"]})
    assert rule_words.condition_words(condition, Language.DANISH).endswith("kanaler: Webshop")


@pytest.mark.parametrize("stated", list(StatedChannel))
def test_a_stated_channel_in_the_evidence_is_told_in_words(stated: StatedChannel) -> None:
    word = words.Words(language=Language.DANISH, reasons={})
    assert word.evidence("stated_channel", stated.value) != stated.value


def test_every_reason_of_the_default_ruleset_has_words() -> None:
    rules = read_ruleset((Path(__file__).parents[3] / "rulesets" / "default.toml").read_text(encoding="utf-8")).rules
    assert all(rule.da and rule.en for rule in rules)


def test_a_code_without_a_word_is_shown_as_itself() -> None:
    assert words.Words(language=Language.DANISH, reasons={})("brand_new", "channel") == "brand new"


def test_a_reason_of_the_ruleset_is_told_in_its_own_words() -> None:
    word = words.Words(language=Language.ENGLISH, reasons={"stated_channel": ("oplyst", "stated")})
    assert word("stated_channel", "reason") == "stated"


@pytest.mark.parametrize("language", list(Language))
def test_every_text_is_there_in_both_languages_with_the_same_gaps(language: Language) -> None:
    for key, (danish, english) in TEXTS.items():
        assert danish.strip(), key
        assert english.strip(), key
        assert danish.count("{}") == english.count("{}"), key
    assert Texts(language=language)("csv")


def test_every_text_that_a_template_names_exists() -> None:
    named = {
        key for each in TEMPLATES.glob("*.html") for key in re.findall(r"\bt\([\"'](\w+)[\"'][,)]", each.read_text())
    }
    assert named
    assert named <= set(TEXTS)
