"""The values that grouping makes: orders and invoices, each with all that belongs to it."""

from datetime import date
from typing import Any

import msgspec

from models.contract.purchase_id import purchase_id
from models.facts import Content, CreditNote, Invoice, Order, OrderReference
from models.purchase.clusters import Member
from models.purchase.parties import Parties

UNKNOWN = "unknown"
"""Stands in an id for a party that the document does not name."""


def document_id(lead: Member[Any], day: date) -> str:
    """`buyer~seller~number~date`: the id of a document, and of an invoice without an order.

    A test's buyer goes by its source as well, so that a rehearsal never meets the real purchase of that id.
    """
    buyer, seller = (*lead.content.units, UNKNOWN)[0], (*lead.content.suppliers, UNKNOWN)[0]
    return purchase_id(f"{lead.source}/{buyer}" if lead.parties.test else buyer, seller, lead.number, str(day))


class CreditGroup(msgspec.Struct):
    """One credit note, whoever sent it, and what it says that it credits."""

    lead: Member[CreditNote]
    content: Content
    order: OrderReference | None
    invoice: str | None


class InvoiceGroup(msgspec.Struct):
    """One invoice, whoever sent it, with what credits it."""

    members: list[Member[Invoice]]
    content: Content
    order: OrderReference | None
    attached: "OrderGroup | None" = None
    credits: list[CreditGroup] = []
    flags: set[str] = set()
    cancelled: bool = False

    @property
    def lead(self) -> Member[Invoice]:
        return self.members[0]

    @property
    def parties(self) -> Parties:
        return self.lead.parties

    @property
    def issued_on(self) -> date:
        return self.lead.day

    @property
    def number(self) -> str:
        return self.lead.number

    @property
    def version(self) -> int:
        return self.lead.fact.stamp.version

    @property
    def seen_on(self) -> date:
        """The earlier of issue and actual delivery."""
        delivered = self.content.delivered_on
        return min(self.issued_on, delivered) if delivered else self.issued_on


class OrderGroup(msgspec.Struct):
    """One order, whoever sent it, with its invoices and what credits it."""

    members: list[Member[Order]]
    day: date
    content: Content
    version: int
    frame: bool
    void: str = ""
    """Why it is void; empty while it stands."""
    reused: bool = False
    """Its source has used the number before, for another order."""
    invoices: list[InvoiceGroup] = []
    credits: list[CreditGroup] = []
    flags: set[str] = set()

    @property
    def lead(self) -> Member[Order]:
        return self.members[0]

    @property
    def number(self) -> str:
        return self.lead.number

    @property
    def parties(self) -> Parties:
        return self.lead.parties

    @property
    def document_days(self) -> frozenset[date]:
        return frozenset(member.day for member in self.members)

    @property
    def uuids(self) -> frozenset[str]:
        return frozenset(member.fact.uuid for member in self.members if member.fact.uuid)


class Groups(msgspec.Struct):
    """All purchases of a row: its orders, its invoices of no order, its refunds."""

    orders: list[OrderGroup]
    invoices: list[InvoiceGroup]
    refunds: list[CreditGroup]
    waiting: bool
    """Something is kept whose order has not come yet."""
