"""What a purchase comes to by its lines, what could have been avoided, and what lines count as in the figures."""

from datetime import timedelta
from typing import Any

import pytest

from models.facts import Category
from models.judgement import JudgedLine, Marks
from models.reference.rows import AgreementRow, CatalogueRow, MandatoryRow
from models.rules.case import LineCase
from models.rules.judge import avoidable, summed_up
from models.rules.marks import marks_of
from models.rules.settings import RuleSettings
from models.vocabulary import Channel, Outcome
from tests.builders import DAY, line
from tests.unit.rules.cases import case

CATALOGUE = (Outcome.CATALOGUE, Channel.OWN_CATALOGUE)
PHONE = (Outcome.OFF_CHANNEL, Channel.PHONE)
FREE = (Outcome.OFF_CHANNEL, Channel.FREE_TEXT)
REVIEW = (Outcome.REVIEW, Channel.REVIEW)
TAX = (Outcome.EXCLUDED, Channel.TAX_OR_DUTY)
RENT = (Outcome.EXCLUDED, Channel.RENT)
FURNITURE = Category("UNSPSC", "56101500")


def total(*lines: tuple[tuple[Outcome, Channel], int]) -> tuple[Outcome, Channel]:
    judged = [JudgedLine(str(place), *of, "reason", "rule", amount) for place, (of, amount) in enumerate(lines)]
    verdict = summed_up(judged, [amount for _, amount in lines])
    return verdict.outcome, verdict.channel


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([(CATALOGUE, 3), (PHONE, 2)], CATALOGUE),
        ([(CATALOGUE, 2), (CATALOGUE, 2), (PHONE, 3)], CATALOGUE),
        ([(CATALOGUE, 2), (PHONE, 2)], PHONE),
        ([(REVIEW, 2), (PHONE, 2)], PHONE),
        ([(CATALOGUE, 2), (REVIEW, 2)], REVIEW),
        ([(CATALOGUE, 2), (REVIEW, 2), (PHONE, 2)], PHONE),
        ([(TAX, 900), (REVIEW, 1)], REVIEW),
        ([(TAX, 900), (CATALOGUE, 0)], CATALOGUE),
        ([(TAX, 1), (RENT, 2)], RENT),
        ([(PHONE, 2), (FREE, 3), (PHONE, 2)], PHONE),
        ([(FREE, 2), (PHONE, 2)], FREE),
    ],
)
def test_the_largest_amount_among_the_counted_outcomes_decides_and_ties_go_against_catalogue(
    lines: list[tuple[tuple[Outcome, Channel], int]], expected: tuple[Outcome, Channel]
) -> None:
    assert total(*lines) == expected


def test_an_off_channel_line_was_avoidable_where_a_catalogue_held_its_item() -> None:
    assert avoidable(case(line(category=None)))
    assert not avoidable(case(line(item="99", category=None)))


def test_or_its_category_whichever_supplier_holds_it() -> None:
    assert avoidable(case(line(item="99"), supplier="S2"))
    assert not avoidable(case(line(item="99", category=FURNITURE)))


def test_or_with_neither_known_where_the_supplier_has_a_catalogue() -> None:
    assert avoidable(case(line(item="NA", category=None)))
    assert not avoidable(case(line(item="NA", category=None), supplier="S2"))


def test_what_the_catalogue_held_on_another_day_was_not_avoidable() -> None:
    later = CatalogueRow("CAT-1", "S1", "11-2233", category="UNSPSC:14111507", valid_from=DAY + timedelta(days=1))
    assert not avoidable(case(None, later, without=(CatalogueRow,)))


def marks(of: LineCase, outcome: Outcome = Outcome.CATALOGUE, channel: Channel = Channel.OWN_CATALOGUE) -> Marks:
    return marks_of(of, outcome, channel)


def test_c1_counts_a_supplier_whose_agreement_covers_the_category() -> None:
    ours, other = marks(case(line(item="99"))), marks(case(line(item="99"), supplier="S2"))
    assert (ours.agreement_base, ours.supplier_compliant) == (True, True)
    assert (other.agreement_base, other.supplier_compliant) == (True, False)


def test_c1_leaves_out_what_no_agreement_covers_unless_the_item_resolves() -> None:
    assert not marks(case(line(item="99", category=FURNITURE))).agreement_base
    assert marks(case(line(category=FURNITURE))).agreement_base


def test_a_line_without_category_is_shown_apart() -> None:
    assert marks(case(line(item="99", category=None))).uncategorised
    assert not marks(case(line(category=None))).uncategorised


def test_c2_counts_an_item_that_an_agreement_of_the_day_lists() -> None:
    assert marks(case()).item_compliant
    assert not marks(case(line(item="99"))).item_compliant
    over = AgreementRow("A1", "S1", valid_to=DAY - timedelta(days=1))
    assert not marks(case(None, over, without=(AgreementRow,))).item_compliant


@pytest.mark.parametrize(
    ("values", "complies"),
    [
        ({"unit_price": "25", "unit": "PK"}, True),
        ({"unit_price": "24.99"}, True),
        ({"unit_price": "25.01"}, False),
        ({"unit_price": "50", "base_quantity": "2"}, True),
        ({"unit_price": "25", "unit": "EA"}, None),
        ({"unit_price": None}, None),
        ({"unit_price": "25", "item": "99"}, None),
        ({"unit_price": "x"}, None),
    ],
)
def test_c3_compares_prices_of_the_same_unit(values: dict[str, Any], complies: object) -> None:
    assert marks(case(line(**values))).price_complies is complies


def test_c3_compares_no_prices_of_different_currencies() -> None:
    assert marks(case(line(unit_price="1"), currency="EUR")).price_complies is None


def test_c3_has_a_tolerance() -> None:
    dear = line(unit_price="26.25")
    assert marks(case(dear, settings=RuleSettings(price_tolerance=0.05))).price_complies
    assert not marks(case(dear, settings=RuleSettings(price_tolerance=0.04))).price_complies


@pytest.mark.parametrize(
    ("outcome", "channel", "kind", "agreed_after", "digital"),
    [
        (Outcome.CATALOGUE, Channel.PUNCH_OUT, "order", False, True),
        (Outcome.OFF_CHANNEL, Channel.FREE_TEXT, "order", False, True),
        (Outcome.OFF_CHANNEL, Channel.FREE_TEXT, "invoice", False, False),
        (Outcome.OFF_CHANNEL, Channel.EXTERNAL_DIGITAL, "invoice", False, True),
        (Outcome.OFF_CHANNEL, Channel.EXTERNAL_DIGITAL, "order", True, False),
        (Outcome.OFF_CHANNEL, Channel.FREE_TEXT, "order", True, False),
        (Outcome.OFF_CHANNEL, Channel.RETROACTIVE, "order", False, False),
        (Outcome.OFF_CHANNEL, Channel.PHONE, "order", False, False),
        (Outcome.REVIEW, Channel.REVIEW, "order", False, False),
    ],
)
def test_digital_is_what_was_sent_structured_but_no_order_agreement(
    outcome: Outcome, channel: Channel, kind: str, agreed_after: object, digital: object
) -> None:
    assert marks(case(kind=kind, order_agreement=agreed_after), outcome, channel).digital is digital


def test_mandatory_is_what_the_law_lists_on_the_day() -> None:
    assert marks(case(None, MandatoryRow("UNSPSC:14"))).mandatory
    assert not marks(case(None, MandatoryRow("UNSPSC:14", valid_to=DAY - timedelta(days=1)))).mandatory
    assert not marks(case(line(category=FURNITURE), MandatoryRow("UNSPSC:14"))).mandatory


def test_lines_outside_of_the_base_have_no_marks() -> None:
    assert marks(case(), Outcome.EXCLUDED, Channel.RENT) == Marks()
