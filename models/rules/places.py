"""Where in a ruleset's text something stands: from a place in the value to the line of the file."""

import re
from collections.abc import Sequence

_RULE = re.compile(r"\s*\[\[\s*rules\s*\]\]")
_TABLE = re.compile(r"\s*\[+\s*([\w.\"'-]+)")
_ID = re.compile(r"""\s*id\s*=\s*["']([^"']*)["']""")

Location = Sequence[str | int]
"""As pydantic names it: `("rules", 3, "when", 0, "predicate")`."""


def line_of(text: str, location: Location) -> int | None:
    """The line, counted from 1, on which the value stands; of a field that is missing, its table's; else None."""
    lines = text.splitlines()
    if len(location) > 1 and location[0] == "rules" and isinstance(location[1], int):
        start, end = _rule(lines, location[1])
        return _within(lines, start, end, location[2:]) if start is not None else None
    if not location:
        return None
    first = str(location[0])
    table = _table(lines, first)
    if table is not None:
        return _within(lines, table, _next_table(lines, table + 1), location[1:])
    end = next((place for place, line in enumerate(lines) if _TABLE.match(line)), len(lines))
    found = _field(lines, 0, end, first)
    return found + 1 if found is not None else None


def rule_at(text: str, index: int) -> str:
    """The id of the rule of that index, as the text has it; empty where it has none."""
    lines = text.splitlines()
    start, end = _rule(lines, index)
    found = [_ID.match(line) for line in lines[start:end]] if start is not None else []
    return next((match.group(1) for match in found if match), "")


def _rule(lines: Sequence[str], index: int) -> tuple[int | None, int]:
    starts = [place for place, line in enumerate(lines) if _RULE.match(line)]
    if index >= len(starts):
        return None, len(lines)
    return starts[index], _next_table(lines, starts[index] + 1)


def _table(lines: Sequence[str], name: str) -> int | None:
    for place, line in enumerate(lines):
        match = _TABLE.match(line)
        if match and match.group(1).split(".")[0] == name:
            return place
    return None


def _next_table(lines: Sequence[str], start: int) -> int:
    return next((place for place in range(start, len(lines)) if lines[place].startswith("[")), len(lines))


def _within(lines: Sequence[str], start: int, end: int, location: Location) -> int:
    if not location:
        return start + 1
    field = _field(lines, start + 1, end, str(location[0]))
    if field is None:
        return start + 1
    if len(location) > 1 and isinstance(location[1], int):
        return _nth_table_in(lines, field, end, location[1])
    return field + 1


def _field(lines: Sequence[str], start: int, end: int, name: str) -> int | None:
    """The line that gives the field a value."""
    pattern = re.compile(rf"""\s*["']?{re.escape(name)}["']?\s*=""")
    return next((place for place in range(start, end) if pattern.match(lines[place])), None)


def _nth_table_in(lines: Sequence[str], field: int, end: int, index: int) -> int:
    """The line of the list's nth inline table."""
    seen = 0
    for place in range(field, end):
        seen += lines[place].count("{")
        if seen > index:
            return place + 1
    return field + 1
