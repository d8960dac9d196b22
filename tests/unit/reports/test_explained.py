"""What `explain` tells is all in one language."""

from datetime import date

import pytest

from models.judgement import Cause, JudgedLine, Judgement, Previous
from models.vocabulary import Channel, Outcome
from sinks.reports.explained import Teller
from sinks.web.language import Language
from sinks.web.queries.quoted import Holder, QuotedRow
from sinks.web.words import Words

ROW = QuotedRow("catalogue", "CAT-9|S|11", {"catalogue": "CAT-9", "item": "11", "name": "Papir"}, date(2026, 1, 1))


def told(language: Language) -> str:
    line = JudgedLine(
        "1", Outcome.OFF_CHANNEL, Channel.PHONE, "stated_channel", "stated-off-channel", 24_500, avoidable=True,
        evidence={"stated_channel": "phone", "item": "catalogue:CAT-9|S|11"},
    )  # fmt: skip
    judgement = Judgement(
        purchase="erp~1", kind="order", number="1", unit="U", root="M", day=date(2026, 3, 2), supplier="S", reference=7,
        outcome=line.outcome, channel=line.channel, reason=line.reason, rule=line.rule, ruleset="standard@1",
        lines=(line,), amounts_ore={"off_channel": 24_500}, cause=Cause("order.changed", "e-1", "erp"),
        previous=Previous(1, Outcome.REVIEW, Channel.REVIEW, "undecided", {"review": 24_500}),
        judged_at="2026-03-02T08:15:00Z",
    )  # fmt: skip
    teller = Teller(language=language, words=Words(language=language, reasons={"stated_channel": ("oplyst", "stated")}))
    lines = teller.revision(judgement, {"catalogue:CAT-9|S|11": ROW}, {"1": Holder("item", ROW)})
    return "\n".join(lines).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (Language.DANISH, ("2. mar. 2026", "Årsag       Ordre ændret", "Før         Til gennemsyn", "kanal: Telefon")),
        (Language.ENGLISH, ("2 Mar 2026", "Cause       Order changed", "Before      In review", "channel: Phone")),
    ],
)
def test_every_part_is_told_in_the_language_asked_for(language: Language, expected: tuple[str, ...]) -> None:
    text = told(language)
    assert all(part in text for part in expected)


def test_a_quoted_row_is_told_with_its_name_its_days_and_the_reference_number() -> None:
    assert "catalogue:CAT-9|S|11, Papir, 1. jan. 2026 – …, stamdata nr. 7" in told(Language.DANISH)


def test_an_avoidable_line_names_the_catalogue() -> None:
    assert "CAT-9, 11, Papir" in told(Language.ENGLISH)
