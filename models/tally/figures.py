"""The figures of domain.md from sums of measures; each carries its numerator and denominator."""

from collections.abc import Mapping

import msgspec


class Figure(msgspec.Struct, frozen=True):
    """A rate. `value` is a fraction, None where the denominator is zero or unknown."""

    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        # Plus nothing: 0 / -5 is -0.0, and a database knows no such zero.
        return self.numerator / self.denominator + 0.0 if self.denominator else None

    def as_json(self) -> dict[str, int | float | None]:
        """As it stands in `compliance.units` and in the API."""
        return {"numerator": self.numerator, "denominator": self.denominator, "value": self.value}


class Control(msgspec.Struct, frozen=True):
    """The ledger's control totals of the last 30 days: what coverage is measured against."""

    seen_documents: int = 0
    seen_ore: int = 0
    documents: int = 0
    amount_ore: int = 0


NONE = Figure(0, 0)


def figures(
    measures: Mapping[str, int], control: Control | None = None, certified_buyers: Figure = NONE
) -> dict[str, Figure]:
    """All figures of a sum of measures (domain.md, Figures).

    Two are not made of the window's sums and are the same in all windows: coverage needs the ledger and is over 30 days,
    active buyers are different people and are counted over twelve months (buyers.py).
    """
    got = measures.get
    return {
        **_headline(measures, "amount", "ore"),
        **_headline(measures, "count", "count"),
        "digital_rate_amount": Figure(got("digital_ore", 0), _base(measures, "ore")),
        "digital_rate_count": Figure(got("digital_count", 0), _base(measures, "count")),
        "mandatory": Figure(got("mandatory_digital_ore", 0), got("mandatory_base_ore", 0)),
        "supplier_compliance": Figure(got("supplier_compliant_ore", 0), got("agreement_base_ore", 0)),
        "item_compliance": Figure(got("item_compliant_ore", 0), got("agreement_base_ore", 0)),
        "price_compliance": Figure(got("price_compliant_lines", 0), got("price_base_lines", 0)),
        "matched": Figure(got("matched_invoices", 0), got("all_invoices", 0)),
        "certified": Figure(got("certified_orders", 0), got("orders_with_buyer", 0)),
        "certified_buyers": certified_buyers,
        "avoidable_share": Figure(got("avoidable_ore", 0), got("off_channel_ore", 0)),
        "review_share": Figure(got("review_ore", 0), _with_review(measures, "ore")),
        **_coverage(control or Control()),
    }


def gain_ore(measures: Mapping[str, int], per_invoice_ore: int) -> tuple[int, int]:
    """What e-trade has gained by invoices of catalogue purchases, and what is left to gain, in øre."""
    won, left = measures.get("catalogue_invoices", 0), measures.get("off_channel_invoices", 0)
    return won * per_invoice_ore, left * per_invoice_ore


def _base(measures: Mapping[str, int], of: str) -> int:
    return measures.get(f"catalogue_{of}", 0) + measures.get(f"off_channel_{of}", 0)


def _with_review(measures: Mapping[str, int], of: str) -> int:
    return _base(measures, of) + measures.get(f"review_{of}", 0)


def _headline(measures: Mapping[str, int], by: str, of: str) -> dict[str, Figure]:
    catalogue, review = measures.get(f"catalogue_{of}", 0), measures.get(f"review_{of}", 0)
    return {
        f"e_handelsgrad_{by}": Figure(catalogue, _base(measures, of)),
        f"e_handelsgrad_low_{by}": Figure(catalogue, _with_review(measures, of)),
        f"e_handelsgrad_high_{by}": Figure(catalogue + review, _with_review(measures, of)),
    }


def _coverage(control: Control) -> dict[str, Figure]:
    return {
        "coverage_amount": Figure(control.seen_ore, control.amount_ore),
        "coverage_count": Figure(control.seen_documents, control.documents),
    }
