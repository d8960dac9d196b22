"""The page advises as `explain --advice` does: what was stated and proves nothing stands in the evidence."""

from datetime import timedelta

import pytest

from models.facts import AnyFact, Category
from models.purchase.advised import advised
from models.reference.rows import AgreementRow, StandingOrderRow
from models.rules.ruleset import read_ruleset
from sinks.web.queries.advice import advice_by_line
from tests.builders import DAY, basis, content, decision, invoice, line, lived, order
from tests.unit.purchase.test_life import ORDER
from tests.unit.rules.changed import default_text

RULES = read_ruleset(default_text())
ENDED = DAY - timedelta(days=5)
BASIS = basis(
    StandingOrderRow("SO-1", "S1", "D1"),
    StandingOrderRow("SO-2", "S1", "U2"),
    AgreementRow("A9", "S2", "Brød", ("UNSPSC:50",), DAY - timedelta(days=90), ENDED),
)
UNKNOWN = line(item="99-1")


@pytest.mark.parametrize(
    ("fact", "needed"),
    [
        (order(of=content([UNKNOWN], supplier="S2", punch_out="session-7")), "Bageren (S2) er ikke registreret til punch-out"),
        (order(of=content([UNKNOWN])), "der er ingen henvisning til en punch-out"),
        (order(of=content([line(item=None, gtin="5712345780121")])), "varen GTIN 5712345780121 står ikke i et katalog"),
        (order(of=content([UNKNOWN], standing_order="SO-2")), "den faste ordre SO-2 gælder ikke for enheden U1"),
        (order(of=content([UNKNOWN], standing_order="SO-9")), "den faste ordre SO-9 er ikke registreret"),
        (order(of=content([UNKNOWN], supplier="S2", agreement="A9")), f"aftalen A9 ophørte {ENDED}"),
        (order(of=content([line(item="99-1", category=Category("UNSPSC", "50181900"), catalogue="CAT-7")])), "aftalen A1"),
        (order(of=content([UNKNOWN], channel="phone")), "går forud"),
        (order(of=content([line(item="NA")], requisition="R-1")), "linjen har intet varenummer"),
        (invoice("F-1", order=None, lines=[UNKNOWN]), "købet har ingen ordre i systemet"),
    ],
)  # fmt: skip
def test_the_page_says_what_explain_says(fact: AnyFact, needed: str) -> None:
    rows = lived([fact], BASIS)
    (judgement,) = rows.judgements()
    page = advice_by_line(judgement, snapshot=BASIS.snapshot, ruleset=RULES)
    explained = advised(rows.rows[fact.number], judgement.purchase, basis=BASIS, ruleset=RULES)
    assert {name: each.rules for name, each in page.items()} == {each.line: each.rules for each in explained}
    assert needed in "; ".join(words.da for rule in page["1"].rules for words in rule.needs)


def test_a_decided_purchase_is_advised_by_what_was_stated() -> None:
    facts = [
        order(of=content([UNKNOWN], punch_out="session-7")),
        decision(ORDER, outcome="off_channel", channel="phone"),
    ]
    (judgement,) = lived(facts, BASIS).judgements()
    assert judgement.evidence["punch_out"] == "session-7"
    assert judgement.evidence["decided_by"] == "indkøb"


def test_what_made_a_purchase_catalogue_is_not_repeated_as_what_was_stated() -> None:
    (judgement,) = lived([order(of=content(punch_out="session-7", agreement="A1"))], BASIS).judgements()
    assert judgement.evidence == {}
