"""Claims about what is asked of a fact when it arrives."""

from datetime import date

import pytest

from models.contract.arrival import refuse_future
from models.facts import DOCUMENT
from models.refusal import RefusalError
from tests.builders import ERP, invoice, order

TOO_EARLY_MS = 1_772_439_300_000  # 2 March 2026, 09:15 in Copenhagen


@pytest.mark.parametrize(
    ("source", "of_order", "of_invoice"),
    [(ERP, "data.placed_at", "data.issued_on"), (DOCUMENT, "cbc:IssueDate", "cbc:IssueDate")],
)
def test_a_date_ahead_is_named_in_the_words_of_who_sent_it(source: str, of_order: str, of_invoice: str) -> None:
    day = date(2026, 3, 4)
    for fact, field in ((order(source=source, day=day), of_order), (invoice(source=source, day=day), of_invoice)):
        with pytest.raises(RefusalError) as refused:
            refuse_future(fact, came_ms=TOO_EARLY_MS)
        assert refused.value.refused.field == field


def test_a_day_ahead_is_taken() -> None:
    refuse_future(order(day=date(2026, 3, 3)), came_ms=TOO_EARLY_MS)
