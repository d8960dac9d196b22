"""Which rows a change of reference touches: those whose purchases may be judged differently now."""

from models.facts import AnyFact, Category, Content
from models.purchase.row import Row
from models.reference.categories import category_of
from models.reference.touched import Touched


def is_touched(row: Row, touched: Touched) -> bool:
    """May any purchase of the row be judged differently now?"""
    return (
        touched.everything
        or any(_touches(each.fact, touched) for each in row.facts.values())
        or touched.touches(categories=_judged_categories(row))
    )


def _judged_categories(row: Row) -> set[Category]:
    """What the lines were judged to be: where they state no category, that of their item or account."""
    judged = (line.category for each in row.published.values() for line in each.judgement.lines)
    return {category_of(category) for category in judged if category}


def _touches(fact: AnyFact, touched: Touched) -> bool:
    content: Content | None = getattr(fact, "content", None)
    if content is None:
        return touched.touches(suppliers=getattr(fact, "suppliers", ()), units=getattr(fact, "units", ()))
    lines = content.lines
    return touched.touches(
        suppliers=content.suppliers,
        units=content.units,
        accounts=[each for each in (content.account, *(line.account for line in lines)) if each],
        categories=[line.category for line in lines if line.category is not None],
        currency=content.currency,
        buyer=content.buyer,
    )
