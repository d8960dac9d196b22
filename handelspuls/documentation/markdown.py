"""Tables and lists as Markdown."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a bar within a cell is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def code(text: object) -> str:
    """Text as it is typed."""
    return f"`{text}`"


def bullets(items: Iterable[str]) -> str:
    """A list, one line an item."""
    return "".join(f"- {item}\n" for item in items)
