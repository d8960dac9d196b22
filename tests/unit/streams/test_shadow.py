"""Claims about a shadow ruleset: it is counted, and it never stands in the way."""

import pytest

from models.judgement import Judgement
from models.purchase.lifecycle import received
from models.purchase.row import EMPTY
from models.reference.rows import RulesetRow
from sinks import metrics
from streams.shadow import Shadow
from tests.builders import MOMENT, basis, content, line, order
from tests.unit.rules.changed import default_text, replaced

REVIEWED = replaced('outcome = "off_channel"\nchannel = "free_text"', 'outcome = "review"\nchannel = "review"')


def counted() -> dict[tuple[str, str, str], float]:
    samples = (sample for family in metrics.SHADOW.collect() for sample in family.samples)
    return {
        (one.labels["rule"], one.labels["shadow_rule"], one.labels["result"]): one.value
        for one in samples
        if one.name.endswith("_total")
    }


def look(text: str | None, *, source: str = "erp", item: str | None = None) -> dict[tuple[str, str, str], float]:
    """What is counted of one order with this shadow."""
    on = basis(*([RulesetRow("standard", "9", text, shadow=True)] if text is not None else []))
    fact = order(source=source, of=content([line(item=item, category=None)]))
    step = received(EMPTY, fact, kind="order.placed", basis=on, moment=MOMENT)
    before = counted()
    Shadow().look(step.judgements, step.row, basis=on, moment=MOMENT)
    return {place: value - before.get(place, 0) for place, value in counted().items() if value > before.get(place, 0)}


def test_a_purchase_that_the_shadow_judges_otherwise_differs() -> None:
    assert look(REVIEWED) == {("free-text", "free-text", "differs"): 1}


def test_a_purchase_that_it_judges_alike_is_the_same() -> None:
    assert look(REVIEWED, item="11-2233") == {("own-catalogue", "own-catalogue", "same"): 1}


def test_without_a_shadow_nothing_is_counted() -> None:
    assert look(None) == {}


def test_a_purchase_that_is_not_counted_is_not_compared() -> None:
    assert look(REVIEWED, source="test/erp") == {}


@pytest.mark.parametrize("text", ["no toml [", default_text().replace("agreement_covers", "nonsense")])
def test_a_shadow_that_cannot_be_used_does_no_harm(text: str) -> None:
    assert look(text) == {}


def test_it_leaves_the_live_judgements_as_they_are() -> None:
    on = basis(RulesetRow("standard", "9", REVIEWED, shadow=True))
    step = received(EMPTY, order(of=content([line(item=None)])), kind="order.placed", basis=on, moment=MOMENT)
    live: tuple[Judgement, ...] = step.judgements
    Shadow().look(live, step.row, basis=on, moment=MOMENT)
    assert [each.outcome for each in step.judgements] == ["off_channel"]
    assert step.row.published[live[0].purchase].judgement.ruleset == "standard@1"
