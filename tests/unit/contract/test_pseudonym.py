import re

import pytest

from models.contract.pseudonym import keyed


def test_a_pseudonym_is_short_and_the_same_for_the_same_key() -> None:
    assert re.fullmatch(r"b-[0-9a-f]{16}", keyed(b"key")("B-778"))
    assert keyed(b"key")("B-778") == keyed(b"key")("B-778")


def test_another_key_or_buyer_gives_another_pseudonym() -> None:
    assert len({keyed(b"key")("B-778"), keyed(b"other")("B-778"), keyed(b"key")("B-779")}) == 3


def test_keys_of_any_length_are_taken_whole() -> None:
    assert keyed(b"x" * 65)("B") != keyed(b"x" * 66)("B")


def test_an_empty_key_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        keyed(b"")
