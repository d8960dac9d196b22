"""The measures of a cell: what is added up per unit and day. The list only grows at its end: cells are stored by place.

`_ore` are sums of lines' amounts, the others count. Purchases and lines count on the order's day; what counts
invoices (matched, coverage, gain) counts on the invoice's `issued_on` (domain.md, Figures).
"""

from models.vocabulary import CHANNELS, Outcome

_OFF = [channel.value for channel in CHANNELS[Outcome.OFF_CHANNEL]]
_CATALOGUE = [channel.value for channel in CHANNELS[Outcome.CATALOGUE]]

MEASURES: tuple[str, ...] = (
    # the headline, by amount and by count
    "catalogue_ore",
    "off_channel_ore",
    "review_ore",
    "excluded_ore",
    "catalogue_count",
    "off_channel_count",
    "review_count",
    "excluded_count",
    # the wider rate of the Danish law, and its base by law's list
    "digital_ore",
    "digital_count",
    "mandatory_digital_ore",
    "mandatory_base_ore",
    # compliance with agreements (C1, C2, C3)
    "supplier_compliant_ore",
    "item_compliant_ore",
    "agreement_base_ore",
    "uncategorised_ore",
    "price_compliant_lines",
    "price_base_lines",
    # off-channel, in two
    "avoidable_ore",
    "uncovered_ore",
    "avoidable_count",
    "uncovered_count",
    # invoices
    "matched_invoices",
    "all_invoices",
    "seen_documents",
    "seen_ore",
    "catalogue_invoices",
    "off_channel_invoices",
    # buyers
    "certified_orders",
    "orders_with_buyer",
    # beside the figures
    "no_rate_count",
    "invoiced_ore",
    # by channel
    *(f"{channel}_ore" for channel in _CATALOGUE),
    *(f"{channel}_count" for channel in _CATALOGUE),
    *(f"{channel}_ore" for channel in _OFF),
    *(f"{channel}_count" for channel in _OFF),
)

PLACE: dict[str, int] = {name: place for place, name in enumerate(MEASURES)}
ZERO: tuple[int, ...] = (0,) * len(MEASURES)
