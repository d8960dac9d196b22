"""Small tables made ready for look-ups: rows grouped by a column or a category prefix, in one order everywhere."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Protocol, TypeVar

from models.facts import Category
from models.reference.categories import as_prefix, prefixes
from models.reference.validity import Dated, began, valid_on


class KeyedAndDated(Dated, Protocol):
    """A row with a key and a validity."""

    @property
    def key(self) -> str: ...


Found = TypeVar("Found", bound=KeyedAndDated)


def grouped(rows: Iterable[Found], names: Callable[[Found], Iterable[str]]) -> dict[str, tuple[Found, ...]]:
    """Rows under each of their names, sorted by first day and key, whatever order they came in."""
    groups: dict[str, list[Found]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (began(row), row.key)):
        for name in names(row):
            groups[name].append(row)
    return {name: tuple(group) for name, group in groups.items()}


def last_valid(rows: Sequence[Found], day: date) -> Found | None:
    """Of the rows valid that day the one that began last."""
    return next((row for row in reversed(rows) if valid_on(row, day)), None)


def longest_prefix(groups: dict[str, tuple[Found, ...]], category: Category, day: date) -> Found | None:
    """The row, valid that day, under the most special prefix that covers the category."""
    for prefix in prefixes(category):
        found = last_valid(groups.get(prefix, ()), day)
        if found is not None:
            return found
    return None


def covered(categories: Sequence[str], category: Category | None) -> bool:
    """Does a row's list of categories cover this one? A list without any covers everything, even what has none."""
    if not categories:
        return True
    return category is not None and any(as_prefix(prefix) in prefixes(category) for prefix in categories)
