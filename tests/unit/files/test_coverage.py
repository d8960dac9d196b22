"""What a source fails to send is missing in the coverage: as many documents and as many øre, neither more nor less."""

import pytest

from models.files.answers import unit_figures
from tests.unit.files.judged import NOW, judged, lines_of, reference

DAY = "2026-11-16"
NAMES = ("coverage_count", "coverage_amount")
AMOUNTS = {f"I-{number}": 100 * number for number in range(1, 11)}
"""Kroner of each invoice that the ledger has."""
REFERENCE = reference(
    {
        "units.csv": "unit,name,level,parent\nK,Kommunen,municipality,\nU-1,Skolen,institution,K\n",
        "suppliers.csv": "supplier,name\nS-1,Leverandør\n",
        "ledger.csv": f"unit,day,documents,amount\nU-1,{DAY},{len(AMOUNTS)},{sum(AMOUNTS.values())}.00\n",
    }
)


def invoice(number: str) -> dict[str, object]:
    data = {
        "invoice": number,
        "version": 1,
        "unit": "U-1",
        "supplier": "S-1",
        "issued_on": DAY,
        "currency": "DKK",
        "lines": [{"line": "1", "net_amount": f"{AMOUNTS[number]}.00"}],
    }
    envelope = {"specversion": "1.0", "id": number, "source": "erp/x", "type": "invoice.received"}
    return envelope | {"time": f"{DAY}T09:00:00+01:00", "data": data}


def coverage(*, without: set[str]) -> dict[str, tuple[object, object]]:
    """Numerator and denominator of both coverages of the municipality."""
    sent = [invoice(number) for number in AMOUNTS if number not in without]
    result = judged(("invoices.jsonl", lines_of(sent)), on=REFERENCE)
    assert not result.refused, result.refused
    (whole,) = [unit for unit in unit_figures(result, now=NOW) if unit.unit == "K"]
    found = whole.windows["30d"].figures
    return {name: (found[name]["numerator"], found[name]["denominator"]) for name in NAMES}


def test_with_everything_sent_coverage_is_whole() -> None:
    assert coverage(without=set()) == {"coverage_count": (10, 10), "coverage_amount": (550_000, 550_000)}


@pytest.mark.parametrize("missing", [{"I-3"}, {"I-1", "I-10"}, set(AMOUNTS) - {"I-7"}])
def test_coverage_drops_by_exactly_what_is_missing(missing: set[str]) -> None:
    amount_ore = sum(100 * AMOUNTS[number] for number in missing)
    assert coverage(without=missing) == {
        "coverage_count": (10 - len(missing), 10),
        "coverage_amount": (550_000 - amount_ore, 550_000),
    }
