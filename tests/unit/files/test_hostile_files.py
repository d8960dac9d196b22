"""Whatever a file holds: one refusal for each thing in it that is none, and the others are judged."""

import json

import pytest

from models.files.judging import Judged
from models.vocabulary import RejectionCode
from tests.unit.contract.builders import REMOVED, a_line, an_event, encoded
from tests.unit.files.judged import judged, lines_of

BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
DTD = b'<?xml version="1.0"?><!DOCTYPE Order SYSTEM "http://127.0.0.1/x.dtd"><Order/>'


def code(result: Judged) -> RejectionCode:
    assert not result.judgements
    assert len(result.refused) == 1
    return result.refused[0].code


@pytest.mark.parametrize("name", ["x.json", "x.jsonl", "-"])
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", RejectionCode.EMPTY),
        (b" \n\n", RejectionCode.EMPTY),
        (b"not json at all", RejectionCode.NOT_JSON),
        (b'{"a":' * 100_000, RejectionCode.TOO_DEEP),
        (b"[" * 100_000, RejectionCode.TOO_DEEP),
        (b"\xff\xfe{\x00}\x00\n\x00", RejectionCode.NOT_TEXT),
        (b"\x00\x01\x02\xfe", RejectionCode.NOT_TEXT),
        (b"null", RejectionCode.MISSING_FIELD),
        (b"[]", RejectionCode.WRONG_TYPE),
        (b"5", RejectionCode.WRONG_TYPE),
        (encoded(an_event(data__lines__0__description="x" * 2_097_152)), RejectionCode.TOO_LARGE),
        (encoded(an_event(data__lines__0__net_amount=float("nan"))), RejectionCode.NOT_JSON),
        (encoded(an_event(data__lines__0__net_amount=10**30)), RejectionCode.OUT_OF_RANGE),
        (encoded(an_event(data__lines__0__net_amount=[])), RejectionCode.WRONG_TYPE),
        (encoded(an_event(data__lines="many")), RejectionCode.WRONG_TYPE),
        (encoded(an_event(data__unit=REMOVED)), RejectionCode.MISSING_FIELD),
        (encoded(an_event(type="order.imagined")), RejectionCode.UNKNOWN_TYPE),
        (encoded(an_event(data__lines=[a_line(), a_line()])), RejectionCode.DUPLICATE_LINE),
    ],
)
def test_an_event_that_is_none_is_one_refusal(name: str, content: bytes, expected: RejectionCode) -> None:
    assert code(judged((name, content))) is expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", RejectionCode.EMPTY),
        (b"not xml", RejectionCode.NOT_XML),
        (b"<open>", RejectionCode.NOT_XML),
        (BOMB, RejectionCode.FORBIDDEN_XML),
        (DTD, RejectionCode.FORBIDDEN_XML),
        (b"<a>" * 5_000, RejectionCode.TOO_DEEP),
        (b"<Order/>", RejectionCode.UNKNOWN_TYPE),
        (b"<a>" + b"x" * 2_097_152 + b"</a>", RejectionCode.TOO_LARGE),
    ],
)
def test_a_document_that_is_none_is_one_refusal(content: bytes, expected: RejectionCode) -> None:
    assert code(judged(("x.xml", content))) is expected


@pytest.mark.parametrize(
    "content", [b"", b"a;b;c\n1;2;3\n", b'type,source,id\n"open', b"\xff\xfe", b"type,source,id\n,,\n,x,\n"]
)
def test_a_table_that_is_none_is_one_refusal(content: bytes) -> None:
    code(judged(("x.csv", content)))


def test_what_is_wrong_with_one_line_is_said_of_that_line_and_the_others_are_judged() -> None:
    good, bad = an_event(data__order="1"), an_event(data__order="2", data__unit=REMOVED)
    result = judged(("events.jsonl", lines_of([good, bad]) + b"\n\n{broken\n"))
    assert [judgement.number for judgement in result.judgements] == ["1"]
    assert [(each.line, each.code.value, each.field) for each in result.refused] == [
        (2, "missing_field", "data.unit"),
        (4, "not_json", ""),
    ]
    assert result.refused[0].event_id == bad["id"]


def test_what_is_wrong_with_one_event_of_an_array_is_said_of_that_event() -> None:
    events = [an_event(data__order="1"), {"type": "x"}, an_event(data__order="3", id="e3")]
    result = judged(("batch.json", json.dumps(events, indent=1).encode()))
    assert [judgement.number for judgement in result.judgements] == ["1", "3"]
    assert [each.item for each in result.refused] == [2]


def test_an_order_dated_ahead_of_now_is_refused_as_in_the_stream() -> None:
    assert code(judged(("x.json", encoded(an_event(data__placed_at="2026-11-26T10:00:00+01:00"))))) is (
        RejectionCode.IN_THE_FUTURE
    )


def test_a_refusal_shows_no_buyer() -> None:
    result = judged(("x.json", encoded(an_event(data__buyer=["B-778"]))))
    assert "B-778" not in str(result.refused)
