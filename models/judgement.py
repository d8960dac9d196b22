"""The judgement of a purchase: the value of `compliance.orders`, one revision of it."""

from datetime import date

import msgspec

from models.vocabulary import Channel, Outcome


class Marks(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What a line counts in beside its outcome (domain.md, Figures); a mark that is not named does not hold."""

    digital: bool = False
    mandatory: bool = False
    supplier_compliant: bool = False
    item_compliant: bool = False
    agreement_base: bool = False
    uncategorised: bool = False
    price_complies: bool | None = None
    """None where the price cannot be compared."""


class JudgedLine(msgspec.Struct, frozen=True, gc=False):
    """A line with its own outcome; `amount_ore` is None where no exchange rate is known (`no_rate`)."""

    line: str
    outcome: Outcome
    channel: Channel
    reason: str
    rule: str
    amount_ore: int | None
    item: str | None = None
    description: str | None = None
    category: str | None = None
    """`UNSPSC:14111507`: the line's own, else its item's, else its account's."""
    agreement: str | None = None
    """The agreement that covers the line's item or category on the day, whatever the channel."""
    avoidable: bool | None = None
    """Of an off-channel line: a catalogue held it that day. None where the line is not off-channel."""
    marks: Marks = Marks()
    evidence: dict[str, str] = {}
    """The fields and the reference rows that the rule rested on."""


class Document(msgspec.Struct, frozen=True, gc=False):
    """An invoice or a credit note of a purchase: it counts on its own day and at its own unit."""

    kind: str
    """`invoice` or `credit_note`."""
    root: str
    unit: str
    day: date
    """`issued_on`; of a credit note the day of what it credits."""
    amount_ore: int
    """Negative of a credit note."""
    matched: bool
    """An invoice of an order known to us and not younger than the invoice."""


class Cause(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What made this revision: the type of event, or `reference.changed` with its number."""

    kind: str
    event: str = ""
    source: str = ""
    reference: int | None = None


class Previous(msgspec.Struct, frozen=True, gc=False):
    """What this revision replaces."""

    revision: int
    outcome: Outcome
    channel: Channel
    reason: str
    amounts_ore: dict[str, int]


class Origin(msgspec.Struct, frozen=True, gc=False):
    """The record that caused the revision; of a reference change, the manifest."""

    topic: str
    partition: int
    offset: int


class Judgement(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One revision of a purchase's judgement; who subscribes keeps the greatest (generation, revision) of a purchase."""

    # Every field is written, defaults too: contract.md promises them, and who subscribes knows no defaults of ours.

    purchase: str
    kind: str
    """`order`, `frame_invoice` or `invoice` (one without an order known to us)."""
    number: str
    """Order number, or the invoice's own number."""
    order: str | None = None
    """Of an invoice: the order it names."""
    generation: int = 1
    revision: int = 1
    version: int = 0
    unit: str
    """The unit's id, or as stated where the reference does not know it (flag `unit_unknown`)."""
    root: str
    day: date
    supplier: str
    outcome: Outcome
    channel: Channel
    reason: str
    rule: str
    ruleset: str
    reference: int = -1
    lines: tuple[JudgedLine, ...] = ()
    amounts_ore: dict[str, int] = {}
    """Sum of the lines' amounts by outcome."""
    invoiced_ore: int = 0
    credited_ore: int = 0
    certified: bool | None = None
    """Was the buyer certified on the day? None without a buyer."""
    documents: tuple[Document, ...] = ()
    """What coverage, matched and gain count of the purchase; of a source `test/…` nothing."""
    currency: str = "DKK"
    flags: tuple[str, ...] = ()
    evidence: dict[str, str] = {}
    tallied: bool = True
    """False for sources `test/…`, void purchases and purchases credited to zero."""
    cause: Cause
    previous: Previous | None = None
    source: Origin | None = None
    judged_at: str = ""
    """RFC 3339, UTC; the broker's time of the record."""
