import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.contract.fields import PRINTABLE
from models.contract.purchase_id import number_of, parts_of, purchase_id

PARTS = st.text(min_size=1, max_size=20).filter(re.compile(PRINTABLE).fullmatch)


@given(st.lists(PARTS, min_size=2, max_size=2) | st.lists(PARTS, min_size=4, max_size=4))
def test_every_purchase_id_is_safe_and_gives_its_parts_back(parts: list[str]) -> None:
    written = purchase_id(*parts)
    assert re.fullmatch(r"[A-Za-z0-9._%~-]+", written)
    assert list(parts_of(written)) == parts


def test_the_separator_in_a_part_is_encoded() -> None:
    assert purchase_id("erp/kvantum", "45~1") == "erp%2Fkvantum~45%7E1"


def test_the_number_is_the_second_of_two_and_the_third_of_four_parts() -> None:
    assert number_of("s~45%2F1") == "45/1"
    assert number_of("b~s~45~2026-03-02") == "45"


@pytest.mark.parametrize("wrong", ["", "a", "a~", "~b", "a~b~c", "a~b~c~d~e", "a/b~c", "a~%G1", "a~%F", "a~%FF", "a~ø"])
def test_what_is_no_purchase_id_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="part"):
        parts_of(wrong)


@pytest.mark.parametrize("parts", [(), ("a",), ("a", ""), ("a", "b", "c")])
def test_no_purchase_id_is_made_of_too_little(parts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="parts"):
        purchase_id(*parts)
