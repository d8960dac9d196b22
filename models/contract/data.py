"""What events carry as their data: orders, invoices, credit notes, cancellations and decisions, field by field."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.contract.fields import (
    MAX_LINES,
    Amount,
    Currency,
    Day,
    ExchangeRate,
    Flag,
    Id,
    MaybeId,
    MaybeReason,
    MaybeText,
    MaybeToken,
    Moment,
    OnVersion,
    PaymentMeans,
    PurchaseId,
    Quantity,
    Reason,
    Version,
)
from models.vocabulary import Channel, Outcome, StatedChannel


class Message(BaseModel):
    """Unknown fields are ignored, so that the contract can grow."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)


class CategoryData(Message):
    """A commodity classification."""

    scheme: Id
    """The classification's name: `UNSPSC`, `CPV`; others are kept and match nothing."""
    code: Id
    """The code in that classification, as text."""


class LineData(Message):
    """One line of an order, an invoice or a credit note."""

    line: Id
    """The line's id, once in each event."""
    net_amount: Amount
    """The line's amount net of VAT, at most two decimals, below 10^12; single lines may be negative."""
    item: MaybeId = None
    """The supplier's item number."""
    gtin: MaybeId = None
    """The item's GTIN."""
    catalogue: MaybeId = None
    """The catalogue the item was picked from."""
    description: MaybeText = None
    """The line in words; CPR numbers in it are masked."""
    category: CategoryData | None = None
    """The commodity classification."""
    account: MaybeId = None
    """The line's account, where it differs from the purchase's."""
    quantity: Quantity | None = None
    """How many, at most six decimals."""
    unit: MaybeId = None
    """The unit of measure of quantity and price."""
    unit_price: Quantity | None = None
    """The price net of VAT of `base_quantity` units, at most six decimals."""
    base_quantity: Quantity | None = None
    """How many units the price is for; above zero."""
    agreement: MaybeId = None
    """The line's agreement, where it differs from the purchase's."""


Lines = Annotated[list[LineData], Field(min_length=1, max_length=MAX_LINES, fail_fast=True)]


class PurchaseData(Message):
    """What orders, invoices and credit notes have in common."""

    unit: Id
    """The unit that buys: its id or any of its identifiers in the reference."""
    supplier: Id
    """The supplier: its id or any of its identifiers in the reference."""
    buyer: MaybeId = None
    """The employee who buys; replaced by a pseudonym when the event is read."""
    account: MaybeId = None
    """The account the purchase is booked on."""
    currency: Currency | None = None
    """Three letters; DKK if left out."""
    exchange_rate: ExchangeRate | None = None
    """DKK for one unit of the currency; above zero."""
    channel: StatedChannel | None = None
    """How it was bought, as far as the ERP knows."""
    profile: MaybeToken = None
    """The document profile, such as Peppol's 42 for an order agreement."""
    agreement: MaybeId = None
    """The agreement it was bought under."""
    standing_order: MaybeId = None
    """The standing order it is called off from."""
    requisition: MaybeId = None
    """The requisition before it."""
    punch_out_session: MaybeToken = None
    """The punch-out session or quotation it came from."""
    delivered_on: Day | None = None
    """The actual day of delivery, never the requested one."""
    lines: Lines
    """What was bought: 1 to 2,000 lines."""


class OrderData(PurchaseData):
    """An order, whole, as it is now."""

    order: Id
    """The order's number."""
    version: Version | None = None
    """Rises with each change; a source without versions leaves it out everywhere, and `time` stands in."""
    placed_at: Moment
    """When the order was first placed; stays the same through changes. Copenhagen time if without an offset."""
    frame: Flag | None = None
    """True if the order only sets a limit, and its invoices are the purchases."""


class OrderCancelledData(Message):
    """An order that no longer stands."""

    order: Id
    """The order's number."""
    version: Version | None = None
    """Higher than that of what is cancelled."""
    reason: MaybeReason = None
    """Why, in words."""


class InvoiceData(PurchaseData):
    """An invoice, with or without an order."""

    invoice: Id
    """The invoice's number."""
    order: MaybeId = None
    """The order it is for; sent again with it filled in when it is matched later."""
    version: Version | None = None
    """Rises each time it is sent again with other content."""
    issued_on: Day
    """The day of issue that stands on the invoice."""
    payment_means: PaymentMeans = None
    """UNCL 4461 code; 48, 54 and 55 are cards."""


class InvoiceCancelledData(Message):
    """An invoice that no longer stands."""

    invoice: Id
    """The invoice's number."""
    order: MaybeId = None
    """The order it was sent under."""
    version: Version | None = None
    """Higher than that of what is cancelled."""
    reason: MaybeReason = None
    """Why, in words."""


class CreditNoteData(PurchaseData):
    """A credit note; its amounts are positive."""

    credit_note: Id
    """The credit note's number."""
    invoice: MaybeId = None
    """The invoice it credits."""
    order: MaybeId = None
    """The order it credits."""
    version: Version | None = None
    """Rises each time it is sent again with other content."""
    issued_on: Day
    """The day of issue that stands on the credit note."""
    payment_means: PaymentMeans = None
    """UNCL 4461 code; 48, 54 and 55 are cards."""


class CreditNoteCancelledData(Message):
    """A credit note that no longer stands."""

    credit_note: Id
    """The credit note's number."""
    invoice: MaybeId = None
    """The invoice it credited."""
    order: MaybeId = None
    """The order it credited."""
    version: Version | None = None
    """Higher than that of what is cancelled."""
    reason: MaybeReason = None
    """Why, in words."""


class DecisionMadeData(Message):
    """A person's decision on a purchase; it wins over the rules."""

    purchase: PurchaseId
    """The purchase's id, as in `compliance.orders`."""
    on_version: OnVersion | None = None
    """The version that the person had before them."""
    outcome: Outcome
    """What the purchase is."""
    channel: Channel | None = None
    """One of the outcome's channels; may be left out except for `excluded`."""
    reason: Reason
    """Why, in words."""
    decided_by: Id
    """Who decided."""
    decided_at: Moment | None = None
    """When; the latest wins. The envelope's `time` if left out."""


class DecisionWithdrawnData(Message):
    """A decision taken back: the rules judge again."""

    purchase: PurchaseId
    """The purchase's id, as in `compliance.orders`."""
    on_version: OnVersion | None = None
    """The version that the person had before them."""
    reason: MaybeReason = None
    """Why, in words."""
    decided_by: MaybeId = None
    """Who took it back."""
    decided_at: Moment | None = None
    """When; the latest wins. The envelope's `time` if left out."""
