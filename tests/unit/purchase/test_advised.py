"""Claims about advice on stored purchases."""

from datetime import timedelta

from models.purchase.advised import advised
from models.rules.ruleset import read_ruleset
from tests.builders import DAY, basis, cancelled, content, invoice, line, lived, order
from tests.unit.rules.changed import default_text

RULES = read_ruleset(default_text())


def lacking(*facts: object, number: str = "4500") -> dict[str, dict[str, list[str]]]:
    """Of the number's only standing purchase, by line and rule."""
    row = lived(facts).rows[number]
    found = [name for name, each in row.published.items() if each.judgement.outcome != "void"] or list(row.published)
    made = advised(row, found[0], basis=basis(), ruleset=RULES)
    return {each.line: {rule.rule: [words.en for words in rule.needs] for rule in each.rules} for each in made}


def test_only_the_lines_that_are_not_catalogue_get_advice() -> None:
    found = lacking(order(of=content([line(100), line(200, "2", item="99-1")])))
    assert list(found) == ["2"]
    assert found["2"]["own-catalogue"] == ["the item 99-1 is not in a catalogue of Papirlageret (S1) on 2026-03-02"]


def test_an_invoice_without_an_order_is_told_to_order() -> None:
    found = lacking(invoice("F-1", order=None), number="F-1")
    assert found["1"]["own-catalogue"] == [
        "the purchase has no order in the system: only an order can be catalogue e-trade in this way"
    ]


def test_a_cancelled_purchase_needs_no_advice() -> None:
    assert lacking(order(), cancelled()) == {}


def test_an_order_that_its_invoice_preceded_is_told_so() -> None:
    found = lacking(order(), invoice(day=DAY - timedelta(days=3)))
    assert found["1"]["own-catalogue"] == [
        "the rule retroactive goes before: the order was made after the invoice or the delivery"
    ]
