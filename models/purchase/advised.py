"""Advice on a stored purchase: what would have made each of its lines catalogue e-trade."""

import msgspec

from models.purchase.assessing import Basis, case_of
from models.purchase.known import Known
from models.purchase.purchases import Purchase, purchases
from models.purchase.row import Row, number_of
from models.rules.advice import Advice, advice
from models.rules.case import LineCase
from models.rules.ruleset import Ruleset


class LineAdvice(msgspec.Struct, frozen=True):
    """A line that no catalogue rule takes, and what each of them lacks."""

    line: str
    rules: tuple[Advice, ...]


def advised(row: Row, purchase: str, *, basis: Basis, ruleset: Ruleset) -> list[LineAdvice]:
    """The lines of a purchase of this row that could have been catalogue; none of a void purchase or a refund.

    `ruleset` is the one that the basis' judge was made of. An invoice of a frame is advised as its frame.
    """
    groups = Known(number_of(row), row.facts, basis).groups()
    found = next((each for each in purchases(groups) if each.id == purchase), None)
    if found is None or found.void or found.kind == "refund":
        return []
    case = case_of(_as_ordered(found), basis)
    made = [LineAdvice(line.line, advice(LineCase(case, line), ruleset)) for line in case.content.lines]
    return [each for each in made if each.rules]


def _as_ordered(purchase: Purchase) -> Purchase:
    """What an invoice of a frame rests on: the frame's own content and day."""
    frame = purchase.frame
    if frame is None:
        return purchase
    return msgspec.structs.replace(
        purchase, kind="frame", day=frame.day, content=frame.content, parties=frame.parties, frame=None, order=None
    )
