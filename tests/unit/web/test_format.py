"""Numbers as people read them."""

from datetime import UTC, date, datetime

import pytest

from sinks.web import format as formats
from sinks.web.language import Language

DANISH, ENGLISH = Language.DANISH, Language.ENGLISH


@pytest.mark.parametrize(
    ("ore", "danish", "english"),
    [
        (123, "kr. 1", "DKK 1"),
        (12_345_678, "kr. 123.457", "DKK 123,457"),
        (1_230_000_000, "kr. 12,3 mio.", "DKK 12.3 m"),
        (560_000_000_000, "kr. 5,60 mia.", "DKK 5.60 bn"),
        (-12_345_678, "kr. −123.457", "DKK −123,457"),
        (None, "–", "–"),
    ],
)
def test_an_amount_at_a_glance(ore: int | None, danish: str, english: str) -> None:
    assert formats.amount(ore, DANISH).replace("\u00a0", " ") == danish
    assert formats.amount(ore, ENGLISH).replace("\u00a0", " ") == english


def test_an_exact_amount_keeps_every_ore() -> None:
    assert formats.exact_amount(900_719_925_474_099_301, DANISH) == "kr.\u00a09.007.199.254.740.993,01"


@pytest.mark.parametrize(
    ("fraction", "danish"), [(0.532, "53,2\u00a0%"), (0.0, "0,0\u00a0%"), (1.0, "100,0\u00a0%"), (None, "–")]
)
def test_a_rate_is_a_percentage_with_one_decimal(fraction: float | None, danish: str) -> None:
    assert formats.percent(fraction, DANISH) == danish


@pytest.mark.parametrize(
    ("difference", "danish"), [(0.071, "+7,1"), (-0.071, "−7,1"), (0.0, "0,0"), (-0.0001, "0,0"), (None, "–")]
)
def test_a_difference_has_its_sign_and_zero_has_none(difference: float | None, danish: str) -> None:
    assert formats.signed(difference, DANISH) == danish


def test_a_moment_is_told_in_copenhagen() -> None:
    moment = datetime(2026, 7, 1, 22, 30, 5, tzinfo=UTC)
    assert formats.moment(moment, DANISH).replace("\u00a0", " ") == "2. juli 2026 kl. 00.30.05"
    assert formats.moment(moment, ENGLISH).replace("\u00a0", " ") == "2 Jul 2026 00:30:05"


def test_a_day_is_told_with_its_month() -> None:
    assert formats.day(date(2026, 11, 23), DANISH).replace("\u00a0", " ") == "23. nov. 2026"
