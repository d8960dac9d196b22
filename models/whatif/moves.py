"""One purchase before and after: what each of its lines moved from and to, on what evidence."""

from collections.abc import Iterator
from datetime import date
from itertools import zip_longest

import msgspec

from models.judgement import JudgedLine, Judgement
from models.vocabulary import Channel, Outcome


class Side(msgspec.Struct, frozen=True, order=True):
    """How a line, or a purchase, is judged on one of the two sides."""

    rule: str
    outcome: str
    channel: str


GONE = Side("void", Outcome.VOID.value, Channel.VOID.value)
"""No line, or no purchase, on that side; or one that is not counted."""


class Told(msgspec.Struct, frozen=True):
    """A side with its reason and evidence."""

    side: Side
    reason: str = ""
    evidence: dict[str, str] = {}


class LineMove(msgspec.Struct, frozen=True):
    """A line that is judged otherwise; `amount_ore` is what moves."""

    line: str
    amount_ore: int
    before: Told
    after: Told
    item: str | None = None
    category: str | None = None


class PurchaseMove(msgspec.Struct, frozen=True, kw_only=True):
    """A purchase of which something moves, with the lines that do."""

    purchase: str
    kind: str
    unit: str
    day: date
    supplier: str
    moved_ore: int
    """The sum of its moving lines' amounts, each without its sign."""
    before: Told
    after: Told
    lines: tuple[LineMove, ...]


def counted(judgement: Judgement | None) -> bool:
    """Does the purchase stand in the figures?"""
    return judgement is not None and judgement.tallied


def side_of(judged: Judgement | JudgedLine | None) -> Side:
    """How it is judged."""
    return Side(judged.rule, judged.outcome.value, judged.channel.value) if judged is not None else GONE


def line_pairs(
    before: Judgement | None, after: Judgement | None
) -> Iterator[tuple[JudgedLine | None, JudgedLine | None]]:
    """The lines of both sides, each with its counterpart; lines of a side that is not counted are not there."""
    old = before.lines if before is not None and before.tallied else ()
    new = after.lines if after is not None and after.tallied else ()
    if len(old) == len(new):
        yield from zip(old, new, strict=True)
        return
    by_line = {line.line: line for line in new}
    for line in old:
        yield line, by_line.pop(line.line, None)
    yield from zip_longest((), by_line.values())


def amount_of(before: JudgedLine | None, after: JudgedLine | None) -> int:
    """The line's amount in øre; the later side's where it has one."""
    line = after or before
    return line.amount_ore or 0 if line is not None else 0


def move_of(before: Judgement | None, after: Judgement | None) -> PurchaseMove | None:
    """What moves of a purchase that either side counts; None where nothing does."""
    found = after or before
    if found is None:
        return None
    lines = tuple(_line_move(old, new) for old, new in line_pairs(before, after) if side_of(old) != side_of(new))
    told = _told(before), _told(after)
    if not lines and told[0].side == told[1].side:
        return None
    return PurchaseMove(
        purchase=found.purchase,
        kind=found.kind,
        unit=found.unit,
        day=found.day,
        supplier=found.supplier,
        moved_ore=sum(abs(line.amount_ore) for line in lines),
        before=told[0],
        after=told[1],
        lines=lines,
    )


def _line_move(before: JudgedLine | None, after: JudgedLine | None) -> LineMove:
    line = after or before
    if line is None:
        raise AssertionError("a pair has a line on one side")
    old, new = (
        Told(side_of(each), each.reason, each.evidence) if each is not None else Told(GONE) for each in (before, after)
    )
    return LineMove(line.line, amount_of(before, after), old, new, line.item, line.category)


def _told(judgement: Judgement | None) -> Told:
    if judgement is None or not judgement.tallied:
        return Told(GONE)
    return Told(side_of(judgement), judgement.reason, judgement.evidence)
