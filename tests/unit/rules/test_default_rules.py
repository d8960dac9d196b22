"""Every rule of the default ruleset decides where it should, and not where one thing is different."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from models.facts import Category, Line
from models.reference.rows import (
    AccountRow,
    AgreementRow,
    CatalogueRow,
    ExternalChannelRow,
    StandingOrderRow,
    SupplierRow,
)
from models.rules.case import LineCase
from models.rules.judge import Judge
from models.rules.predicates import PREDICATES
from models.rules.ruleset import Rule, read_ruleset
from models.rules.settings import RuleSettings, SourceSettings
from models.vocabulary import Channel
from tests.builders import DAY, ERP, default_judge, line
from tests.unit.rules.cases import case, rule_of

RULESET = read_ruleset(Path("rulesets/default.toml").read_text(encoding="utf-8"))
RULES: dict[str, Rule] = {rule.id: rule for rule in RULESET.rules}
BEFORE = DAY - timedelta(days=1)
AFTER = DAY + timedelta(days=1)
SHOP = ExternalChannelRow("S2", ("UNSPSC:50",))
STANDING = StandingOrderRow("SO-1", "S1", "D1")
OUR_TIME = RuleSettings(sources={ERP: SourceSettings(orders_from=DAY)})
NOT_PUNCH_OUT = SupplierRow("S1", "Papirlageret")


def of(scheme: str, code: str) -> Line:
    return line(category=Category(scheme, code))


def bread(**more: Any) -> Line:
    return line(item="B-1", category=Category("UNSPSC", "50181900"), **more)


def free(**more: Any) -> Line:
    return line(item=None, category=Category("UNSPSC", "50181900"), **more)


Make = Callable[[], LineCase]

CASES: dict[str, tuple[list[Make], list[Make]]] = {
    "refund": ([lambda: case(kind="refund")], [case]),
    "excluded-construction": (
        [lambda: case(of("UNSPSC", "72141000")), lambda: case(of("CPV", "45000000"), kind="invoice")],
        [lambda: case(of("UNSPSC", "72151000")), lambda: case(of("CPV", "44500000"))],
    ),
    "excluded-utilities": (
        [lambda: case(of("UNSPSC", "83101800")), lambda: case(of("CPV", "65310000"))],
        [lambda: case(of("UNSPSC", "83111800"))],
    ),
    "excluded-rent": (
        [lambda: case(of("UNSPSC", "80131500")), lambda: case(of("CPV", "70210000"))],
        [lambda: case(of("UNSPSC", "80131600")), lambda: case(of("CPV", "70300000"))],
    ),
    "excluded-taxes": ([lambda: case(of("UNSPSC", "93161600"))], [lambda: case(of("UNSPSC", "93151600"))]),
    "excluded-finance": (
        [lambda: case(of("UNSPSC", "84121500")), lambda: case(of("CPV", "66000000"))],
        [lambda: case(of("UNSPSC", "84131500"))],
    ),
    "excluded-supplier": ([lambda: case(None, SupplierRow("S1", exclusion="internal"))], [case]),
    "excluded-account": (
        [lambda: case(None, AccountRow("9", exclusion="grant"), account="9.100")],
        [
            lambda: case(None, AccountRow("9", exclusion="grant"), account="8.100"),
            lambda: case(None, AccountRow("9", exclusion="grant", valid_to=BEFORE), account="9.100"),
        ],
    ),
    "order-agreement": (
        [lambda: case(order_agreement=True), lambda: case(kind="invoice", order_agreement=True)],
        [case],
    ),
    "retroactive": (
        [lambda: case(seen_on=BEFORE)],
        [
            lambda: case(seen_on=DAY),
            lambda: case(kind="frame", seen_on=BEFORE),
            lambda: case(seen_on=BEFORE, settings=RuleSettings(grace_days=1)),
        ],
    ),
    "stated-external-web-shop": (
        [lambda: case(bread(), SHOP, supplier="S2", channel="web_shop")],
        [
            lambda: case(bread(), supplier="S2", channel="web_shop"),
            lambda: case(bread(), SHOP, supplier="S2", channel="phone"),
        ],
    ),
    "stated-off-channel": (
        [
            lambda: case(channel="phone"),
            lambda: case(channel="free_text"),
            lambda: case(kind="invoice", channel="card"),
        ],
        [lambda: case(channel="catalogue"), case],
    ),
    "own-catalogue": (
        [case],
        [
            lambda: case(without=(AgreementRow,)),
            lambda: case(without=(CatalogueRow,)),
            lambda: case(line(item="11-22")),
            lambda: case(None, _paper(orderable=False)),
            lambda: case(None, _paper(valid_to=BEFORE)),
            lambda: case(kind="invoice"),
            lambda: case(supplier="S2"),
        ],
    ),
    "punch-out": (
        [
            lambda: case(line(item="99"), punch_out="session"),
            lambda: case(line(item="99", category=None), punch_out="session"),
        ],
        [
            lambda: case(line(item="99")),
            lambda: case(line(item="99"), NOT_PUNCH_OUT, punch_out="session"),
            lambda: case(bread(), punch_out="session"),
            lambda: case(line(item="99"), punch_out="session", without=(AgreementRow,)),
        ],
    ),
    "standing-order": (
        [
            lambda: case(line(item="99"), STANDING, standing_order="SO-1"),
            lambda: case(line(item="99"), STANDING, kind="invoice", standing_order="SO-1"),
        ],
        [
            lambda: case(line(item="99"), STANDING, standing_order="SO-2"),
            lambda: case(line(item="99"), StandingOrderRow("SO-1", "S1", "U2"), standing_order="SO-1"),
        ],
    ),
    "external-channel": (
        [lambda: case(bread(), SHOP, supplier="S2"), lambda: case(bread(), SHOP, supplier="S2", kind="invoice")],
        [
            lambda: case(line(item="99"), SHOP, supplier="S2"),
            lambda: case(bread(), ExternalChannelRow("S2", valid_from=AFTER), supplier="S2"),
        ],
    ),
    "stated-accepted": (
        [lambda: case(line(item="99"), channel="catalogue", without=(CatalogueRow,))],
        [
            lambda: case(line(item="99"), channel="catalogue"),
            lambda: case(line(item="99"), channel="catalogue", without=(CatalogueRow, AgreementRow)),
        ],
    ),
    "stated-not-proven": (
        [
            lambda: case(line(item="99"), channel="catalogue"),
            lambda: case(line(item="99"), channel="punch_out"),
            lambda: case(free(), channel="standing_order"),
        ],
        [lambda: case(channel="catalogue"), lambda: case(line(item="99"))],
    ),
    "free-text": (
        [lambda: case(free()), lambda: case(line(item="N/A", category=None)), lambda: case(free(), requisition="R-1")],
        [lambda: case(bread()), lambda: case(free(catalogue="CAT-1")), lambda: case(free(gtin="5701234567899"))],
    ),
    "order-before-our-time": (
        [lambda: case(kind="invoice", order_named="4400", order_day=BEFORE, settings=OUR_TIME)],
        [
            lambda: case(kind="invoice", order_named="4400", order_day=DAY, settings=OUR_TIME),
            lambda: case(kind="invoice", order_named="4400", order_day=BEFORE),
        ],
    ),
    "order-not-seen": ([lambda: case(kind="invoice", order_named="4400")], [lambda: case(kind="invoice")]),
    "no-order": ([lambda: case(kind="invoice")], [lambda: case(kind="invoice", order_named="4400")]),
    "undecided": ([lambda: case(bread(), supplier="S2")], [case, lambda: case(free())]),
}
"""Rule → cases that it decides, and cases that differ in one thing and that it leaves to others."""


def _paper(**changed: object) -> CatalogueRow:
    values = {
        "catalogue": "CAT-1",
        "supplier": "S1",
        "item": "11-2233",
        "category": "UNSPSC:14111507",
        "agreement": "A1",
    }
    return CatalogueRow(**values | {"valid_from": DAY.replace(year=2025, month=1, day=1)} | changed)  # type: ignore[arg-type]


def judge_with(rule: str) -> Judge:
    """The default judge; a rule that is switched off is on."""
    on = [each.model_copy(update={"enabled": each.enabled or each.id == rule}) for each in RULESET.rules]
    return Judge(RULESET.model_copy(update={"rules": tuple(on)}))


def test_every_rule_has_cases_for_and_against_it() -> None:
    assert CASES.keys() == RULES.keys()
    assert all(yes and no for yes, no in CASES.values())


@pytest.mark.parametrize(("rule", "made"), [(rule, made) for rule, (yes, _) in CASES.items() for made in yes])
def test_the_rule_decides(rule: str, made: Make) -> None:
    assert rule_of(made(), judge_with(rule)) == rule


@pytest.mark.parametrize(("rule", "made"), [(rule, made) for rule, (_, no) in CASES.items() for made in no])
def test_the_rule_leaves_it_to_others(rule: str, made: Make) -> None:
    assert rule_of(made(), judge_with(rule)) != rule


def test_every_predicate_is_used_or_there_for_rules_that_a_municipality_writes() -> None:
    used = {condition.predicate for rule in RULESET.rules for condition in rule.when}
    assert PREDICATES.keys() - used == {"is_refund"}
    assert all(predicate.__doc__ for predicate in PREDICATES.values())


def test_a_rule_that_is_switched_off_decides_nothing() -> None:
    assert not RULES["stated-accepted"].enabled
    made = case(line(item="99"), channel="catalogue", without=(CatalogueRow,))
    assert rule_of(made) == "stated-not-proven"


def test_an_order_agreement_has_its_stated_channel_else_it_is_unknown() -> None:
    told = [default_judge().line(case(order_agreement=True, channel=stated))[0].channel for stated in ("store", None)]
    assert told == [Channel.STORE, Channel.UNKNOWN]


def test_an_exclusion_is_the_one_that_the_reference_names() -> None:
    verdict, evidence = default_judge().line(case(None, SupplierRow("S1", exclusion="public_body")))
    assert (verdict.channel, evidence["supplier"]) == (Channel.PUBLIC_BODY, "suppliers:S1")


def test_a_retroactive_order_is_so_although_its_item_stands_in_the_catalogue() -> None:
    assert rule_of(case()) == "own-catalogue"
    assert rule_of(case(seen_on=BEFORE)) == "retroactive"


def test_an_item_under_an_agreement_is_covered_whatever_its_category() -> None:
    assert rule_of(case(bread(), _paper(item="B-1"))) == "own-catalogue"
    assert rule_of(case(bread(), _paper(item="B-1", agreement=None))) == "undecided"


def test_a_named_order_proves_no_catalogue() -> None:
    assert rule_of(case(kind="invoice", order_named="4500")) == "order-not-seen"


MISTAKES = {
    "id = ": ('id = "free-text"', 'id = "Free Text"', "id"),
    "predicate": ('predicate = "punched_out"', 'predicate = "punch"', "punch-out"),
    "parameter": ('channels = ["web_shop"]', 'channel = ["web_shop"]', "stated-external-web-shop"),
    "outcome": ('outcome = "catalogue"\nchannel = "punch_out"', 'outcome = "good"\nchannel = "punch_out"', "outcome"),
    "channel": ('channel = "punch_out"', 'channel = "phone"', "punch-out"),
    "twice": ('id = "punch-out"', 'id = "own-catalogue"', "own-catalogue"),
    "setting": ("grace_days = 0 ", "grace_days = -1 ", "grace_days"),
    "unknown setting": ("grace_days = 0 ", "gracious_days = 1 ", "gracious_days"),
}


@pytest.mark.parametrize(("right", "wrong", "named"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_by_its_rule_or_field(right: str, wrong: str, named: str) -> None:
    text = Path("rulesets/default.toml").read_text(encoding="utf-8")
    assert right in text
    with pytest.raises(ValueError, match=named):
        read_ruleset(text.replace(right, wrong, 1))


def test_a_ruleset_without_a_last_rule_says_for_which_kind() -> None:
    text = Path("rulesets/default.toml").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="no last rule for kind 'order'"):
        read_ruleset(text[: text.rindex("[[rules]]")])
