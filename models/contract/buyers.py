"""The ids of buyers in an event that was refused: they go nowhere, whichever field they were written in."""

from collections.abc import Iterator, Mapping
from typing import Any

from models.contract.explain import PERSONAL
from models.contract.personal import MASK

SHORTEST = 4
"""Characters of an id that is looked for elsewhere: a shorter one is part of half of all words."""


def buyer_ids(value: Any) -> frozenset[str]:
    """All that stands in a buyer's field, at any depth."""
    return frozenset(text for text in map(str.strip, _stated(value)) if len(text) >= SHORTEST)


def without_ids(text: str, ids: frozenset[str]) -> str:
    """The text with masks in place of these ids."""
    for one in sorted(ids, key=len, reverse=True):
        text = text.replace(one, MASK)
    return text


def _stated(value: Any, *, personal: bool = False) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _stated(inner, personal=personal or key.strip().lower() in PERSONAL)
    elif isinstance(value, list):
        for inner in value:
            yield from _stated(inner, personal=personal)
    elif personal and isinstance(value, str):
        yield value
