from datetime import UTC, date, datetime

import pytest

from models.facts import Cancellation, Order, OrderChange
from models.vocabulary import RejectionCode
from tests.unit.documents.build import (
    BUYER,
    SELLER,
    amount,
    document,
    head,
    item,
    order,
    order_change,
    order_line,
    order_reference,
    read_as,
    refused,
)


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def issued_at(time: str) -> bytes:
    return order(top=f"<cbc:IssueTime>{time}</cbc:IssueTime>")


def test_a_time_without_offset_is_copenhagens() -> None:
    assert read_as(Order, issued_at("09:15:00")).stamp.time_ms == milliseconds(datetime(2026, 3, 2, 8, 15, tzinfo=UTC))


def test_a_time_with_an_offset_decides_the_day_in_copenhagen() -> None:
    found = read_as(Order, issued_at("23:30:00Z"))
    assert found.day == date(2026, 3, 3)
    assert found.stamp.time_ms == milliseconds(datetime(2026, 3, 2, 23, 30, tzinfo=UTC))


def test_without_a_time_the_day_begins_in_copenhagen() -> None:
    assert read_as(Order, order()).stamp.time_ms == milliseconds(datetime(2026, 3, 1, 23, tzinfo=UTC))


@pytest.mark.parametrize("time", ["09:15", "09:15:00.123456789", "09:15:00+01:00"])
def test_every_way_to_write_a_time_is_read(time: str) -> None:
    assert read_as(Order, issued_at(time)).stamp.time_ms // 1000 * 1000 == milliseconds(
        datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
    )


@pytest.mark.parametrize("time", ["25:00:00", "noon", "09:15:00+99:00", "9:15"])
def test_an_unreadable_time_is_refused_with_its_place(time: str) -> None:
    found = refused(issued_at(time))
    assert (found.code, found.field) == (RejectionCode.BAD_VALUE, "/Order/cbc:IssueTime")


@pytest.mark.parametrize("day", ["2026-02-30", "02-03-2026", "20260302", "2026-3-2", "today"])
def test_an_unreadable_day_is_refused_with_its_place(day: str) -> None:
    found = refused(document("Order", head(day=day), BUYER, SELLER, order_line()))
    assert (found.code, found.field) == (RejectionCode.BAD_VALUE, "/Order/cbc:IssueDate")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1969-12-31"])
def test_a_day_outside_of_any_purchase_is_out_of_range(day: str) -> None:
    assert refused(document("Order", head(day=day), BUYER, SELLER, order_line())).code == RejectionCode.OUT_OF_RANGE


def test_a_day_may_carry_an_offset() -> None:
    assert read_as(Order, document("Order", head(day="2026-03-02+01:00"), BUYER, SELLER, order_line())).day == date(
        2026, 3, 2
    )


@pytest.mark.parametrize("missing", ["cbc:ID", "cbc:IssueDate"])
def test_what_a_head_needs_is_refused_by_its_path_when_it_is_missing(missing: str) -> None:
    value = (
        order().replace(f"<{missing}>".encode(), b"<cbc:Note>", 1).replace(f"</{missing}>".encode(), b"</cbc:Note>", 1)
    )
    found = refused(value)
    assert (found.code, found.field) == (RejectionCode.MISSING_FIELD, f"/Order/{missing}")
    assert found.message


def test_an_order_is_version_0_a_change_its_sequence_and_a_cancellation_last() -> None:
    cancelled = document("OrderCancellation", head("CX"), order_reference("<cbc:ID>PO-1</cbc:ID>"), BUYER, SELLER)
    versions = [
        read_as(Order, order()).stamp.version,
        read_as(OrderChange, order_change(sequence="02")).stamp.version,
        read_as(OrderChange, order_change(sequence="9" * 18)).stamp.version,
        read_as(Cancellation, cancelled).stamp.version,
    ]
    assert versions[:2] == [0, 2]
    assert versions == sorted(versions)
    assert versions[-1] < 2**63


@pytest.mark.parametrize(
    ("sequence", "code"),
    [
        ("", RejectionCode.MISSING_FIELD),
        ("A", RejectionCode.BAD_VALUE),
        ("-1", RejectionCode.BAD_VALUE),
        ("1.0", RejectionCode.BAD_VALUE),
        ("²", RejectionCode.BAD_VALUE),
        ("9" * 19, RejectionCode.OUT_OF_RANGE),
        ("9" * 9_000, RejectionCode.OUT_OF_RANGE),
    ],
)
def test_an_unreadable_sequence_is_refused_with_the_field(sequence: str, code: RejectionCode) -> None:
    found = refused(order_change(sequence=sequence))
    assert (found.code, found.field) == (code, "/OrderChange/cbc:SequenceNumberID")


def test_the_event_id_is_the_uuid_in_lower_case_else_the_number() -> None:
    assert read_as(Order, order()).stamp.event_id == "PO-1"
    known = read_as(Order, order(top="<cbc:UUID>AB-1</cbc:UUID>"))
    assert (known.stamp.event_id, known.uuid) == ("ab-1", "ab-1")


def test_the_currency_is_the_documents_else_its_amounts_else_danish() -> None:
    lines = order_line(net="", more=amount("1", currency="SEK"))
    assert (
        read_as(
            Order, order(top="<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", lines=order_line(net=""))
        ).content.currency
        == "EUR"
    )
    assert read_as(Order, order(lines=lines)).content.currency == "SEK"
    bare = f"<cac:OrderLine><cac:LineItem><cbc:ID>1</cbc:ID>{item()}</cac:LineItem></cac:OrderLine>"
    assert read_as(Order, order(lines=bare)).content.currency == "DKK"


def test_an_amount_in_another_currency_than_the_documents_is_refused() -> None:
    found = refused(order(top="<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"))
    assert (found.code, found.field) == (
        RejectionCode.BAD_VALUE,
        "/Order/cac:OrderLine/cac:LineItem/cbc:LineExtensionAmount",
    )


def test_a_currency_of_no_three_letters_is_refused() -> None:
    assert (
        refused(order(top="<cbc:DocumentCurrencyCode>kroner</cbc:DocumentCurrencyCode>")).code
        == RejectionCode.BAD_VALUE
    )


@pytest.mark.parametrize("number", ["x" * 65, "a\u200bb"])
def test_a_number_that_is_no_identifier_is_refused(number: str) -> None:
    assert refused(order(number=number)).field == "/Order/cbc:ID"


def test_a_blanket_order_is_a_frame() -> None:
    assert read_as(Order, order(top="<cbc:OrderTypeCode>221</cbc:OrderTypeCode>")).frame
    assert not read_as(Order, order(top="<cbc:OrderTypeCode>220</cbc:OrderTypeCode>")).frame


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [
        (">100.00<", ">1000000000000.00<", "state a number below 10^12."),
        (">2026-03-02<", ">2.3.2026<", "state a day as YYYY-MM-DD."),
        (">2026-03-02<", ">0999-03-02<", "state a day between 1970 and 2199."),
    ],
)
def test_a_refusal_says_what_to_state_instead(before: str, after: str, asked: str) -> None:
    assert refused(order().replace(before.encode(), after.encode())).message.endswith(asked)


def test_a_placeholder_is_no_account() -> None:
    for text, account in (("2.3410", "2.3410"), ("N/A", None)):
        assert read_as(Order, order(f"<cbc:AccountingCost>{text}</cbc:AccountingCost>")).content.account == account
