"""What is read the quick way passes the contract too, and says the same; a usual event is read the quick way."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.contract.decode import _decode, _readable_size, decode_event
from models.contract.examples import inputs
from models.contract.quick import READ_QUICKLY, read_quickly
from models.contract.unnamed import unnamed
from models.facts import AnyFact
from models.refusal import RefusalError
from tests.unit.contract.builders import PSEUDONYM, an_event
from tests.unit.contract.test_any_bytes import damaged_bytes, mutated_events, places, replaced

NUMBERS = [
    "1",
    "0",
    "-0",
    "007",
    "1.",
    ".5",
    "1.5",
    "1.50",
    "1.505",
    "1.5000000000",
    "1.500001",
    "-12.10",
    "+1",
    "1e3",
    "1_0",
    "999999999999",
    "1000000000000",
    "١٢",
    "0.0",
]
DAYS = [
    "2026-03-02",
    "2026-02-30",
    "1969-12-31",
    "1970-01-01",
    "2199-12-31",
    "2200-01-01",
    "2026-3-2",
    "20260302",
    "2026-W10-1",
    "2026-03-02T10:15:00",
    "2026-03-02T10:15:00Z",
    "2026-03-02t10:15:00z",
    "2026-03-02T10:15",
    "2026-03-02T24:00:00",
    "2026-03-02T10:15:60",
    "2026-03-02T10:15:00.1",
    "2026-03-02T10:15:00.123+01:00",
    "2026-03-02T10:15:00.1234567+01:00",
    "2026-03-02T10:15:00+0100",
    "2026-03-02T10:15:00-23:59",
    "2026-03-02T10:15:00+24:00",
    "2026-03-29T02:30:00",
]
IDS = (
    *("", " ", "4500012345", " 4500012345", "x ", "a b", "Å-1", "ﬁ", "a\u00a0b", "a\u200bb", "a\u202eb", "\ufffd"),
    *("x" * 64, "x" * 65, "æ" * 64, "x" * 256, 'say "x"', "back\\slash", "tab\there", "line\nbreak", "\x7f", "\x85"),
    *("0101901234", "010190-1234", "010190 1234", "010190 - 1234", "010190\u20111234", "45-0000-1234", "1-2345"),
    *("DKK", "dkk", "EUR", "E1R", "42", "48", "unspsc", "TST", "card", "catalogue", "Card", "document", "test/x"),
)
LEAVES: st.SearchStrategy[Any] = st.sampled_from(
    [*NUMBERS, *DAYS, *IDS, None, True, False, 0, 1, -1, 10**15, 1.0, 1.5, 48, [], {}]
)
WRITTEN: dict[str, dict[str, Any]] = {
    "compact": {"separators": (",", ":"), "ensure_ascii": False},
    "usual": {},
    "spaced": {"separators": (" , ", " : "), "ensure_ascii": False},
    "indented": {"indent": 2, "ensure_ascii": False},
}


@st.composite
def nearly_valid(draw: st.DrawFn) -> bytes:
    event = inputs()[draw(st.sampled_from(READ_QUICKLY))]
    for _ in range(draw(st.integers(0, 2))):
        leaves = [at for at in places(event) if at]
        event = replaced(event, draw(st.sampled_from(leaves)), draw(LEAVES))
    return json.dumps(event, **WRITTEN[draw(st.sampled_from(sorted(WRITTEN)))]).encode()


def by_the_contract(value: bytes) -> AnyFact | None:
    try:
        return unnamed(_decode(_readable_size(value), headers={}, pseudonym=PSEUDONYM), pseudonym=PSEUDONYM)
    except RefusalError:
        return None


def as_it_is_read(value: bytes) -> AnyFact | None:
    try:
        return decode_event(value, headers={}, pseudonym=PSEUDONYM)
    except RefusalError:
        return None


@given(nearly_valid())
def test_what_is_read_quickly_says_what_the_contract_says(value: bytes) -> None:
    assert as_it_is_read(value) == by_the_contract(value)


@given(mutated_events())
def test_so_do_events_with_any_values(event: Any) -> None:
    value = json.dumps(event).encode()
    assert as_it_is_read(value) == by_the_contract(value)


@given(damaged_bytes())
def test_so_do_damaged_events(value: bytes) -> None:
    assert as_it_is_read(value) == by_the_contract(value)


@pytest.mark.parametrize("kind", READ_QUICKLY)
@pytest.mark.parametrize("written", ["compact", "usual"])
def test_a_usual_event_is_read_quickly(kind: str, written: str) -> None:
    assert read_quickly(json.dumps(an_event(kind), **WRITTEN[written]).encode()) is not None


@pytest.mark.parametrize("leaf", [*NUMBERS, *DAYS, *IDS])
def test_every_odd_text_in_any_place_is_read_as_the_contract_reads_it(leaf: str) -> None:
    for kind in ("order.placed", "invoice.received"):
        for at in [at for at in places(an_event(kind)) if at]:
            value = json.dumps(replaced(an_event(kind), at, leaf), **WRITTEN["compact"]).encode(errors="replace")
            assert as_it_is_read(value) == by_the_contract(value), at
