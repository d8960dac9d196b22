"""Who buys and who sells: the candidate identifiers of the unit, of the supplier and of the buyer."""

from collections.abc import Callable, Iterator

from models.documents.element import Element
from models.documents.privacy import is_cpr_scheme
from models.documents.values import account, fits, is_placeholder, missing

Pseudonym = Callable[[str], str]

_OWN = ("cac:PartyIdentification/cbc:ID", "cbc:EndpointID")
_COMPANY = ("cac:PartyLegalEntity/cbc:CompanyID", "cac:PartyTaxScheme/cbc:CompanyID")
_CUSTOMERS = ("cac:AccountingCustomerParty/cac:Party", "cac:BuyerCustomerParty/cac:Party")
_SUPPLIERS = ("cac:SellerSupplierParty/cac:Party", "cac:AccountingSupplierParty/cac:Party")
_ORIGINATOR = "cac:OriginatorCustomerParty/cac:Party"
_PERSON = ("cac:PartyIdentification/cbc:ID", "cac:Contact/cbc:ID", "cac:Person/cbc:ID")
_ORGANISATION_SCHEMES = frozenset({"GLN", "EAN", "DK:CVR", "DK:SE", "DK:P", "CVR", "SE", "DUNS", "VAT"})


def units(root: Element, *, pseudonym: Pseudonym) -> tuple[str, ...]:
    """The unit's candidates in domain.md's order: both customers' own identifiers, the account, the company numbers."""
    customers = [party for path in _CUSTOMERS for party in root.every(path)]
    found = [
        *(text for party in customers for text in _identifiers(party, _OWN, pseudonym=pseudonym)),
        *(text for text in (account(root),) if text is not None),
        *(text for party in customers for text in _identifiers(party, _COMPANY, pseudonym=pseudonym)),
    ]
    if not found:
        customer = "cac:AccountingCustomerParty" if _is_billing(root) else "cac:BuyerCustomerParty"
        raise missing(root, f"{customer}/cac:Party/cac:PartyIdentification/cbc:ID", "who buys, by GLN or CVR")
    return tuple(dict.fromkeys(found))


def suppliers(root: Element, *, pseudonym: Pseudonym) -> tuple[str, ...]:
    """The supplier's candidates: the seller's identifiers, else those of the party that keeps the accounts."""
    for path in _SUPPLIERS:
        found = tuple(text for party in root.every(path) for text in party_identifiers(party, pseudonym=pseudonym))
        if found:
            return tuple(dict.fromkeys(found))
    seller = "cac:AccountingSupplierParty" if _is_billing(root) else "cac:SellerSupplierParty"
    raise missing(root, f"{seller}/cac:Party/cac:PartyIdentification/cbc:ID", "who sells, by CVR or GLN")


def party_identifiers(party: Element, *, pseudonym: Pseudonym) -> tuple[str, ...]:
    """All identifiers of one party, its own before its company's."""
    return tuple(dict.fromkeys(_identifiers(party, _OWN + _COMPANY, pseudonym=pseudonym)))


def buyer(root: Element, *, pseudonym: Pseudonym) -> str | None:
    """The pseudonym of the person who asked for the purchase; an organisation's identifier is no person's."""
    candidates = (element for party in root.every(_ORIGINATOR) for path in _PERSON for element in party.every(path))
    person = next(
        (element.text for element in candidates if _is_candidate(element.text) and _is_personal(element)), None
    )
    return None if person is None else pseudonym(person)


def _identifiers(party: Element, paths: tuple[str, ...], *, pseudonym: Pseudonym) -> Iterator[str]:
    """A CPR number (a sole trader's) leaves as a pseudonym only."""
    for path in paths:
        for element in party.every(path):
            if _is_candidate(element.text):
                private = is_cpr_scheme(element.attributes.get("schemeID", ""))
                yield pseudonym(element.text) if private else element.text


def _is_billing(root: Element) -> bool:
    return root.name.endswith(("Invoice", "CreditNote"))


def _is_candidate(text: str) -> bool:
    return fits(text) and not is_placeholder(text)


def _is_personal(element: Element) -> bool:
    """Numeric schemes are those of ISO 6523, which number organisations, but for one."""
    scheme = element.attributes.get("schemeID", "").strip().upper()
    return is_cpr_scheme(scheme) or (scheme not in _ORGANISATION_SCHEMES and not scheme.isdigit())
