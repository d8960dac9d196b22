import hashlib
import json

import pytest

from models.contract.rejection import HEADERS, masked, rejected_headers
from models.refusal import Refused
from models.vocabulary import RejectionCode
from tests.unit.contract.builders import an_event, encoded


@pytest.mark.parametrize(
    "written", ["0101901234", "010190-1234", "010190 1234", "010190 - 1234", "010190–1234", "610190-1234"]
)
def test_a_cpr_number_is_masked_wherever_it_stands(written: str) -> None:
    value = json.dumps({"note": f"til {written}.", "lines": [{written: [written]}]}).encode()
    assert b"1234" not in masked(value)[0]


@pytest.mark.parametrize("digits", [101901234, 3112991234, 101901234.0])
def test_a_cpr_number_sent_as_a_number_is_masked(digits: float) -> None:
    assert masked(json.dumps({"order": digits}).encode())[0] == b'{"order":"**********"}'


@pytest.mark.parametrize("kept", ["4500012345", "5790000123456", "14111507", "2026-03-02T09:15:00"])
def test_numbers_that_are_none_stay(kept: str) -> None:
    value = json.dumps({"order": kept}).encode()
    assert masked(value) == (value, {})


def test_a_buyer_id_is_masked_at_any_depth() -> None:
    plain, headers = masked(encoded(an_event(extra=[{"Buyer": ["B-779"]}])))
    assert b"B-77" not in plain
    assert headers == {}


@pytest.mark.parametrize("data", ['{"buyer": "B-778"}', '[{"n": {"Buyer": "B-778"}}]', '{"buyer": "B-778"'])
def test_a_buyer_id_is_masked_in_json_that_was_sent_as_a_text(data: str) -> None:
    assert b"B-778" not in masked(json.dumps({"data": data}).encode())[0]


def test_a_text_in_brackets_that_names_nobody_stays() -> None:
    value = json.dumps({"data": ['[1, {"a": "b"}]', "[haster] papir"]}).encode()
    assert masked(value) == (value, {})


def test_json_in_texts_in_json_however_deep_is_answered() -> None:
    value = "1"
    for _ in range(12):
        value = json.dumps("[" * 150 + value + "]" * 150)
    assert masked(value.encode())[0]


def test_data_in_base64_is_masked_whole() -> None:
    assert masked(b'{"data_base64": "eyJidXllciI6ICJCLTc3OCJ9"}')[0] == b'{"data_base64":"**********"}'


def test_the_first_of_two_equal_keys_does_not_slip_through() -> None:
    assert b"B-1" not in masked(b'{"a": {"buyer": "B-1"}, "a": 1}')[0]


def test_escaped_digits_do_not_slip_through() -> None:
    assert masked(b'{"a": "\\u0030101901234"}')[0] == b'{"a":"**********"}'


def test_the_original_bytes_stay_where_nothing_is_masked() -> None:
    value = b'\xef\xbb\xbf{ "type" :  "order.lost" }\n'
    assert masked(value) == (value, {})


@pytest.mark.parametrize("value", [b"\xff\xfe\x00", b'{"buyer": "B-778"', b"[" * 100_000, b"0" * 5_000])
def test_what_cannot_be_parsed_is_left_out_with_hash_and_length(value: bytes) -> None:
    plain, headers = masked(value)
    assert plain == b""
    assert headers == {"sha256": hashlib.sha256(value).hexdigest().encode(), "length": str(len(value)).encode()}


@pytest.mark.parametrize("value", [None, b""])
def test_nothing_stays_nothing(value: bytes | None) -> None:
    assert masked(value) == (b"", {})


def test_a_long_value_is_cut_to_one_mebibyte_with_its_hash_and_length() -> None:
    value = json.dumps("ø" * 1_200_000, ensure_ascii=False).encode()
    plain, headers = masked(value)
    assert 1_048_570 < len(plain) <= 1_048_576
    assert headers["length"] == str(len(value)).encode()
    assert plain.decode()


def test_a_document_keeps_its_order_and_loses_its_persons() -> None:
    value = b"""<Order xmlns:cac="urn:c"><ID>4500012345</ID><Note>til 010190-1234</Note>
      <cac:OriginatorCustomerParty><ID>B-778</ID></cac:OriginatorCustomerParty></Order>"""
    plain, _ = masked(value)
    assert b"4500012345" in plain
    assert b"1234<" not in plain
    assert b"B-778" not in plain


def test_comments_and_instructions_around_a_document_lose_their_cpr_numbers_too() -> None:
    note = b"<!-- til 010190-1234 --><?til 010190-1234?>"
    assert b"1234" not in masked(note + b"<Order>" + note + b"</Order>" + note)[0]


def test_a_document_with_a_dtd_is_left_out() -> None:
    value = b'<!DOCTYPE a [<!ENTITY x "010190-1234">]><a>&x;</a>'
    assert masked(value)[0] == b""


def test_the_headers_say_why_and_which_record() -> None:
    refused = Refused(RejectionCode.BAD_VALUE, "data.unit", "is wrong.", "erp/kvantum", "")
    headers = rejected_headers(refused, topic="erp.purchases", partition=3, offset=17, time_ms=1_772_439_300_123)
    assert headers == {
        "code": b"bad_value",
        "field": b"data.unit",
        "message": b"data.unit is wrong.",
        "topic": b"erp.purchases",
        "partition": b"3",
        "offset": b"17",
        "time": b"2026-03-02T08:15:00.123Z",
        "source": b"erp/kvantum",
    }
    assert set(headers) <= set(HEADERS)
