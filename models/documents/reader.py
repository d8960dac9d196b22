"""The door: bytes of one document to what it says, by the kind that its root names."""

import re
from collections.abc import Callable, Mapping

import msgspec

from models.contract.personal import cleaned, masked_text
from models.contract.unnamed import unnamed
from models.documents import catalogues, invoices, orders, responses
from models.documents.catalogues import CatalogueDocument
from models.documents.element import Element
from models.documents.header import is_order_agreement, uuid_of
from models.documents.parsing import is_ubl, is_ubl_2, parse
from models.documents.parties import Pseudonym
from models.documents.values import MAX_IDENTIFIER
from models.facts import DOCUMENT, AnyFact
from models.refusal import RefusalError, Refused, refuse
from models.vocabulary import RejectionCode

_IS_A_NAME = re.compile(r"[A-Za-z]{1,64}")
"""As UBL's documents are named; it becomes a metric's label."""
MAX_FIELD = 256
"""A field is a header of the refused record: an XPath of long names is cut."""


class NoPurchase(msgspec.Struct, frozen=True):
    """A document that is acknowledged and counted, and is no purchase; `kind` says which it is."""

    kind: str


Read = AnyFact | CatalogueDocument | NoPurchase


def read_document(value: bytes | None, *, pseudonym: Pseudonym) -> Read:
    """What one UBL document says. Raises `RefusalError`, and nothing else, for what cannot be accepted."""
    root = parse(value)
    if not is_ubl(root):
        message = f"{cleaned(root.name, longest=MAX_IDENTIFIER)} is no UBL document: send one of OASIS UBL 2 (Peppol BIS 3 or OIOUBL)."
        raise refuse(RejectionCode.UNKNOWN_TYPE, root.path[:MAX_FIELD], message)
    try:
        said = _KINDS.get(root.name if is_ubl_2(root) else "", _other)(root, pseudonym=pseudonym)
        return unnamed(said, pseudonym=pseudonym)
    except RefusalError as error:
        raise RefusalError(_signed(root, error.refused)) from None


def _signed(root: Element, refused: Refused) -> Refused:
    name = cleaned(uuid_of(root) or root.said("cbc:ID") or "", longest=MAX_IDENTIFIER)
    field, message = refused.field[:MAX_FIELD], masked_text(refused.message)
    return msgspec.structs.replace(refused, source=DOCUMENT, event_id=name, field=field, message=message)


def _other(root: Element, *, pseudonym: Pseudonym) -> Read:
    del pseudonym
    return NoPurchase(kind=root.name if _IS_A_NAME.fullmatch(root.name) else "Other")


def _invoice(root: Element, *, pseudonym: Pseudonym) -> Read:
    if invoices.is_proforma(root):
        return NoPurchase(kind="ProformaInvoice")
    return invoices.read_invoice(root, pseudonym=pseudonym)


def _order_response(root: Element, *, pseudonym: Pseudonym) -> Read:
    if root.name == "OrderResponse" and is_order_agreement(root):
        return orders.read_order_agreement(root, pseudonym=pseudonym)
    if responses.is_rejection(root):
        return responses.read_response(root, pseudonym=pseudonym)
    return NoPurchase(kind=root.name)


def _catalogue(root: Element, *, pseudonym: Pseudonym) -> Read:
    if catalogues.is_punch_out(root):
        return NoPurchase(kind="PunchOut")
    return catalogues.read_catalogue(root, pseudonym=pseudonym)


_KINDS: Mapping[str, Callable[..., Read]] = {
    "Order": orders.read_order,
    "OrderChange": orders.read_order_change,
    "OrderCancellation": responses.read_cancellation,
    "OrderResponse": _order_response,
    "OrderResponseSimple": _order_response,
    "Invoice": _invoice,
    "SelfBilledInvoice": _invoice,
    "CreditNote": invoices.read_credit_note,
    "SelfBilledCreditNote": invoices.read_credit_note,
    "Catalogue": _catalogue,
    "CatalogueDeletion": catalogues.read_deletion,
    "CatalogueItemSpecificationUpdate": catalogues.read_item_update,
    "CataloguePricingUpdate": catalogues.read_price_update,
}
