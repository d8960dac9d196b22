import pytest

from models.documents import NoPurchase
from models.facts import Order
from models.vocabulary import RejectionCode
from tests.unit.documents.build import UBL, document, head, order, order_line, read, read_as, refused

ENVELOPE = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"


def text_of(value: bytes, *, encoding: str) -> bytes:
    return f'<?xml version="1.0" encoding="{encoding}"?>{value.decode()}'.encode(encoding)


@pytest.mark.parametrize("value", [None, b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_nothing_is_refused_as_empty(value: bytes | None) -> None:
    assert refused(value).code == RejectionCode.EMPTY


@pytest.mark.parametrize(
    "value", [b"{}", b"<Order>", b"<a/><b/>", b"\x00\xff", b"\xff\xfe", b"<a>&nothing;</a>", b"<a b='1' b='2'/>"]
)
def test_what_is_not_well_formed_is_refused_with_its_place(value: bytes) -> None:
    assert refused(value).code == RejectionCode.NOT_XML


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (b"<a>&nothing;</a>", "entity"),
        (b'<?xml version="1.0" encoding="UTF-8"?><a>bl\xe5b\xe6r</a>', "encoding"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "encoding"),
        (b"<a>\x01</a>", "character"),
        (b"<a><b></a>", "well-formed"),
    ],
)
def test_a_refusal_says_what_the_parser_stumbled_over(value: bytes, word: str) -> None:
    found = refused(value)
    assert word in found.message
    assert "line 1" in found.message


def test_a_document_type_is_refused_whatever_it_declares() -> None:
    assert refused(b"<!DOCTYPE Order>" + order()).code == RejectionCode.FORBIDDEN_XML


def test_an_entity_bomb_is_refused_before_it_grows() -> None:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE Order [<!ENTITY a0 "boom">{levels}]><Order x="&a11;">&a11;</Order>'
    assert refused(bomb.encode()).code == RejectionCode.FORBIDDEN_XML


def test_an_external_entity_is_never_fetched() -> None:
    outside = b'<!DOCTYPE Order [<!ENTITY file SYSTEM "file:///etc/hostname">]><Order>&file;</Order>'
    assert refused(outside).code == RejectionCode.FORBIDDEN_XML


def test_more_than_a_mebibyte_is_refused() -> None:
    assert refused(order() + b" " * 1_048_576).code == RejectionCode.TOO_LARGE


def test_a_hundred_levels_are_read_and_one_more_is_refused() -> None:
    assert refused(b"<a>" * 100 + b"</a>" * 100).code == RejectionCode.UNKNOWN_TYPE
    assert refused(b"<a>" * 101 + b"</a>" * 101).code == RejectionCode.TOO_DEEP


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_every_encoding_that_the_document_declares_is_read(encoding: str) -> None:
    line = order_line().replace("Kopipapir", "Ærø blåbær")
    assert read_as(Order, text_of(order(lines=line), encoding=encoding)).content.lines[0].description == "Ærø blåbær"


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf", b"\r\n", b"\xef\xbb\xbf\r\n"])
def test_byte_order_marks_and_space_before_the_declaration_do_not_matter(start: bytes) -> None:
    plain = text_of(order(), encoding="utf-8")
    assert read(start + plain) == read(plain)


def test_a_byte_order_mark_beats_a_wrong_declaration() -> None:
    line = order_line().replace("Kopipapir", "Ærø")
    value = b'\xef\xbb\xbf<?xml version="1.0" encoding="ISO-8859-1"?>' + order(lines=line)
    assert read_as(Order, value).content.lines[0].description == "Ærø"


def test_comments_instructions_character_data_and_space_do_not_matter() -> None:
    dressed = order().replace(
        b"<cbc:ID>PO-1</cbc:ID>", b"<!-- a --><?b c?>\n <cbc:ID>\n <![CDATA[PO]]><!-- d -->-1\t</cbc:ID>"
    )
    assert read(dressed) == read(order())


def test_prefixes_are_the_senders_to_choose() -> None:
    assert read(order().replace(b"cbc:", b"x:").replace(b":cbc=", b":x=")) == read(order())


def test_a_standard_business_document_is_unwrapped() -> None:
    wrapped = (
        f'<s:StandardBusinessDocument xmlns:s="{ENVELOPE}"><s:StandardBusinessDocumentHeader/>{order().decode()}'
        "</s:StandardBusinessDocument>"
    )
    assert read(wrapped.encode()) == read(order())


def test_an_empty_envelope_is_refused() -> None:
    wrapped = (
        f'<StandardBusinessDocument xmlns="{ENVELOPE}"><StandardBusinessDocumentHeader/></StandardBusinessDocument>'
    )
    found = refused(wrapped.encode())
    assert (found.code, found.field) == (RejectionCode.MISSING_FIELD, "/StandardBusinessDocument/*")


def test_an_envelope_of_two_documents_is_refused_as_none_may_be_lost() -> None:
    both = order().decode() * 2
    wrapped = f'<s:StandardBusinessDocument xmlns:s="{ENVELOPE}"><s:StandardBusinessDocumentHeader/>{both}</s:StandardBusinessDocument>'
    found = refused(wrapped.encode())
    assert (found.code, found.field) == (RejectionCode.BAD_VALUE, "/StandardBusinessDocument/*")
    assert "2 documents" in found.message


@pytest.mark.parametrize("kind", ["UtilityStatement", "ApplicationResponse", "Reminder", "DespatchAdvice", "Statement"])
def test_other_documents_of_ubl_are_no_purchases(kind: str) -> None:
    assert read(document(kind, head())) == NoPurchase(kind=kind)


def test_a_kind_that_is_no_name_of_ubl_is_counted_with_the_others() -> None:
    assert read(document("X010190-1234", head())) == NoPurchase(kind="Other")


def test_a_root_outside_of_ubl_is_an_unknown_type() -> None:
    assert refused(document("Order", head(), namespace="urn:example:orders")).code == RejectionCode.UNKNOWN_TYPE


def test_ubl_of_another_major_version_is_no_purchase() -> None:
    assert read(document("Order", head(), namespace=f"{UBL}Order-1.0")) == NoPurchase(kind="Order")


def test_a_refusal_names_the_document_and_its_source() -> None:
    found = refused(document("Order", "<cbc:ID>PO-7</cbc:ID>"))
    assert (found.source, found.event_id) == ("document", "PO-7")


def test_the_same_content_bears_the_same_digest_and_other_content_another() -> None:
    spaced = order().replace(b"><", b">\n  <")
    assert read_as(Order, spaced).stamp.digest == read_as(Order, order()).stamp.digest
    assert read_as(Order, order(lines=order_line(net="1.00"))).stamp.digest != read_as(Order, order()).stamp.digest
