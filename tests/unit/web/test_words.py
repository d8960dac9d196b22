"""Every code that a reader can meet has a word in both languages."""

import re
from pathlib import Path

import pytest

from models.rules.ruleset import read_ruleset
from models.tally.windows import WINDOWS
from models.vocabulary import Channel, Outcome, RejectionCode
from sinks.web import words
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
def test_every_code_has_a_word_in_both_languages(codes: list[str], closed_set: dict[str, words.Pair]) -> None:
    assert {str(code) for code in codes} == {str(code) for code in closed_set}
    assert all(danish and english for danish, english in closed_set.values())


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
