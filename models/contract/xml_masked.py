"""Documents without personal data, for `erp.rejected`: CPR numbers, and everything that describes a person."""

from lxml import etree

from models.contract.personal import MASK, masked_text

PERSONS = frozenset({"OriginatorCustomerParty", "Contact", "Person", "CustomerReference"})
"""UBL elements that name the person who buys, or another one."""


def masked_xml(value: bytes) -> bytes | None:
    """The document with masks, or None if it is no XML, or XML with a DTD, which is never read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(value, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root.getroottree().docinfo.internalDTD is not None:
        return None
    for element in (*root.itersiblings(preceding=True), *root.itersiblings(), *root.iter()):  # comments around it too
        _mask(element, personal=_is_personal(element))
    return etree.tostring(root.getroottree(), encoding="utf-8", xml_declaration=True)


def _is_personal(element: etree._Element) -> bool:
    return any(_name(around) in PERSONS for around in (element, *element.iterancestors()))


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _mask(element: etree._Element, *, personal: bool) -> None:
    element.text = _masked(element.text, personal=personal)
    element.tail = _masked(element.tail, personal=False)
    for name, text in element.attrib.items():
        element.attrib[name] = masked_text(str(text))


def _masked(text: str | None, *, personal: bool) -> str | None:
    if not text or not text.strip():
        return text
    return MASK if personal else masked_text(text)
