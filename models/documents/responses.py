"""Order responses and cancellations to facts: what takes an order back."""

from models.documents import parties, references
from models.documents.element import Element
from models.documents.header import FINAL_VERSION, issued, sealed, stamp
from models.documents.parties import Pseudonym
from models.documents.values import free_text, indicator, required
from models.facts import DOCUMENT, Cancellation, Response

_REJECTING = frozenset({"RE", "27"})
"""UNCL 4343, and UNCL 1225 which the BII profiles used before."""


def is_rejection(root: Element) -> bool:
    """Whether a response rejects the whole order; one that says nothing about the whole does not."""
    if root.name == "OrderResponseSimple":
        return not indicator(required(root, "cbc:AcceptedIndicator", "true or false"))
    return (root.said("cbc:OrderResponseCode", "cbc:ResponseCode") or "").upper() in _REJECTING


def read_response(root: Element, *, pseudonym: Pseudonym) -> Response:
    """A response that rejects its order."""
    reference = references.required_order(root)
    return sealed(
        Response(
            source=DOCUMENT,
            number=reference.number,
            stamp=stamp(root),
            day=issued(root).day,
            order=reference,
            units=parties.units(root, pseudonym=pseudonym),
            suppliers=parties.suppliers(root, pseudonym=pseudonym),
        )
    )


def read_cancellation(root: Element, *, pseudonym: Pseudonym) -> Cancellation:
    """A UBL Order Cancellation, after every change whatever its number."""
    reference = references.required_order(root)
    return sealed(
        Cancellation(
            source=DOCUMENT,
            number=reference.number,
            stamp=stamp(root, version=FINAL_VERSION),
            of="order",
            cancelled=reference.number,
            reason=free_text(root.said("cbc:CancellationNote", "cbc:Note")) or "",
            day=issued(root).day,
            order=reference,
            units=parties.units(root, pseudonym=pseudonym),
            suppliers=parties.suppliers(root, pseudonym=pseudonym),
        )
    )
