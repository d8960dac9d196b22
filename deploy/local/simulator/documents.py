"""Writes a purchase as UBL 2.1: Peppol BIS 3 Order and Invoice, as small as the rules allow."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from deploy.local.simulator.happening import Happening

NAMESPACES = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
ORDER = "Order"
INVOICE = "Invoice"
GLN_SCHEME = "0088"
CVR_SCHEME = "0184"
VAT_PERCENT = 25
CUSTOMIZATION = {
    ORDER: ("urn:fdc:peppol.eu:poacc:trns:order:3", "urn:fdc:peppol.eu:poacc:bis:ordering:3"),
    INVOICE: (
        "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
        "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
    ),
}


def written(happening: Happening) -> bytes:
    """The happening's data as one document."""
    parts = _order(happening.data) if happening.document == ORDER else _invoice(happening.data)
    kind = happening.document
    head = f'<{kind} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2" {NAMESPACES}>'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *parts, f"</{kind}>", ""]).encode()


def _order(data: dict[str, Any]) -> Iterator[str]:
    currency = data["currency"]
    yield from _profile(ORDER)
    yield f"<cbc:ID>{escape(data['order'])}</cbc:ID>"
    day, moment = data["placed_at"][:10], data["placed_at"][11:19]
    yield f"<cbc:IssueDate>{day}</cbc:IssueDate><cbc:IssueTime>{moment}</cbc:IssueTime>"
    yield f'<cbc:DocumentCurrencyCode listID="ISO4217">{currency}</cbc:DocumentCurrencyCode>'
    if data["agreement"]:
        yield f"<cac:Contract><cbc:ID>{escape(data['agreement'])}</cbc:ID></cac:Contract>"
    yield _party("BuyerCustomerParty", data["buyer_gln"], GLN_SCHEME, data["buyer_name"])
    yield _party("SellerSupplierParty", data["seller_cvr"], CVR_SCHEME, data["seller_name"])
    yield from _totals("AnticipatedMonetaryTotal", data["lines"], currency)
    for line in data["lines"]:
        yield f"<cac:OrderLine><cac:LineItem>{_line(line, 'Quantity', currency)}</cac:LineItem></cac:OrderLine>"


def _invoice(data: dict[str, Any]) -> Iterator[str]:
    currency = data["currency"]
    yield from _profile(INVOICE)
    yield f"<cbc:ID>{escape(data['invoice'])}</cbc:ID><cbc:IssueDate>{data['issued_on']}</cbc:IssueDate>"
    yield "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"
    yield f"<cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>"
    if data["order"]:
        yield f"<cac:OrderReference><cbc:ID>{escape(data['order'])}</cbc:ID></cac:OrderReference>"
    yield _party("AccountingSupplierParty", data["seller_cvr"], CVR_SCHEME, data["seller_name"])
    yield _party("AccountingCustomerParty", data["buyer_gln"], GLN_SCHEME, data["buyer_name"])
    if data["delivered_on"]:
        yield f"<cac:Delivery><cbc:ActualDeliveryDate>{data['delivered_on']}</cbc:ActualDeliveryDate></cac:Delivery>"
    yield from _totals("LegalMonetaryTotal", data["lines"], currency)
    for line in data["lines"]:
        yield f"<cac:InvoiceLine>{_line(line, 'InvoicedQuantity', currency)}</cac:InvoiceLine>"


def _profile(kind: str) -> Iterator[str]:
    customization, profile = CUSTOMIZATION[kind]
    yield f"<cbc:CustomizationID>{customization}</cbc:CustomizationID><cbc:ProfileID>{profile}</cbc:ProfileID>"


def _party(role: str, number: str, scheme: str, name: str) -> str:
    ident = f'schemeID="{scheme}">{escape(number)}<'
    return (
        f"<cac:{role}><cac:Party><cbc:EndpointID {ident}/cbc:EndpointID>"
        f"<cac:PartyIdentification><cbc:ID {ident}/cbc:ID></cac:PartyIdentification>"
        f"<cac:PartyName><cbc:Name>{escape(name)}</cbc:Name></cac:PartyName>"
        "<cac:PostalAddress><cac:Country><cbc:IdentificationCode>DK</cbc:IdentificationCode></cac:Country></cac:PostalAddress>"
        f"<cac:PartyLegalEntity><cbc:RegistrationName>{escape(name)}</cbc:RegistrationName></cac:PartyLegalEntity>"
        f"</cac:Party></cac:{role}>"
    )


def _totals(element: str, lines: list[dict[str, Any]], currency: str) -> Iterator[str]:
    """The tax, then the sums: invoices state the tax by category as well."""
    net = sum((Decimal(line["net_amount"]) for line in lines), Decimal(0))
    tax = (net * VAT_PERCENT / 100).quantize(Decimal("0.01"))
    money = f'currencyID="{currency}">'
    subtotal = (
        f"<cac:TaxSubtotal><cbc:TaxableAmount {money}{net}</cbc:TaxableAmount><cbc:TaxAmount {money}{tax}</cbc:TaxAmount>"
        f"<cac:TaxCategory>{_tax_rate()}</cac:TaxCategory></cac:TaxSubtotal>"
        if element == "LegalMonetaryTotal"
        else ""
    )
    yield f"<cac:TaxTotal><cbc:TaxAmount {money}{tax}</cbc:TaxAmount>{subtotal}</cac:TaxTotal>"
    yield (
        f"<cac:{element}><cbc:LineExtensionAmount {money}{net}</cbc:LineExtensionAmount>"
        f"<cbc:TaxExclusiveAmount {money}{net}</cbc:TaxExclusiveAmount>"
        f"<cbc:TaxInclusiveAmount {money}{net + tax}</cbc:TaxInclusiveAmount>"
        f"<cbc:PayableAmount {money}{net + tax}</cbc:PayableAmount></cac:{element}>"
    )


def _line(line: dict[str, Any], quantity: str, currency: str) -> str:
    """Line, then price after item on an invoice and before it on an order, as the schemas want it."""
    money = f'currencyID="{currency}">'
    amounts = (
        f'<cbc:ID>{line["line"]}</cbc:ID><cbc:{quantity} unitCode="EA">{line["quantity"]}</cbc:{quantity}>'
        f"<cbc:LineExtensionAmount {money}{line['net_amount']}</cbc:LineExtensionAmount>"
    )
    price = (
        f"<cac:Price><cbc:PriceAmount {money}{line['unit_price']}</cbc:PriceAmount>"
        f'<cbc:BaseQuantity unitCode="EA">{line["base_quantity"]}</cbc:BaseQuantity></cac:Price>'
    )
    return f"{amounts}{price}{_item(line)}" if quantity == "Quantity" else f"{amounts}{_item(line)}{price}"


def _item(line: dict[str, Any]) -> str:
    item = line["item"]
    number = (
        f"<cac:SellersItemIdentification><cbc:ID>{escape(item)}</cbc:ID></cac:SellersItemIdentification>"
        if item
        else ""
    )
    category = line["category"]
    code = (
        "<cac:CommodityClassification>"
        f'<cbc:ItemClassificationCode listID="TST">{category["code"]}</cbc:ItemClassificationCode>'
        "</cac:CommodityClassification>"
        if category
        else ""
    )
    return (
        f"<cac:Item><cbc:Name>{escape(line['description'])}</cbc:Name>{number}{code}"
        f"<cac:ClassifiedTaxCategory>{_tax_rate()}</cac:ClassifiedTaxCategory></cac:Item>"
    )


def _tax_rate() -> str:
    return (
        f"<cbc:ID>S</cbc:ID><cbc:Percent>{VAT_PERCENT}</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    )
