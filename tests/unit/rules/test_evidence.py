"""What every predicate rests on, to the letter: the judgement carries it, the page shows it, an objection quotes it."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from models.facts import Category
from models.reference.rows import (
    AccountRow,
    AgreementRow,
    CatalogueRow,
    ExternalChannelRow,
    StandingOrderRow,
    SupplierRow,
)
from models.rules.case import LineCase
from models.rules.judge import Judge, Verdict, summed_up
from models.rules.predicates import OF_PURCHASE, PREDICATES
from models.rules.ruleset import read_ruleset
from models.rules.settings import RuleSettings, SourceSettings
from models.vocabulary import Channel, Outcome
from tests.builders import DAY, ERP, PAPER, line
from tests.unit.rules.cases import case
from tests.unit.rules.changed import default_text

ITEM = "catalogue:CAT-1|S1|11-2233|2025-01-01"
AGREEMENT = "agreements:A1|S1|2025-01-01"
STANDING = StandingOrderRow("F-1", "S1", "D1", date(2026, 1, 1))
ATTESTED = ExternalChannelRow("S1", ("UNSPSC:1411",), date(2026, 1, 1), None, "indkøb")
BANK = AccountRow("2.34", None, "finance")
BEFORE = RuleSettings(sources={ERP: SourceSettings(orders_from=date(2026, 2, 1))})


def fresh() -> Judge:
    """Not the one that other tests share: what it is made of is looked at."""
    return Judge(read_ruleset(default_text()))


def found(predicate: str, of: LineCase, **parameters: Any) -> dict[str, str] | None:
    return PREDICATES[predicate](of, **parameters)


@pytest.mark.parametrize(
    ("predicate", "of", "parameters", "evidence"),
    [
        ("always", case(), {}, {}),
        ("is_refund", case(kind="refund"), {}, {"kind": "credit_note"}),
        (
            "category_starts_with",
            case(),
            {"unspsc": ("99", "1411"), "cpv": ("14",)},
            {"category": "UNSPSC:14111507", "excluded_prefix": "UNSPSC:1411"},
        ),
        (
            "category_starts_with",
            case(line(category=Category("CPV", "45000000"))),
            {"unspsc": ("45",), "cpv": ("45",)},
            {"category": "CPV:45000000", "excluded_prefix": "CPV:45"},
        ),
        (
            "supplier_is_excluded",
            case(None, SupplierRow("S1", "SKAT", exclusion="tax_or_duty")),
            {},
            {"supplier": "suppliers:S1", "exclusion": "tax_or_duty"},
        ),
        (
            "account_is_excluded",
            case(None, BANK, account="2.3410"),
            {},
            {"account": "2.3410", "account_row": "accounts:2.34|", "exclusion": "finance"},
        ),
        ("is_order_agreement", case(order_agreement=True, profile="42"), {}, {"profile": "42"}),
        ("is_order_agreement", case(order_agreement=True), {}, {"profile": ""}),
        ("stated_channel_in", case(channel="phone"), {"channels": ("phone",)}, {"stated_channel": "phone"}),
        ("stated_off_channel", case(channel="card"), {}, {"stated_channel": "card"}),
        (
            "external_channel_covers",
            case(None, ATTESTED),
            {},
            {"external_channel": "external_channels:S1|UNSPSC:1411|2026-01-01"},
        ),
        ("item_in_catalogue", case(), {}, {"item": ITEM}),
        ("agreement_covers", case(), {}, {"agreement": AGREEMENT}),
        ("supplier_has_agreement", case(line(item=None, category=None)), {}, {"agreement": AGREEMENT}),
        ("supplier_has_no_catalogue", case(supplier="S2"), {}, {"catalogue": "none"}),
        ("punched_out", case(punch_out="sess-1"), {}, {"punch_out": "sess-1", "supplier": "suppliers:S1"}),
        ("agreement_on_punch_out", case(line(item=None, category=None)), {}, {"agreement": AGREEMENT}),
        (
            "on_standing_order",
            case(None, STANDING, standing_order="F-1"),
            {},
            {"standing_order": "standing_orders:F-1|S1|D1|2026-01-01"},
        ),
        (
            "without_item_and_catalogue",
            case(line(item="n/a"), requisition="R-1"),
            {},
            {"item": "n/a", "requisition": "R-1"},
        ),
        ("without_item_and_catalogue", case(line(item=None)), {}, {"item": "", "requisition": ""}),
        ("order_is_named", case(kind="invoice", order_named="4500"), {}, {"order_named": "4500"}),
        (
            "order_is_before_our_time",
            case(kind="invoice", order_named="4500", order_day=date(2026, 1, 31), settings=BEFORE),
            {},
            {"order_named": "4500", "orders_from": "2026-02-01"},
        ),
    ],
)
def test_a_predicate_that_holds_says_what_it_rests_on(
    predicate: str, of: LineCase, parameters: dict[str, Any], evidence: dict[str, str]
) -> None:
    assert found(predicate, of, **parameters) == evidence


@pytest.mark.parametrize(
    ("predicate", "of", "parameters"),
    [
        ("is_refund", case(), {}),
        ("category_starts_with", case(line(category=None, item=None)), {"unspsc": ("14",)}),
        ("category_starts_with", case(), {"unspsc": ("15",)}),
        ("supplier_is_excluded", case(), {}),
        ("account_is_excluded", case(account="2.3410"), {}),
        ("account_is_excluded", case(None, AccountRow("2.34", "UNSPSC:1411"), account="2.3410"), {}),
        ("is_order_agreement", case(profile="42"), {}),
        ("stated_channel_in", case(), {"channels": ("phone",)}),
        ("stated_off_channel", case(channel="punch_out"), {}),
        ("supplier_has_no_catalogue", case(), {}),
        ("punched_out", case(), {}),
        ("punched_out", case(punch_out="s", supplier="S2"), {}),
        ("punched_out", case(punch_out="N/A"), {}),
        ("punched_out", case(punch_out="1"), {}),
        ("punched_out", case(punch_out="s", supplier="nobody"), {}),
        ("without_item_and_catalogue", case(line(item=None, gtin="5700000000000")), {}),
        ("without_item_and_catalogue", case(line(item=None, catalogue="CAT-9")), {}),
        ("order_is_named", case(kind="invoice"), {}),
        ("order_is_before_our_time", case(kind="invoice", settings=BEFORE), {}),
        ("order_is_before_our_time", case(kind="invoice", order_named="1", settings=BEFORE), {}),
        (
            "order_is_before_our_time",
            case(kind="invoice", order_named="1", order_day=date(2026, 2, 1), settings=BEFORE),
            {},
        ),
        ("order_is_before_our_time", case(kind="invoice", order_named="1", order_day=date(2020, 1, 1)), {}),
    ],
)
def test_a_predicate_that_does_not_hold_rests_on_nothing(
    predicate: str, of: LineCase, parameters: dict[str, Any]
) -> None:
    assert found(predicate, of, **parameters) is None


def late(days: int, grace: int = 0, **more: Any) -> LineCase:
    made = case(seen_on=date.fromordinal(DAY.toordinal() - days), settings=RuleSettings(grace_days=grace), **more)
    made.purchase.seen_by = "invoice F-1"
    return made


def test_an_order_after_the_fact_names_both_days_and_the_paper() -> None:
    assert found("ordered_after_the_fact", late(1)) == {
        "ordered_on": "2026-03-02",
        "seen_on": "2026-03-01",
        "seen_by": "invoice F-1",
    }
    assert found("ordered_after_the_fact", late(3, grace=2)) is not None


@pytest.mark.parametrize("of", [late(0), late(2, grace=2), late(9, kind="frame"), late(9, kind="invoice"), case()])
def test_an_order_in_time_or_within_the_grace_or_no_order_rests_on_nothing(of: LineCase) -> None:
    assert found("ordered_after_the_fact", of) is None


# what the judge makes of it


def test_a_judged_line_carries_all_that_is_known_of_it() -> None:
    made = case(line(24500, "7", description="Kopipapir", category=None))
    (judged,) = fresh().lines(made.purchase, [24400], None)
    assert (judged.line, judged.item, judged.description) == ("7", "11-2233", "Kopipapir")
    assert (judged.category, judged.agreement, judged.amount_ore) == ("UNSPSC:14111507", "A1", 24400)
    assert (judged.outcome, judged.channel, judged.avoidable) == (Outcome.CATALOGUE, Channel.OWN_CATALOGUE, None)
    assert (judged.rule, judged.reason) == ("own-catalogue", "item_under_agreement")
    assert judged.evidence == {"item": ITEM, "agreement": AGREEMENT}


def test_a_rule_of_category_and_more_carries_the_evidence_of_both() -> None:
    rent = Category("UNSPSC", "80131502")
    (judged,) = fresh().lines(case(line(category=rent)).purchase, [1], None)
    assert judged.evidence == {"category": "UNSPSC:80131502", "excluded_prefix": "UNSPSC:801315"}


def test_a_line_decided_by_another_says_whose_verdict_it_has() -> None:
    verdict = Verdict(Outcome.OFF_CHANNEL, Channel.PHONE, "decided", "decision")
    by_person, by_frame, nameless = (
        fresh().lines(of.purchase, [1], verdict)[0]
        for of in (case(), case(kind="frame", order_named="4500"), case(kind="frame"))
    )
    assert (by_person.evidence, by_person.avoidable) == ({"verdict": "decision"}, True)
    assert (by_frame.evidence, nameless.evidence) == ({"frame": "4500"}, {"frame": ""})


def test_amounts_must_be_of_the_lines() -> None:
    with pytest.raises(ValueError, match="zip"):
        fresh().lines(case().purchase, [1, 2], None)


def test_a_judge_is_known_by_its_ruleset() -> None:
    assert (fresh().label, fresh().settings.grace_days) == ("standard@1", 0)


# the line's own look-ups


GTIN = CatalogueRow(
    catalogue="CAT-2", supplier="S1", item="G", gtin="5712345678900", category="UNSPSC:44121600", agreement="A2"
)
OTHER = AgreementRow("A2", "S1", "Skriveredskaber", ("UNSPSC:1411", "UNSPSC:4412"), date(2025, 6, 1))


def test_a_gtin_resolves_without_an_item_id() -> None:
    made = case(line(item=None, gtin="5712345678900", category=None), GTIN, OTHER)
    assert (made.item_row, made.listed_by, made.category) == (GTIN, OTHER, Category("UNSPSC", "44121600"))
    assert case(line(item=None, gtin="0"), GTIN).item_row is None


def test_the_catalogue_that_is_named_goes_first() -> None:
    twin = CatalogueRow(catalogue="CAT-0", supplier="S1", item="11-2233", agreement="A1")
    assert case(line(catalogue="CAT-0"), twin).item_row == twin
    assert case(line(catalogue="CAT-1"), twin).item_row != twin


@pytest.mark.parametrize(("named", "agreement"), [(None, "A1"), ("A2", "A2"), ("A1", "A1"), ("A9", "A1")])
def test_of_several_agreements_that_cover_the_line_the_named_one_counts_else_the_first(
    named: str | None, agreement: str
) -> None:
    of_line, of_order = line(item="x", agreement=named), line(item="x")
    by_line, by_order = case(of_line, OTHER).agreement, case(of_order, OTHER, agreement=named).agreement
    assert by_line is not None
    assert by_order is not None
    assert (by_line.agreement, by_order.agreement) == (agreement, agreement)


def test_the_lines_own_agreement_goes_before_the_orders() -> None:
    covered = case(line(item="x", agreement="A2"), OTHER, agreement="A1").agreement
    assert covered is not None
    assert covered.agreement == "A2"


def test_an_account_gives_the_category_that_line_and_item_do_not() -> None:
    account = AccountRow("2.34", "UNSPSC:5018")
    assert case(line(item=None, category=None), account, account="2.3410").category == Category("UNSPSC", "5018")
    assert case(line(item=None, category=None, account="2.3410"), account, account="9").account == "2.3410"
    assert case(line(category=None), account, account="2.3410").category == PAPER


def test_a_purchase_has_the_reason_of_its_largest_line() -> None:
    small, large = (
        fresh().lines(case(of, channel="phone").purchase, [amount], None)[0]
        for of, amount in ((line(100), 100), (line(300, "2", item=None, category=None), 300))
    )
    unknown = case(line(300, "3", item="?", category=None), channel="catalogue")
    review = fresh().lines(unknown.purchase, [300], None)[0]
    assert summed_up([small, large], [100, 300]) == Verdict(
        Outcome.OFF_CHANNEL, Channel.PHONE, "stated_channel", "stated-off-channel"
    )
    assert summed_up([review, large], [301, 300]).outcome is Outcome.REVIEW
    assert summed_up([review, large], [300, 300]) == Verdict(
        Outcome.OFF_CHANNEL, Channel.PHONE, "stated_channel", "stated-off-channel"
    )
    with pytest.raises(ValueError, match="zip"):
        summed_up([small, large], [1])


ASKED = case(
    None,
    SupplierRow("S1", "S1", punch_out=True),
    STANDING,
    kind="order",
    channel="phone",
    order_agreement=True,
    punch_out="session",
    standing_order="F-1",
)


@pytest.mark.parametrize("predicate", sorted(OF_PURCHASE))
def test_what_the_purchase_answers_asks_nothing_of_a_line(predicate: str) -> None:
    """It is asked with the first line only: a look at the line would be a wrong answer for the others."""
    parameters = {"channels": ["phone"]} if predicate == "stated_channel_in" else {}
    only_purchase: Any = SimpleNamespace(purchase=ASKED.purchase)
    assert PREDICATES[predicate](only_purchase, **parameters) == PREDICATES[predicate](ASKED, **parameters)
