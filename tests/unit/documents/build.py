"""Small UBL documents with defaults, so that a test shows only what matters to it."""

from typing import TypeVar

from models.documents import CatalogueDocument, NoPurchase, read_document
from models.facts import AnyFact
from models.refusal import RefusalError, Refused

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
GLN, SELLER_GLN = "5790000000012", "5790000000111"

T = TypeVar("T")


def pseudonym(value: str) -> str:
    return f"P{len(value)}"


def document(kind: str, *parts: str, namespace: str = "") -> bytes:
    spaces = (
        f'xmlns="{namespace or f"{UBL}{kind}-2"}" xmlns:cac="{UBL}CommonAggregateComponents-2"'
        f' xmlns:cbc="{UBL}CommonBasicComponents-2"'
    )
    return f"<{kind} {spaces}>{''.join(parts)}</{kind}>".encode()


def head(number: str = "PO-1", *, day: str = "2026-03-02", more: str = "") -> str:
    return f"<cbc:ID>{number}</cbc:ID><cbc:IssueDate>{day}</cbc:IssueDate>{more}"


def party(role: str, *identifiers: str, endpoint: str = "", company: str = "", scheme: str = "0088") -> str:
    own = "".join(
        f'<cac:PartyIdentification><cbc:ID schemeID="{scheme}">{text}</cbc:ID></cac:PartyIdentification>'
        for text in identifiers
    )
    end = f"<cbc:EndpointID>{endpoint}</cbc:EndpointID>" if endpoint else ""
    legal = f"<cac:PartyLegalEntity><cbc:CompanyID>{company}</cbc:CompanyID></cac:PartyLegalEntity>" if company else ""
    return f"<cac:{role}><cac:Party>{end}{own}{legal}</cac:Party></cac:{role}>"


BUYER, SELLER = party("BuyerCustomerParty", GLN), party("SellerSupplierParty", SELLER_GLN)
CUSTOMER, SUPPLIER = party("AccountingCustomerParty", GLN), party("AccountingSupplierParty", SELLER_GLN)


def amount(net: str, *, currency: str = "DKK") -> str:
    return f'<cbc:LineExtensionAmount currencyID="{currency}">{net}</cbc:LineExtensionAmount>'


def item(inside: str = "") -> str:
    return f"<cac:Item><cbc:Name>Kopipapir</cbc:Name>{inside}</cac:Item>"


def order_line(line: str = "1", net: str = "100.00", *, more: str = "", about: str = "", outer: str = "") -> str:
    stated = amount(net) if net else ""
    return f"<cac:OrderLine><cac:LineItem><cbc:ID>{line}</cbc:ID>{stated}{more}{item(about)}</cac:LineItem>{outer}</cac:OrderLine>"


def bill_line(line: str = "1", net: str = "100.00", *, more: str = "", kind: str = "Invoice") -> str:
    return f"<cac:{kind}Line><cbc:ID>{line}</cbc:ID>{amount(net)}{more}{item()}</cac:{kind}Line>"


def charge(value: str, *, indicator: str = "true") -> str:
    return (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{indicator}</cbc:ChargeIndicator>"
        f"<cbc:Amount>{value}</cbc:Amount></cac:AllowanceCharge>"
    )


def order_reference(inside: str) -> str:
    return f"<cac:OrderReference>{inside}</cac:OrderReference>"


def order(*more: str, lines: str = "", top: str = "", number: str = "PO-1") -> bytes:
    return document("Order", head(number, more=top), *more, BUYER, SELLER, lines or order_line())


def order_change(*more: str, lines: str = "", sequence: str = "1", reference: str = "<cbc:ID>PO-1</cbc:ID>") -> bytes:
    number = f"<cbc:SequenceNumberID>{sequence}</cbc:SequenceNumberID>" if sequence else ""
    parts = (head("CH-1", more=number), order_reference(reference), *more, BUYER, SELLER, lines or order_line())
    return document("OrderChange", *parts)


def invoice(*more: str, lines: str = "", top: str = "") -> bytes:
    return document("Invoice", head("F-1", more=top), *more, CUSTOMER, SUPPLIER, lines or bill_line())


def credit_note(*more: str, lines: str = "") -> bytes:
    return document("CreditNote", head("K-1"), *more, CUSTOMER, SUPPLIER, lines or bill_line(kind="CreditNote"))


def order_response(*more: str, code: str = "RE", profile: str = "ordering") -> bytes:
    said = f"<cbc:OrderResponseCode>{code}</cbc:OrderResponseCode>" if code else ""
    process = f"<cbc:ProfileID>urn:fdc:peppol.eu:poacc:bis:{profile}:3</cbc:ProfileID>"
    return document("OrderResponse", process, head("R-1", more=said), *more, SELLER, BUYER)


def read(value: bytes | None) -> AnyFact | CatalogueDocument | NoPurchase:
    return read_document(value, pseudonym=pseudonym)


def read_as(kind: type[T], value: bytes) -> T:
    found = read(value)
    assert isinstance(found, kind)
    return found


def refused(value: bytes | None) -> Refused:
    try:
        found = read(value)
    except RefusalError as error:
        return error.refused
    raise AssertionError(f"accepted as {found}")
