"""What each figure is made of: the measures of its numerator and denominator, and where purchases hold them."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, func, select, true

from models.vocabulary import Outcome
from sinks.database.schema import COUNTED_AS, purchase_documents, purchases


class Part(StrEnum):
    """Which side of a figure."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"


class Side(msgspec.Struct, frozen=True):
    """One side of a figure: the sum of these measures."""

    measures: tuple[str, ...]

    @property
    def is_amount(self) -> bool:
        """Of amounts in øre; else of purchases, lines or documents, counted."""
        return self.measures[0].endswith("_ore")

    @property
    def counted(self) -> str:
        """What a side by count counts."""
        return "documents" if self.is_of_documents else "lines" if self.measures[0].endswith("_lines") else "purchases"

    @property
    def is_of_documents(self) -> bool:
        """Of invoices and credit notes, which count on their own day; else of purchases."""
        return self.measures[0] in DOCUMENTS


def _base(of: str, *more: str) -> Side:
    return Side((f"catalogue_{of}", f"off_channel_{of}", *more))


def _rates(by: str, of: str) -> dict[str, tuple[Side, Side]]:
    with_review = _base(of, f"review_{of}")
    catalogue = Side((f"catalogue_{of}",))
    return {
        f"e_handelsgrad_{by}": (catalogue, _base(of)),
        f"e_handelsgrad_low_{by}": (catalogue, with_review),
        f"e_handelsgrad_high_{by}": (Side((f"catalogue_{of}", f"review_{of}")), with_review),
        f"digital_rate_{by}": (Side((f"digital_{of}",)), _base(of)),
    }


_AGREED = Side(("agreement_base_ore",))
BEHIND: Mapping[str, tuple[Side, Side | None]] = {
    **_rates("amount", "ore"),
    **_rates("count", "count"),
    "mandatory": (Side(("mandatory_digital_ore",)), Side(("mandatory_base_ore",))),
    "supplier_compliance": (Side(("supplier_compliant_ore",)), _AGREED),
    "item_compliance": (Side(("item_compliant_ore",)), _AGREED),
    "price_compliance": (Side(("price_compliant_lines",)), Side(("price_base_lines",))),
    "matched": (Side(("matched_invoices",)), Side(("all_invoices",))),
    "certified": (Side(("certified_orders",)), Side(("orders_with_buyer",))),
    "avoidable_share": (Side(("avoidable_ore",)), Side(("off_channel_ore",))),
    "review_share": (Side(("review_ore",)), _base("ore", "review_ore")),
    # the ledger's totals, which the others are made of, have no purchases behind them
    "coverage_amount": (Side(("seen_ore",)), None),
    "coverage_count": (Side(("seen_documents",)), None),
    "gain": (Side(("catalogue_invoices",)), None),
    "gain_left": (Side(("off_channel_invoices",)), None),
}
"""Every figure but `certified_buyers`, which counts people: a judgement does not say who bought."""

Figure = StrEnum("Figure", {name.upper(): name for name in BEHIND})  # type: ignore[misc]


def side_of(figure: str, part: Part) -> Side | None:
    """The side of a figure; None where nothing stands behind it."""
    return BEHIND[figure][0 if part is Part.NUMERATOR else 1]


def in_purchases(side: Side) -> ColumnElement[int]:
    """What of a purchase is in the side, from the columns of `purchases`."""
    first, *others = (_column(measure) for measure in side.measures)
    for other in others:
        first = first + other
    return first


def _column(measure: str) -> ColumnElement[int]:
    table = purchases.c
    if measure in COUNTED_AS or measure in table:
        return table[measure]
    outcome = Outcome(measure.removesuffix("_count"))
    return cast(case((table.outcome == outcome.value, 1), else_=0), BigInteger)


_PAPER = purchase_documents.c
_INVOICE = _PAPER.kind == "invoice"
DOCUMENTS: Mapping[str, ColumnElement[bool]] = {
    "seen_ore": true(),
    "seen_documents": true(),
    "all_invoices": _INVOICE,
    "matched_invoices": _PAPER.matched,
    "catalogue_invoices": and_(_INVOICE, _PAPER.outcome == Outcome.CATALOGUE.value),
    "off_channel_invoices": and_(_INVOICE, _PAPER.outcome == Outcome.OFF_CHANNEL.value),
}
"""The measures of documents, and which of them count."""


def documents_by_purchase(side: Side, where: ColumnElement[bool]) -> Select[tuple[str, int, int]]:
    """Of each purchase with documents in the side: what these sum up to, and their number."""
    ore = cast(func.sum(_PAPER.amount_ore), BigInteger).label("ore")
    grouped = select(_PAPER.purchase, ore, func.count().label("count")).group_by(_PAPER.purchase)
    return grouped.where(DOCUMENTS[side.measures[0]], where)
