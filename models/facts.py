"""Facts: what one event or document says about a purchase, normalised, before any judgement.

ERP events and UBL documents both become these. A fact is keyed by its identity within the row of its number; of two
facts with the same identity the greater stamp wins, so that arrival order never matters.
"""

from datetime import date

import msgspec

# None of these values can refer to itself, so the collector need not look at them (`gc=False`): a sixth of the judging.

DOCUMENT = "document"
"""The source of facts that were read from documents; every other source is an ERP's."""

PaperName = tuple[str, str]
"""What a paper is called: `invoice` or `credit_note`, and its number. An invoice below zero has an invoice's number."""


class Stamp(msgspec.Struct, frozen=True, gc=False, order=True):
    """Which of two facts of the same identity is the newer: version, then time, then event id, then digest."""

    version: int
    time_ms: int
    event_id: str
    digest: str


class Category(msgspec.Struct, frozen=True, gc=False):
    """A commodity classification: scheme `UNSPSC`, `CPV` or another that is kept and matches nothing."""

    scheme: str
    code: str


class Line(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One line; `net_hundredths` is net of VAT in hundredths of the purchase's currency."""

    line: str
    net_hundredths: int
    item: str | None = None
    gtin: str | None = None
    catalogue: str | None = None
    description: str | None = None
    category: Category | None = None
    account: str | None = None
    quantity: str | None = None
    unit: str | None = None
    unit_price: str | None = None
    base_quantity: str | None = None
    agreement: str | None = None
    removed: bool = False
    """In a document's order change: line status 2."""


class Content(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What an order, an invoice and a credit note have in common.

    `units` and `suppliers` are identifiers in the order they should be tried; the first is the stated one.
    `buyer` is a pseudonym, never the ERP's id.
    """

    units: tuple[str, ...]
    suppliers: tuple[str, ...]
    lines: tuple[Line, ...]
    buyer: str | None = None
    account: str | None = None
    currency: str = "DKK"
    exchange_rate: str | None = None
    channel: str | None = None
    profile: str | None = None
    order_agreement: bool = False
    """Peppol profile 42, or OrdSel: a purchase that the seller recorded."""
    agreement: str | None = None
    standing_order: str | None = None
    requisition: str | None = None
    punch_out: str | None = None
    delivered_on: date | None = None


class OrderReference(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """How a fact names an order: its number, and the order's own date or UUID where the document gives them."""

    number: str
    issued_on: date | None = None
    uuid: str | None = None


class Fact(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag_field="fact"):
    """Who says it, and when."""

    source: str
    number: str
    """The number that decides the row: the order's where one is named, else the document's own."""
    stamp: Stamp


class Order(Fact, frozen=True, kw_only=True, omit_defaults=True, tag="order"):
    """An order, whole: `order.placed`, `order.changed` or a UBL Order or Order Agreement."""

    day: date
    """Copenhagen day of `placed_at`."""
    content: Content
    frame: bool = False
    uuid: str | None = None


class OrderChange(Fact, frozen=True, kw_only=True, omit_defaults=True, tag="order_change"):
    """A UBL Order Change: its lines replace by line id, status 2 removes, unnamed lines stay."""

    day: date
    order: OrderReference
    content: Content


class Cancellation(Fact, frozen=True, kw_only=True, omit_defaults=True, tag="cancellation"):
    """An order, an invoice or a credit note is cancelled. From a document it is final."""

    of: str
    """`order`, `invoice` or `credit_note`."""
    cancelled: str
    """The number of what is cancelled."""
    reason: str = ""
    day: date | None = None
    order: OrderReference | None = None
    units: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()


class Response(Fact, frozen=True, kw_only=True, omit_defaults=True, tag="response"):
    """A UBL Order Response that rejects (RE): it voids the order."""

    day: date
    order: OrderReference
    units: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()


class Invoice(Fact, frozen=True, kw_only=True, omit_defaults=True, tag="invoice"):
    """An invoice, with or without an order."""

    invoice: str
    issued_on: date
    content: Content
    order: OrderReference | None = None

    @property
    def name(self) -> PaperName:
        return "invoice", self.invoice

    @property
    def order_named(self) -> str | None:
        return self.order.number if self.order is not None else None

    @property
    def invoice_named(self) -> None:
        return None


class CreditNote(Fact, frozen=True, kw_only=True, omit_defaults=True, tag="credit_note"):
    """A credit note, amounts positive; what it credits is named by order, by invoice, or not at all."""

    credit_note: str
    issued_on: date
    content: Content
    order: OrderReference | None = None
    invoice: str | None = None
    below_zero: bool = False
    """Sent as an invoice whose lines come to less than zero: its number is an invoice's."""

    @property
    def name(self) -> PaperName:
        return ("invoice" if self.below_zero else "credit_note"), self.credit_note

    @property
    def order_named(self) -> str | None:
        return self.order.number if self.order is not None else None

    @property
    def invoice_named(self) -> str | None:
        return self.invoice


class Decision(Fact, frozen=True, kw_only=True, omit_defaults=True, tag="decision"):
    """A person's decision on a purchase, or its withdrawal. The latest `decided_at` wins (it is the stamp's time)."""

    purchase: str
    on_version: int = 0
    outcome: str = ""
    channel: str = ""
    reason: str = ""
    decided_by: str = ""
    decided_at_ms: int = 0
    withdrawn: bool = False


class Placement(Fact, frozen=True, kw_only=True, omit_defaults=True, tag="placement"):
    """Sent to and from the home of an invoice or credit note: where its source's word of this stamp puts it."""

    of: str
    """`invoice` or `credit_note`."""
    paper: str
    """Its own number: the row of that number is its home."""
    issued_on: date
    units: tuple[str, ...]
    suppliers: tuple[str, ...]
    order: str | None = None
    invoice: str | None = None
    """Of a credit note: the invoice it names."""
    account: str | None = None
    below_zero: bool = False

    @property
    def name(self) -> PaperName:
        return self.of, self.paper

    @property
    def order_named(self) -> str | None:
        return self.order

    @property
    def invoice_named(self) -> str | None:
        return self.invoice


class Claim(Fact, frozen=True, kw_only=True, omit_defaults=True, tag="claim"):
    """Sent to the home of a paper: its purchase stands in this row, which waits for its last revision."""

    purchase: str
    row: str


class Handover(Fact, frozen=True, kw_only=True, omit_defaults=True, tag="handover"):
    """Sent to and from the home of a paper: the greatest revision told of its purchase so far, 0 for none."""

    purchase: str
    revision: int


AnyFact = Order | OrderChange | Cancellation | Response | Invoice | CreditNote | Decision | Placement | Claim | Handover
