"""A CPR number may come in anywhere; nothing that goes on holds it."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
import pytest

from models.contract.buyers import buyer_ids, without_ids
from models.contract.decode import decode_event
from models.contract.examples import inputs
from models.contract.rejection import masked, masked_key
from models.contract.unnamed import unnamed_text
from models.documents import NoPurchase, read_document
from models.facts import Decision, Invoice, Order
from models.files.answers import answers, figures
from models.reference.folder import read_folder
from models.refusal import RefusalError
from tests.unit.contract.builders import PSEUDONYM, an_event, decoded, encoded, refused
from tests.unit.contract.test_any_bytes import places, replaced
from tests.unit.documents.build import head, invoice, order, order_change, order_reference
from tests.unit.files.judged import judged, reference

CPR, BARE = "010190-1234", "0101901234"
AS_WRITTEN = (CPR, "010190 1234", "010190–1234", "010190 - 1234", f"F-{CPR}", f"{CPR}/7")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def outputs_of(name: str, value: bytes) -> bytes:
    found = judged((name, value))
    return b"\n".join((*answers(found), *figures(found, now=NOW), masked(value)[0]))


def holds_one(said: bytes) -> bool:
    return re.search(r"010190.{0,3}1234", said.decode()) is not None


def texts(event: Any) -> list[tuple[Any, ...]]:
    def at(place: tuple[Any, ...]) -> Any:
        found = event
        for step in place:
            found = found[step]
        return found

    return [place for place in places(event) if isinstance(at(place), str)]


def every_text(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for place in texts(value):
        for written in AS_WRITTEN:
            yield str(place), replaced(value, place, written)


@pytest.mark.parametrize("kind", sorted(inputs()))
def test_no_field_of_an_event_lets_one_through(kind: str) -> None:
    for place, event in every_text(an_event(kind)):
        assert not holds_one(outputs_of("e.json", encoded(event))), place


@pytest.mark.parametrize("make", [order, order_change, invoice])
def test_no_element_of_a_document_lets_one_through(make: Any) -> None:
    whole = make(
        order_reference("<cbc:ID>PO-9</cbc:ID><cbc:UUID>u</cbc:UUID>"),
        "<cac:Contract><cbc:ID>A-1</cbc:ID></cac:Contract>",
    )
    pieces = re.split(rb"(?<=>)([^<]+)(?=<)", whole)
    for place in range(1, len(pieces), 2):
        changed = b"".join([*pieces[:place], CPR.encode(), *pieces[place + 1 :]])
        assert not holds_one(outputs_of("d.xml", changed)), pieces[place - 1]


def test_the_same_number_still_meets_itself() -> None:
    placed = decoded(an_event(data__supplier=CPR, data__order="K-" + CPR))
    billed = decoded(an_event("invoice.received", data__supplier="010190 1234", data__order="K-010190–1234"))
    assert isinstance(placed, Order)
    assert isinstance(billed, Invoice)
    assert placed.content.suppliers == billed.content.suppliers == (PSEUDONYM(BARE),)
    assert placed.number == billed.number == f"K-{PSEUDONYM(BARE)}"


def test_it_meets_itself_in_the_reference_and_a_decision_finds_its_purchase() -> None:
    files = {"suppliers.csv": f"supplier,name,identifiers\nS-1,Frisør,{CPR}\n"}
    event = an_event(data__supplier=CPR, data__order=CPR, source="erp")
    decision = an_event("decision.made", data__purchase=f"erp~{CPR}", data__outcome="excluded", data__channel="grant")
    found = judged(("e.json", encoded([event, decision])), on=reference(files))
    (judgement,) = found.judgements
    assert (judgement.supplier, judgement.channel.value) == ("S-1", "grant")


def test_a_person_is_the_same_person_however_the_number_is_written() -> None:
    as_buyer = decoded(an_event(data__buyer=BARE))
    originator = f'<cac:Contact><cbc:ID schemeID="9901">{CPR}</cbc:ID></cac:Contact>'
    document = order(f"<cac:OriginatorCustomerParty><cac:Party>{originator}</cac:Party></cac:OriginatorCustomerParty>")
    asked_for = read_document(document, pseudonym=PSEUDONYM)
    assert isinstance(as_buyer, Order)
    assert isinstance(asked_for, Order)
    assert as_buyer.content.buyer == asked_for.content.buyer == PSEUDONYM(BARE)
    buyers = read_folder({"buyers.csv": f"buyer\n{CPR}\n".encode()}, pseudonym=PSEUDONYM).tables["buyers"]
    assert list(buyers) == [f"{PSEUDONYM(BARE)}|"]


@pytest.mark.parametrize(
    "kept",
    [
        "4500012345",
        "1003388394",
        "0101901234",
        "5790000123456",
        "DK12345678",
        "4500012345-0010",
        "320190-1234",
        "011390-1234",
        "a0010190-1234-4321-8765-0123456789ab",
        "2026-03-02T09:15:00",
    ],
)
def test_what_is_no_written_cpr_number_stays(kept: str) -> None:
    assert unnamed_text(f'{{"order":"{kept}"}}', pseudonym=PSEUDONYM) == f'{{"order":"{kept}"}}'


def test_ten_digits_in_free_text_are_masked() -> None:
    found = decoded(an_event(data__lines__0__description=f"Briller til {BARE}", data__requisition=BARE))
    assert BARE.encode() not in msgspec.json.encode(found)


def test_the_digest_of_what_held_a_number_is_keyed() -> None:
    value = encoded(an_event(data__supplier=CPR))
    one, other = (decode_event(value, headers={}, pseudonym=partial(key, "")) for key in (_first, _second))
    assert one.stamp.digest != other.stamp.digest


def _first(_: str, text: str) -> str:
    return f"1{text[::-1]}"


def _second(_: str, text: str) -> str:
    return f"2{text[::-1]}"


def test_a_refusal_and_its_key_hold_none() -> None:
    twice = [{"line": CPR, "net_amount": "1.00"}] * 2
    assert CPR not in refused(an_event(data__lines=twice)).message
    assert masked_key(f"PO {CPR}".encode()) == b"PO **********"
    assert masked_key(b"\xff4500012345") == b"\xff4500012345"
    assert masked_key(None) is None


@pytest.mark.parametrize("headers", [{}, {"ce_type": b"B-778", "ce_id": b"1", "ce_source": b"erp"}])
def test_an_unknown_type_is_not_quoted_as_it_may_be_a_buyer(headers: dict[str, bytes]) -> None:
    assert "B-778" not in refused(an_event(type="B-778"), headers).message


@pytest.mark.parametrize("field", ["data__channel", "data__placed_at", "data__lines__0__net_amount", "data__currency"])
def test_a_buyers_id_in_the_wrong_field_is_not_quoted_and_masked_there(field: str) -> None:
    event = an_event(**{field: "B-778", "data__buyer": "B-778"})
    assert "B-778" not in refused(event).message
    assert b"B-778" not in masked(encoded(event))[0]


def test_ids_of_four_characters_are_looked_for_the_longest_first() -> None:
    ids = buyer_ids({"data": {"buyer": " B-77 "}, "lines": [{"Buyer": ["B-778", "B-7"]}]})
    assert ids == {"B-77", "B-778"}
    assert without_ids("by B-778, B-7", ids) == "by **********, B-7"


def test_a_buyers_id_of_a_few_characters_masks_no_words() -> None:
    event = an_event(data__buyer="1", data__channel="one1")
    assert json.loads(masked(encoded(event))[0])["data"]["lines"][0]["line"] == "1"


def test_another_document_of_ubl_is_counted_without_its_content() -> None:
    value = order(top="<cbc:Note>til 010190-1234</cbc:Note>").replace(b"Order", b"Reminder")
    assert read_document(value, pseudonym=PSEUDONYM) == NoPurchase(kind="Reminder")


def test_a_document_that_is_refused_says_where_without_the_number() -> None:
    value = order(lines="<cac:OrderLine><cbc:Note/></cac:OrderLine>", number=CPR) + head().encode()
    with pytest.raises(RefusalError) as caught:
        read_document(value, pseudonym=PSEUDONYM)
    assert not holds_one(msgspec.json.encode(caught.value.refused))


def test_a_withdrawn_decision_names_its_purchase_alike() -> None:
    found = decoded(an_event("decision.withdrawn", data__purchase=f"erp~{CPR}"))
    assert isinstance(found, Decision)
    assert (found.purchase, found.number) == (f"erp~{PSEUDONYM(BARE)}", PSEUDONYM(BARE))
    assert json.loads(msgspec.json.encode(found))["purchase"] == found.purchase
