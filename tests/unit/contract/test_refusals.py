import json
from typing import Any

import pytest

from models.vocabulary import RejectionCode as Code
from tests.unit.contract.builders import REMOVED, a_line, an_event, decoded, encoded, refused

NET = "data__lines__0__net_amount"
NET_PATH = "data.lines[0].net_amount"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"data__unit": REMOVED}, Code.MISSING_FIELD, "data.unit"),
        ({"data__unit": None}, Code.MISSING_FIELD, "data.unit"),
        ({"data__unit": "  "}, Code.MISSING_FIELD, "data.unit"),
        ({"data": REMOVED}, Code.MISSING_FIELD, "data"),
        ({"data": None}, Code.MISSING_FIELD, "data"),
        ({"id": REMOVED}, Code.MISSING_FIELD, "id"),
        ({"type": REMOVED}, Code.MISSING_FIELD, "type"),
        ({"type": "order.lost"}, Code.UNKNOWN_TYPE, "type"),
        ({"type": 5}, Code.UNKNOWN_TYPE, "type"),
        ({"data": []}, Code.WRONG_TYPE, "data"),
        ({"source": "document"}, Code.BAD_VALUE, "source"),
        ({"specversion": "0.3"}, Code.BAD_VALUE, "specversion"),
        ({"data__order": 4500012345}, Code.WRONG_TYPE, "data.order"),
        ({"data__order": ["1"]}, Code.WRONG_TYPE, "data.order"),
        ({"data__order": "x" * 65}, Code.BAD_VALUE, "data.order"),
        ({"data__order": "45\0"}, Code.BAD_VALUE, "data.order"),
        ({"data__order": "45\u200b01"}, Code.BAD_VALUE, "data.order"),
        ({"data__buyer": 101901234}, Code.WRONG_TYPE, "data.buyer"),
        ({NET: "1e999999"}, Code.BAD_VALUE, NET_PATH),
        ({NET: "NaN"}, Code.BAD_VALUE, NET_PATH),
        ({NET: "1.005"}, Code.BAD_VALUE, NET_PATH),
        ({NET: 0.1 + 0.2}, Code.BAD_VALUE, NET_PATH),
        ({NET: "1 000"}, Code.BAD_VALUE, NET_PATH),
        ({NET: "1.234,50"}, Code.BAD_VALUE, NET_PATH),
        ({NET: "١٢"}, Code.BAD_VALUE, NET_PATH),
        ({NET: "1_0"}, Code.BAD_VALUE, NET_PATH),
        ({NET: ""}, Code.BAD_VALUE, NET_PATH),
        ({NET: 10**30}, Code.OUT_OF_RANGE, NET_PATH),
        ({NET: 1e300}, Code.OUT_OF_RANGE, NET_PATH),
        ({NET: "1000000000000"}, Code.OUT_OF_RANGE, NET_PATH),
        ({NET: True}, Code.WRONG_TYPE, NET_PATH),
        ({NET: None}, Code.MISSING_FIELD, NET_PATH),
        ({NET: {}}, Code.WRONG_TYPE, NET_PATH),
        ({NET: "-1"}, Code.NEGATIVE_TOTAL, "data.lines"),
        ({"data__lines__0__quantity": "1.0000001"}, Code.BAD_VALUE, "data.lines[0].quantity"),
        ({"data__lines__0__base_quantity": "0.00"}, Code.OUT_OF_RANGE, "data.lines[0].base_quantity"),
        ({"data__lines__0__base_quantity": "-1"}, Code.OUT_OF_RANGE, "data.lines[0].base_quantity"),
        ({"data__lines__0__category": "UNSPSC:14"}, Code.WRONG_TYPE, "data.lines[0].category"),
        ({"data__lines__0__category": {"scheme": "CPV"}}, Code.MISSING_FIELD, "data.lines[0].category.code"),
        ({"data__lines": []}, Code.BAD_VALUE, "data.lines"),
        ({"data__lines": {}}, Code.WRONG_TYPE, "data.lines"),
        ({"data__lines": [5]}, Code.WRONG_TYPE, "data.lines[0]"),
        ({"data__lines": [a_line()] * 2_001}, Code.TOO_MANY_LINES, "data.lines"),
        ({"data__lines": [a_line(), a_line(line=" 1")]}, Code.DUPLICATE_LINE, "data.lines[1].line"),
        ({"data__currency": "kroner"}, Code.BAD_VALUE, "data.currency"),
        ({"data__exchange_rate": "0.00"}, Code.OUT_OF_RANGE, "data.exchange_rate"),
        ({"data__exchange_rate": "-7.46"}, Code.OUT_OF_RANGE, "data.exchange_rate"),
        ({"data__exchange_rate": "1234567"}, Code.OUT_OF_RANGE, "data.exchange_rate"),
        ({"data__version": 0}, Code.OUT_OF_RANGE, "data.version"),
        ({"data__version": 10**40}, Code.OUT_OF_RANGE, "data.version"),
        ({"data__version": "1"}, Code.WRONG_TYPE, "data.version"),
        ({"data__version": True}, Code.WRONG_TYPE, "data.version"),
        ({"data__version": 1.5}, Code.WRONG_TYPE, "data.version"),
        ({"data__frame": "yes"}, Code.WRONG_TYPE, "data.frame"),
        ({"data__channel": "fax"}, Code.BAD_VALUE, "data.channel"),
        ({"data__channel": 7}, Code.WRONG_TYPE, "data.channel"),
        ({"data__placed_at": "20260302"}, Code.BAD_VALUE, "data.placed_at"),
        ({"data__placed_at": "1772439300"}, Code.BAD_VALUE, "data.placed_at"),
        ({"data__placed_at": "02-03-2026 09:15"}, Code.BAD_VALUE, "data.placed_at"),
        ({"data__placed_at": "2026-02-30T09:15:00"}, Code.BAD_VALUE, "data.placed_at"),
        ({"data__placed_at": "0001-01-01T00:00:00+14:00"}, Code.OUT_OF_RANGE, "data.placed_at"),
        ({"data__placed_at": 1772439300}, Code.WRONG_TYPE, "data.placed_at"),
        ({"data__delivered_on": "2026-03-02T00:00:00"}, Code.BAD_VALUE, "data.delivered_on"),
        ({"time": "9999-12-31T23:59:59-12:00"}, Code.OUT_OF_RANGE, "time"),
    ],
)
def test_an_order_that_is_wrong_is_refused_at_its_field(changes: dict[str, Any], code: Code, field: str) -> None:
    answer = refused(an_event(**changes))
    assert (answer.code, answer.field) == (code, field)
    assert answer.message.endswith(".")


@pytest.mark.parametrize(
    ("kind", "changes", "code", "field"),
    [
        ("order.changed", {"data__version": REMOVED, "time": REMOVED}, Code.MISSING_FIELD, "time"),
        ("order.cancelled", {"data__version": REMOVED, "time": REMOVED}, Code.MISSING_FIELD, "time"),
        ("invoice.received", {"data__issued_on": REMOVED}, Code.MISSING_FIELD, "data.issued_on"),
        ("credit_note.received", {NET: "-49.00"}, Code.OUT_OF_RANGE, NET_PATH),
        ("decision.made", {"data__outcome": "fine"}, Code.BAD_VALUE, "data.outcome"),
        ("decision.made", {"data__channel": "fax"}, Code.BAD_VALUE, "data.channel"),
        ("decision.made", {"data__outcome": "catalogue"}, Code.BAD_VALUE, "data.channel"),
        ("decision.made", {"data__outcome": "excluded", "data__channel": None}, Code.MISSING_FIELD, "data.channel"),
        ("decision.made", {"data__reason": " "}, Code.MISSING_FIELD, "data.reason"),
        ("decision.made", {"data__decided_at": None, "time": None}, Code.MISSING_FIELD, "data.decided_at"),
        ("decision.made", {"data__purchase": "4500012345"}, Code.BAD_VALUE, "data.purchase"),
        ("decision.made", {"data__purchase": "erp/kvantum~1"}, Code.BAD_VALUE, "data.purchase"),
        ("decision.made", {"data__purchase": "a~%FF"}, Code.BAD_VALUE, "data.purchase"),
        ("decision.made", {"data__purchase": "a~%00"}, Code.BAD_VALUE, "data.purchase"),
        ("decision.made", {"data__on_version": -1}, Code.OUT_OF_RANGE, "data.on_version"),
    ],
)
def test_other_events_are_refused_at_their_field(kind: str, changes: dict[str, Any], code: Code, field: str) -> None:
    answer = refused(an_event(kind, **changes))
    assert (answer.code, answer.field) == (code, field)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (b"", Code.EMPTY),
        (b" \r\n", Code.EMPTY),
        (b"x" * 1_048_577, Code.TOO_LARGE),
        (b"x" * 2_097_152, Code.TOO_LARGE),
        (b"[" * 100_000, Code.TOO_DEEP),
        (b'{"data":' * 100_000, Code.TOO_DEEP),
        (b'{"a":' + b"[" * 300 + b"]" * 300 + b"}", Code.TOO_DEEP),
        (b"\xff\xfe{\x00}\x00", Code.NOT_TEXT),
        ('{"a": 1}'.encode("utf-16-be"), Code.NOT_TEXT),
        ('{"a": "ø"}'.encode("latin-1"), Code.NOT_TEXT),
        (b'{"a": "\\ud800"}', Code.NOT_TEXT),
        (b"<Order/>", Code.NOT_JSON),
        (b'{"a": 1,}', Code.NOT_JSON),
        (b'{"a": 1} {"a": 2}', Code.NOT_JSON),
        (b"order 4500012345", Code.NOT_JSON),
        (b'{"a": ' + b"1" * 5_000 + b"}", Code.OUT_OF_RANGE),
        (b"[]", Code.WRONG_TYPE),
        (b"5", Code.WRONG_TYPE),
        (b'"text"', Code.WRONG_TYPE),
        (b"null", Code.MISSING_FIELD),
        (b"{}", Code.MISSING_FIELD),
    ],
)
def test_bytes_that_are_no_event_are_refused(value: bytes, code: Code) -> None:
    assert refused(value).code is code


@pytest.mark.parametrize("literal", [b"NaN", b"Infinity", b"-Infinity"])
def test_what_json_does_not_know_is_refused_also_in_a_field_that_is_ignored(literal: bytes) -> None:
    value = encoded(an_event(data__weight="WEIGHT")).replace(b'"WEIGHT"', literal)
    assert refused(value).code is Code.NOT_JSON


def test_nan_as_a_word_in_a_description_is_fine() -> None:
    assert decoded(an_event(data__lines__0__description="NaN-Bread, Infinity Pack"))


def test_a_number_beyond_all_floats_is_out_of_range() -> None:
    value = encoded(an_event()).replace(b'"net_amount": "245.00"', b'"net_amount": 1e999999')
    assert refused(value).code is Code.OUT_OF_RANGE


def test_a_number_as_an_id_is_answered_with_the_id_in_quotes() -> None:
    assert 'Write it in quotes: "4500012345".' in refused(an_event(data__order=4500012345)).message


def test_the_sender_is_named_where_only_the_data_is_wrong() -> None:
    answer = refused(an_event(data__unit=REMOVED))
    assert (answer.source, answer.event_id) == ("erp/kvantum", "b7c1-0001")


def test_the_sender_is_named_where_the_rest_is_broken_off() -> None:
    answer = refused(encoded(an_event())[:400])
    assert (answer.code, answer.source, answer.event_id) == (Code.NOT_JSON, "erp/kvantum", "b7c1-0001")


def test_a_line_is_never_taken_for_the_event_in_a_broken_envelope() -> None:
    assert refused(b'{"data": {"lines": [{"id": "7", "source": "x"').event_id == ""


def test_the_sender_is_named_in_binary_mode() -> None:
    answer = refused({}, {"ce_type": b"order.placed", "ce_id": b"7", "ce_source": b"erp/kvantum"})
    assert (answer.field, answer.source, answer.event_id) == ("data.unit", "erp/kvantum", "7")


@pytest.mark.parametrize(
    ("headers", "code", "field"),
    [
        ({"ce_type": b"order.placed", "ce_id": b"1"}, Code.MISSING_FIELD, "ce_source"),
        ({"ce_specversion": b"1.0"}, Code.MISSING_FIELD, "ce_type"),
        ({"ce_type": b"order.lost"}, Code.UNKNOWN_TYPE, "ce_type"),
        ({"ce_type": b"\xff"}, Code.NOT_TEXT, "ce_type"),
        ({"ce_type": b"order.placed", "ce_id": b"1", "ce_source": b"s", "ce_time": b"now"}, Code.BAD_VALUE, "ce_time"),
        ({"ce_type": b"order.placed", "ce_id": b"1", "ce_source": b"document"}, Code.BAD_VALUE, "source"),
    ],
)
def test_attributes_in_headers_are_refused_by_name(headers: dict[str, bytes], code: Code, field: str) -> None:
    answer = refused(an_event()["data"], headers)
    assert (answer.code, answer.field) == (code, field)


def test_data_cannot_add_attributes_in_binary_mode() -> None:
    value = json.dumps(an_event()["data"]).encode() + b', "source": "another"'
    assert refused(value, {"ce_type": b"order.placed", "ce_id": b"1", "ce_source": b"s"}).code is Code.NOT_JSON


@pytest.mark.parametrize(
    "changes",
    [
        {"data__buyer": 101901234},
        {"data__buyer": ["0101901234"]},
        {"data__order": 1_101_901_234},
        {"data__channel": "010190-1234"},
        {NET: "0101901234 kr"},
        {"source": "erp 010190 1234", "data__unit": REMOVED},
    ],
)
def test_no_answer_repeats_a_cpr_number(changes: dict[str, Any]) -> None:
    answer = refused(an_event(**changes))
    said = f"{answer.message} {answer.source}".replace("-", "").replace(" ", "")
    assert "101901234" not in said


def test_the_most_lines_possible_are_refused_without_reading_them_all() -> None:
    value = b'{"type":"order.placed","id":"1","source":"s","data":{"lines":[' + b"{}," * 340_000 + b"{}]}}"
    assert refused(value).code is Code.MISSING_FIELD
