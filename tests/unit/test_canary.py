import json
from datetime import UTC, datetime

from handelspuls.canary import NUMBER, heard, sung
from models.facts import Order
from tests.unit.contract.builders import decoded

NOW = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)


def test_its_order_is_one_that_the_contract_takes_and_that_counts_nowhere() -> None:
    order = decoded(sung(7, NOW))
    assert isinstance(order, Order)
    assert order.source.startswith("test/")


def test_it_hears_its_own_version_or_a_later_one_and_nothing_else() -> None:
    assert heard(json.dumps({"number": NUMBER, "version": 7}).encode(), 7)
    assert heard(json.dumps({"number": NUMBER, "version": 8}).encode(), 7)
    others = ({"number": NUMBER, "version": 6}, {"number": "45", "version": 7}, {"number": NUMBER})
    assert not any(heard(json.dumps(other).encode(), 7) for other in others)
    assert not heard(None, 7)
